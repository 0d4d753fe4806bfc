/** Sums along axes on WebGPU; tfjs's kernel lets the threads of a workgroup wait for each other at every halving. */
import * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '../../math/arrays.ts';
import type { Kernels } from '../kernel-registry.ts';
import { elementwise, holdsFloats, int, sumOfParts, type WebGpuBackend } from './program.ts';

export const sumKernels: Kernels<WebGpuBackend> = {
  /** Where the axes are neighbours. */
  Sum({ inputs, attributes, backend }) {
    const { x } = inputs as { x: tf.TensorInfo };
    const { axis, keepDims } = attributes as unknown as tf.SumAttrs;
    const axes = tf.util.parseAxisParam(axis, x.shape).sort((a, b) => a - b);
    const neighbours = axes.every((each, i) => each === axes[0]! + i);
    if (!holdsFloats(backend, x) || !neighbours || axes.length === 0 || x.shape.includes(0)) return undefined;
    const outer = x.shape.slice(0, axes[0]);
    const inner = x.shape.slice(axes.at(-1)! + 1);
    const kept = axes.map(() => 1);
    const shape = keepDims ? [...outer, ...kept, ...inner] : [...outer, ...inner];
    const parts = sizeOf(axes.map((each) => x.shape[each]!));
    if (sizeOf(outer) === 1) return { ...sumOfParts(backend, x, parts, [sizeOf(inner)]), shape };
    return elementwise(
      backend,
      'sum',
      shape,
      { x },
      { parts: int(parts), inner: int(sizeOf(inner)) },
      /* wgsl */ `
        let first = index / uniforms.inner * uniforms.parts * uniforms.inner + index % uniforms.inner;
        var sum = 0.0;
        for (var part = 0; part < uniforms.parts; part++) {
          sum += x[first + part * uniforms.inner];
        }
        return sum;
      `,
    );
  },
};
