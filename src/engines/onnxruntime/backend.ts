/**
 * tfjs's CPU backend with two more ways to hold a tensor: in a slab buffer (slab.ts), or row-major in an array of a
 * pool. Kernels that know them work on them; for every other kernel, the inherited ones among them, `values` is the
 * row-major array as ever, made when somebody asks for it.
 */
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { DataType, TensorInfo } from '@tensorflow/tfjs-core';

import { ArrayPool, type SlabBuffer, SlabPool } from './image-layout.ts';
import type { Team } from './thread-pool.ts';
import type { Workshop } from './workshop.ts';

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

/** Data of a tensor that lies in an array of the pool. */
class PooledData {
  readonly dtype = 'float32' as DataType;
  readonly array: Float32Array<SharedArrayBuffer>;
  refCount = 1;
  /** Whether somebody outside may hold the array, so that it must not be used again. */
  escaped = false;

  constructor(array: Float32Array<SharedArrayBuffer>) {
    this.array = array;
  }

  get values(): Float32Array {
    this.escaped = true;
    return this.array;
  }
}

export class OnnxRuntimeBackend extends MathBackendCPU implements Workshop {
  readonly team: Team;
  readonly slabs: SlabPool;
  readonly arrays = new ArrayPool();

  constructor(team: Team) {
    super();
    this.team = team;
    this.slabs = new SlabPool(team.parts);
    // The CPU backend would advise at its first use to install another one.
    Reflect.set(this, 'firstUse', false);
  }

  /**
   * Row-major values of a float32 tensor, to be read before the kernel that asks returns. Those of a tensor that was
   * integers once may be integers still: tfjs changes the type and leaves the values.
   */
  values(info: TensorInfo): Float32Array {
    const data = this.data.get(info.dataId);
    if (data instanceof PooledData) return data.array;
    const values = data.values as ArrayLike<number>;
    return values instanceof Float32Array ? values : Float32Array.from(values);
  }

  /** Lets a tensor have other data than it has. */
  #replace(dataId: object, data: SlabData | PooledData): void {
    // Else tfjs would count it twice.
    this.data.delete(dataId);
    this.data.set(dataId, data);
  }

  /** The same, in memory that threads share. */
  sharedValues(info: TensorInfo): Float32Array<SharedArrayBuffer> {
    const values = this.values(info);
    if (values.buffer instanceof SharedArrayBuffer) return values as Float32Array<SharedArrayBuffer>;
    const copy = this.arrays.take(values.length);
    copy.set(values);
    const { refCount } = this.data.get(info.dataId);
    const data = new PooledData(copy);
    data.refCount = refCount;
    this.#replace(info.dataId, data);
    return copy;
  }

  /** A new tensor over `values`. */
  wrap(values: Float32Array, shape: number[]): TensorInfo {
    return this.makeTensorInfo(shape, 'float32', values);
  }

  /** A new tensor in an array of the pool, which from then on belongs to it. */
  wrapArray(array: Float32Array<SharedArrayBuffer>, shape: number[]): TensorInfo {
    const info = this.makeTensorInfo(shape, 'float32');
    this.#replace(info.dataId, new PooledData(array));
    return info;
  }

  /** A new tensor in a slab buffer, which from then on belongs to it. */
  wrapSlab(slab: SlabBuffer): TensorInfo {
    const info = this.makeTensorInfo([...slab.layout.shape], 'float32');
    this.#replace(info.dataId, new SlabData(slab));
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
    const copy = this.slabs.take(info.shape).pack(this.values(info));
    try {
      return use(copy);
    } finally {
      this.slabs.give(copy);
    }
  }

  override disposeData(dataId: object, force = false): boolean {
    const data = this.data.has(dataId) ? this.data.get(dataId) : undefined;
    const disposed = super.disposeData(dataId, force);
    if (data && !this.data.has(dataId)) {
      if (data instanceof SlabData) this.slabs.give(data.slab);
      if (data instanceof PooledData && !data.escaped) this.arrays.give(data.array);
    }
    return disposed;
  }
}
