/** What each contestant in prediction is given, and how it is asked. */
import type { ModelSource } from '../../../src/engines/web/protocol.ts';

export interface Task {
  readonly backend: 'wasm' | 'webgpu';
  /** The published run as the drawing page knows it. */
  readonly model: ModelSource;
  /** Address of the same network as an ONNX file. */
  readonly onnx: string;
}

export interface Contestant {
  /** 28×28 bytes to ten probabilities, in a worker. */
  predict(image: Uint8Array<ArrayBuffer>): Promise<ArrayLike<number>>;
}
