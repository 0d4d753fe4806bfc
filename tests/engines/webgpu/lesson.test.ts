/** A lesson on WebGPU: what it teaches, and what it leaves in the GPU's memory. */
import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { activateCpu } from '../../../src/engines/node/tfjs.ts';
import { activate } from '../../../src/engines/node/webgpu.ts';
import { FineTuning, type Lesson, type Mode } from '../../../src/training/fine-tuning.ts';
import { initialise } from '../../../src/network/initialise.ts';
import { Random } from '../../../src/math/random.ts';
import { noTestGpu } from '../../test-gpu.ts';
import { tinyArchitecture } from '../../network/tiny.ts';

const architecture = tinyArchitecture(0.25);
const IMAGES = 20;
const BATCH = 10;
/** Of the test of memory. `MEMORY_STEPS=500` looks for longer than the software adapter's speed allows each time. */
const STEPS = Number(process.env['MEMORY_STEPS'] ?? 60);

function makeLesson(mode: Mode, epochs: number): Lesson {
  const random = new Random(1);
  return {
    mode,
    images: Uint8Array.from({ length: IMAGES * 7 * 7 }, () => random.below(256)),
    labels: Uint8Array.from({ length: IMAGES }, (_, i) => i % 10),
    epochs,
    batchSize: BATCH,
    learningRate: 3e-3,
    augmentation: null,
    fresh: false,
    seed: 5,
  };
}

async function begin(mode: Mode, epochs: number): Promise<FineTuning> {
  const tuning = new FineTuning(architecture, initialise(architecture, 3), makeLesson(mode, epochs));
  await tuning.prepare();
  return tuning;
}

/** The losses of a lesson's steps. @param watch is told of each step that is done */
async function losses(tuning: FineTuning, watch?: (step: number) => void): Promise<number[]> {
  const found: number[] = [];
  while (!tuning.done) {
    const event = await tuning.next();
    if (event.type !== 'batch') continue;
    found.push(event.loss);
    watch?.(found.length);
  }
  return found;
}

// First of all: it sees only the buffers that are made under its eyes.
it.for(['head', 'all'] as const)(
  `keeps no tensor and no buffer more in ${STEPS} steps of the %s`,
  { timeout: 30_000 + 2_000 * STEPS },
  async (mode, test) => {
    if (noTestGpu) test.skip(noTestGpu);
    await activate(true);
    const { device } = tf.backend() as tf.KernelBackend & { device: GPUDevice };
    // tfjs keeps buffers to use them again: only the device knows how many there are.
    let buffers = 0;
    const createBuffer = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      const buffer = createBuffer(descriptor);
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        buffers--;
        return destroy();
      };
      buffers++;
      return buffer;
    };
    const tuning = await begin(mode, (STEPS * BATCH) / IMAGES);
    const counts: Record<number, object> = {};
    await losses(tuning, (step) => {
      const { numTensors, numDataBuffers, numBytes } = tf.memory();
      if (step === 20 || step === STEPS) counts[step] = { numTensors, numDataBuffers, numBytes, buffers };
    });
    tuning.dispose();
    device.createBuffer = createBuffer;
    expect(buffers).toBeGreaterThan(0);
    expect(counts[STEPS]).toEqual(counts[20]);
  },
);

it.for(['head', 'all'] as const)(
  'teaches the %s what the CPU teaches it, left and taken up too',
  async (mode, test) => {
    if (noTestGpu) test.skip(noTestGpu);
    await activate(true);
    const gpu = await begin(mode, 3);
    // An epoch of two steps, its end, and a step.
    for (let event = 0; event < 4; event++) await gpu.next();
    const state = structuredClone(await gpu.state());
    const found = [...state.batches.map(({ loss }) => loss), ...(await losses(gpu))];
    gpu.dispose();
    const again = await begin(mode, 3);
    again.restore(state);
    expect(await losses(again)).toEqual(found.slice(state.step));
    again.dispose();
    await activateCpu();
    const cpu = await begin(mode, 3);
    const expected = await losses(cpu);
    cpu.dispose();
    expect(found.length).toBe(6);
    found.forEach((loss, step) => expect(Math.abs(loss - expected[step]!)).toBeLessThan(1e-3));
  },
);
