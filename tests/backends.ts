import * as onnxruntime from '../src/engines/node/onnxruntime.ts';
import { activateCpu, activateWasm } from '../src/engines/node/tfjs.ts';
import * as webgpu from '../src/engines/node/webgpu.ts';
import { noTestGpu } from './test-gpu.ts';

/** A backend on which this machine can run the model's tests. */
export interface TestBackend {
  readonly name: string;
  /** Makes it the current one. */
  readonly activate: () => Promise<unknown>;
  /** Whether a pass of the report's whole network takes seconds, not minutes. */
  readonly fast: boolean;
}

/** For `describe.each`. */
export const backends: TestBackend[] = [
  { name: 'cpu', activate: activateCpu, fast: false },
  { name: 'onnxruntime', activate: () => onnxruntime.activate(2), fast: true },
  { name: 'wasm', activate: activateWasm, fast: true },
  ...(noTestGpu ? [] : [{ name: 'webgpu', activate: () => webgpu.activate(true), fast: true }]),
];

/** Those on which some dozen steps of a tiny network take seconds, not minutes: all but the GPU in software. */
export const brisk = backends.filter(({ name }) => name !== 'webgpu');
