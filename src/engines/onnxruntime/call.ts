import type { TensorInfo } from '@tensorflow/tfjs-core';

import type { OnnxRuntimeBackend } from './backend.ts';

/** A call of a kernel of this backend. */
export interface Call {
  inputs: Record<string, TensorInfo>;
  attributes: Record<string, unknown>;
  backend: OnnxRuntimeBackend;
}

/** The result, or nothing when the case is one for the inherited kernel. */
export type Kernel = (call: Call) => TensorInfo | TensorInfo[] | undefined;
