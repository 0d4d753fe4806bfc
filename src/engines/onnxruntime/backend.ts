/**
 * tfjs's CPU backend with two more ways to hold a tensor: in an image buffer (image-layout.ts), or row-major in an array
 * of a pool. Kernels that know them work on them; for every other kernel, the inherited ones among them, `values` is
 * the row-major array as always, made when it is asked for.
 */
import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import { type DataType, env, type TensorInfo } from '@tensorflow/tfjs-core';

import { sizeOf } from '../../math/arrays.ts';
import type { Kernel as AnyKernel, Kernels as AnyKernels } from '../kernel-registry.ts';
import { ArrayPool, type ImageBuffer, ImagePool } from './image-layout.ts';
import type { ThreadPool } from './thread-pool.ts';

export type Kernel = AnyKernel<OnnxRuntimeBackend>;
export type Kernels = AnyKernels<OnnxRuntimeBackend>;

/** A tensor is large if it has more elements than this. On smaller ones a call of ONNX Runtime costs more than the work. */
export const LARGE_FLAG = 'ONNXRUNTIME_LARGE';
env().registerFlag(LARGE_FLAG, () => 1 << 17);

export function isLarge({ shape, dtype }: TensorInfo): boolean {
  return dtype === 'float32' && sizeOf(shape) > env().getNumber(LARGE_FLAG);
}

/** Data of a tensor that lies in an image buffer. */
class BufferedImages {
  readonly dtype = 'float32' as DataType;
  readonly buffer: ImageBuffer;
  refCount = 1;
  #values: Float32Array | undefined;

  constructor(buffer: ImageBuffer) {
    this.buffer = buffer;
  }

  get values(): Float32Array {
    return (this.#values ??= this.buffer.unpack());
  }
}

/** Data of a tensor that lies in an array of the pool. */
class PooledValues {
  readonly dtype = 'float32' as DataType;
  readonly array: Float32Array<SharedArrayBuffer>;
  refCount: number;
  /** Whether other code may hold the array, so that it must not be used again. */
  escaped = false;

  constructor(array: Float32Array<SharedArrayBuffer>, refCount = 1) {
    this.array = array;
    this.refCount = refCount;
  }

  get values(): Float32Array {
    this.escaped = true;
    return this.array;
  }
}

export class OnnxRuntimeBackend extends MathBackendCPU {
  readonly threads: ThreadPool;
  readonly images: ImagePool;
  readonly arrays = new ArrayPool();

  constructor(threads: ThreadPool) {
    super();
    this.threads = threads;
    this.images = new ImagePool(threads.size);
    // The CPU backend would advise at its first use to install another one.
    Reflect.set(this, 'firstUse', false);
  }

  /**
   * Row-major values of a float32 tensor, to be read before the kernel that asks returns. Those of a tensor that was
   * integers once may be integers still: tfjs changes the type and leaves the values.
   */
  values(info: TensorInfo): Float32Array {
    const data = this.data.get(info.dataId);
    if (data instanceof PooledValues) return data.array;
    const values = data.values as ArrayLike<number>;
    return values instanceof Float32Array ? values : Float32Array.from(values);
  }

  /** The same, in memory that threads share. */
  sharedValues(info: TensorInfo): Float32Array<SharedArrayBuffer> {
    const values = this.values(info);
    if (values.buffer instanceof SharedArrayBuffer) return values as Float32Array<SharedArrayBuffer>;
    const copy = this.arrays.take(values.length);
    copy.set(values);
    this.#replace(info.dataId, new PooledValues(copy, this.data.get(info.dataId).refCount));
    return copy;
  }

  /** A new tensor over `values`. */
  wrap(values: Float32Array, shape: number[]): TensorInfo {
    return this.makeTensorInfo(shape, 'float32', values);
  }

  /** A new tensor in an array of the pool, which from then on belongs to it. */
  wrapArray(array: Float32Array<SharedArrayBuffer>, shape: number[]): TensorInfo {
    const info = this.makeTensorInfo(shape, 'float32');
    this.#replace(info.dataId, new PooledValues(array));
    return info;
  }

  /** A new tensor in an image buffer, which from then on belongs to it. */
  wrapImages(buffer: ImageBuffer): TensorInfo {
    const info = this.makeTensorInfo([...buffer.layout.shape], 'float32');
    this.#replace(info.dataId, new BufferedImages(buffer));
    return info;
  }

  /** The image buffer that a tensor lies in, if it does and has the buffer's own shape. */
  imagesOf(info: TensorInfo): ImageBuffer | undefined {
    const data = this.data.get(info.dataId);
    return data instanceof BufferedImages && data.buffer.layout.equals(info.shape) ? data.buffer : undefined;
  }

  /** Whether images lie in an image buffer, or are so many that it pays to copy them into one. */
  suitsImages(info: TensorInfo): boolean {
    return this.imagesOf(info) !== undefined || (info.shape.length === 4 && isLarge(info));
  }

  /** Calls `use` with the tensors' image buffers, or with copies in buffers for as long as the call lasts. */
  withImages<Infos extends readonly TensorInfo[], Result>(
    infos: readonly [...Infos],
    use: (...images: { [Index in keyof Infos]: ImageBuffer }) => Result,
  ): Result {
    const copies: ImageBuffer[] = [];
    const copyOf = (info: TensorInfo): ImageBuffer => {
      const copy = this.images.take(info.shape);
      copies.push(copy);
      return copy.pack(this.values(info));
    };
    try {
      const buffers = infos.map((info) => this.imagesOf(info) ?? copyOf(info));
      return use(...(buffers as { [Index in keyof Infos]: ImageBuffer }));
    } finally {
      for (const copy of copies) this.images.give(copy);
    }
  }

  /** Gives a tensor other data than it has. */
  #replace(dataId: object, data: BufferedImages | PooledValues): void {
    // Else tfjs would count it twice.
    this.data.delete(dataId);
    this.data.set(dataId, data);
  }

  override disposeData(dataId: object, force = false): boolean {
    const data = this.data.has(dataId) ? this.data.get(dataId) : undefined;
    const disposed = super.disposeData(dataId, force);
    if (data && !this.data.has(dataId)) {
      if (data instanceof BufferedImages) this.images.give(data.buffer);
      if (data instanceof PooledValues && !data.escaped) this.arrays.give(data.array);
    }
    return disposed;
  }
}
