/**
 * tfjs's CPU backend with a second way to hold a tensor: in a slab buffer (slab.ts). Kernels that know slabs work on
 * them; for every other kernel, the inherited ones among them, `values` is the row-major array as ever, made when
 * somebody asks for it.
 */
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';

import { type SlabBuffer, SlabPool } from './slab.ts';

/** Data of a tensor that lies in a slab buffer. */
class SlabData {
  readonly dtype = 'float32' as DataType;
  readonly slab: SlabBuffer;
  refCount = 1;
  #values: Float32Array | undefined;

  constructor(slab: SlabBuffer) {
    this.slab = slab;
  }

  get values(): Float32Array {
    return (this.#values ??= this.slab.unpack());
  }
}

export class OnnxRuntimeBackend extends MathBackendCPU {
  readonly pool = new SlabPool();

  constructor() {
    super();
    // The CPU backend would advise at its first use to install another one.
    Reflect.set(this, 'firstUse', false);
  }

  /** Row-major values of a float32 tensor. */
  values(info: TensorInfo): Float32Array {
    return this.data.get(info.dataId).values as Float32Array;
  }

  /** A new tensor over `values`. */
  wrap(values: Float32Array, shape: number[]): TensorInfo {
    return this.makeTensorInfo(shape, 'float32', values);
  }

  /** A new tensor in a slab buffer, which from then on belongs to it. */
  wrapSlab(slab: SlabBuffer): TensorInfo {
    const info = this.makeTensorInfo([...slab.layout.shape], 'float32');
    this.data.set(info.dataId, new SlabData(slab));
    return info;
  }

  /** The slab buffer that a tensor lies in, if it does and has the buffer's own shape. */
  slabOf(info: TensorInfo): SlabBuffer | undefined {
    const data = this.data.get(info.dataId);
    return data instanceof SlabData && data.slab.layout.equals(info.shape) ? data.slab : undefined;
  }

  /** Calls `use` with the tensor's slab buffer, or with a copy of it in one for as long as the call lasts. */
  withSlab<Result>(info: TensorInfo, use: (slab: SlabBuffer) => Result): Result {
    const own = this.slabOf(info);
    if (own) return use(own);
    const copy = this.pool.take(info.shape).pack(this.values(info));
    try {
      return use(copy);
    } finally {
      this.pool.give(copy);
    }
  }

  override disposeData(dataId: object, force = false): boolean {
    const data = this.data.has(dataId) ? this.data.get(dataId) : undefined;
    const disposed = super.disposeData(dataId, force);
    if (data instanceof SlabData && !this.data.has(dataId)) this.pool.give(data.slab);
    return disposed;
  }
}
