import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { Signal, waitUntilDone } from '../../../src/engines/onnxruntime/thread-pool.ts';

test('being woken is not yet being done: a late call for an earlier job ends no wait', async () => {
  const signal = new Int32Array(new SharedArrayBuffer(8));
  signal[0] = Signal.Busy;
  // Wakes twice while the job is still being done, then says that it is done; the second number keeps count.
  const worker = new Worker(
    `const { workerData: signal } = require('node:worker_threads');
     const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
     for (let i = 0; i < 2; i++) {
       pause(50);
       Atomics.add(signal, 1, Atomics.notify(signal, 0) === 1 ? 1 : 0);
     }
     pause(50);
     Atomics.store(signal, 0, ${Signal.Idle});
     Atomics.notify(signal, 0);`,
    { eval: true, workerData: signal },
  );
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  expect(waitUntilDone(signal)).toBe(Signal.Idle);
  expect(Atomics.load(signal, 1), 'it was woken before').toBeGreaterThan(0);
  await ended;
});
