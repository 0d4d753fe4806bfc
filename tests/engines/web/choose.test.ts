import { expect, it, vi } from 'vitest';
import { Unavailable } from '../../../src/engines/backends.ts';
import { choose } from '../../../src/engines/web/choose.ts';

const started = vi.hoisted(() => [] as string[]);
vi.mock('../../../src/engines/web/backends.ts', () => {
  const start = (name: string) => () => {
    started.push(name);
    if (name === 'webgpu') throw new Unavailable('not in this browser');
    return { device: 'any', lost: new Promise(() => undefined) };
  };
  return { START: { webgpu: start('webgpu'), webgl: start('webgl'), wasm: start('wasm') } };
});
vi.mock('@tensorflow/tfjs-core', () => ({
  findBackendFactory: () => undefined,
  setBackend: () => undefined,
}));
vi.mock('../../../src/engines/self-test.ts', () => ({
  SelfTestError: Error,
  testOperations: () => undefined,
  testProbabilities: () => undefined,
}));
vi.mock('../../../src/engines/web/predictor.ts', () => ({
  compilePrediction: () => undefined,
  Predictor: class {
    predict = () => [];
    dispose = () => undefined;
  },
}));

it.each([
  [false, 'webgl', ['webgpu', 'webgl']],
  [true, 'wasm', ['webgpu', 'wasm']],
])('without WebGPU, training %s: %s', async (training, expected, tried) => {
  started.length = 0;

  const preference = { forced: null, avoid: [], threads: false, training };
  const { backend } = await choose(Promise.resolve({} as never), {} as never, preference, () => undefined);
  expect(backend.name).toBe(expected);
  expect(started).toEqual(tried);
});

it('backends start while the network loads; what fails in loading is no backend’s fault', async () => {
  started.length = 0;
  const preference = { forced: null, avoid: [], threads: false, training: false };
  const loading = Promise.withResolvers<never>();
  const chosen = choose(loading.promise, {} as never, preference, () => undefined);
  await vi.waitFor(() => expect(started).toEqual(['webgpu', 'webgl']));
  loading.reject(new Error('the server answered 503'));
  await expect(chosen).rejects.toThrow('the server answered 503');
  expect(started).toEqual(['webgpu', 'webgl']);
});
