import { expect, it, vi } from 'vitest';
import { activateBackend } from '../../../src/engines/node/choose.ts';
import { isMemoryError } from '../../../src/node/memory.ts';

// As on a platform for which ONNX Runtime brings no library.
vi.mock('onnxruntime-node/dist/binding.js', () => {
  throw new Error("Cannot find module '../bin/napi-v6/plan9/mips/onnxruntime_binding.node'");
});

it('without a library of ONNX Runtime one sentence says so, and auto goes on to the next backend', async () => {
  const failure = await activateBackend('onnxruntime').catch((error: unknown) => error as Error);
  expect((failure as Error).message).toMatch(
    /^The backend "onnxruntime" cannot be used: ONNX Runtime's library does not load on \w+ \w+ \(.+\); run "npm ci" again if this machine has changed, or choose another \(--backend auto takes "\w+"\)\.$/s,
  );
  expect(isMemoryError(failure)).toBe(false);
  const { name, passedOver } = await activateBackend('auto');
  expect(name).not.toBe('onnxruntime');
  if (name === 'wasm')
    expect(passedOver.at(-1)).toMatchObject({
      name: 'onnxruntime',
      reason: expect.stringContaining('does not load') as string,
    });
});
