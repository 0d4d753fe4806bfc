/** Programs in WGSL, run by tfjs's webgpu backend. */
import type * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '../../math/arrays.ts';

/** What a program's arithmetic gets beside its inputs, by name. */
export type Uniforms = Readonly<Record<string, { type: 'int32' | 'float32'; data: number[] }>>;

export const int = (...data: number[]): Uniforms[string] => ({ type: 'int32', data });
export const float = (...data: number[]): Uniforms[string] => ({ type: 'float32', data });

/** The inputs, by name. Each must be read by the program: the layout of its bindings has no others. */
export type Inputs = Readonly<Record<string, tf.TensorInfo>>;

export interface Program {
  /** Programs of one key, of inputs of one rank and with uniforms of one kind are compiled once. */
  readonly key: string;
  readonly outputShape: number[];
  readonly workgroupSize: [number, number, number];
  /** Which axes of the output the workgroups are counted along. */
  readonly layout: { x: number[]; y?: number[]; z?: number[] };
  readonly workgroups: [number, number, number];
  /** Whether `uniforms.size` is wanted, the output's number of elements. */
  readonly size?: boolean;
  readonly wgsl: string;
}

/** Of tfjs's webgpu backend; none of this is in its public types. */
export interface WebGpuBackend extends tf.KernelBackend {
  runWebGPUProgram(
    program: {
      variableNames: string[];
      uniforms: string;
      outputShape: number[];
      workgroupSize: [number, number, number];
      dispatchLayout: { x: number[]; y?: number[]; z?: number[] };
      dispatch: [number, number, number];
      shaderKey: string;
      size: boolean;
      getUserCode(): string;
    },
    inputs: readonly tf.TensorInfo[],
    dtype: tf.DataType,
    uniforms: readonly Uniforms[string][],
  ): tf.TensorInfo;
  disposeData(dataId: object, force?: boolean): boolean;
}

const declaration = ([name, { type, data }]: [string, Uniforms[string]]): string => {
  const scalar = type === 'int32' ? 'i32' : 'f32';
  return `${name} : ${data.length === 1 ? scalar : `vec${data.length}<${scalar}>`},`;
};

/** @returns a float32 tensor, the caller's */
export function run(gpu: WebGpuBackend, program: Program, inputs: Inputs, uniforms: Uniforms): tf.TensorInfo {
  return gpu.runWebGPUProgram(
    {
      variableNames: Object.keys(inputs),
      uniforms: Object.entries(uniforms).map(declaration).join(' '),
      outputShape: program.outputShape,
      workgroupSize: program.workgroupSize,
      dispatchLayout: program.layout,
      dispatch: program.workgroups,
      shaderKey: program.key,
      size: program.size ?? false,
      getUserCode: () => program.wgsl,
    },
    Object.values(inputs),
    'float32',
    Object.values(uniforms),
  );
}

/** Threads of a workgroup; every device has as many. */
const THREADS = 256;

/**
 * Runs a thread for each element of the output.
 * @param value WGSL that returns the element at `index`
 * @returns a float32 tensor, the caller's
 */
export function elementwise(
  gpu: WebGpuBackend,
  key: string,
  outputShape: number[],
  inputs: Inputs,
  uniforms: Uniforms,
  value: string,
): tf.TensorInfo {
  const size = sizeOf(outputShape);
  const program: Program = {
    key,
    outputShape,
    workgroupSize: [THREADS, 1, 1],
    layout: { x: outputShape.map((_, axis) => axis) },
    workgroups: [Math.ceil(size / THREADS), 1, 1],
    size: true,
    wgsl: /* wgsl */ `
      fn valueAt(index : i32) -> f32 {
        ${value}
      }

      fn main(index : i32) {
        if (index < uniforms.size) {
          result[index] = valueAt(index);
        }
      }
    `,
  };
  return run(gpu, program, inputs, uniforms);
}

/** The sum over the first axis of a tensor [parts, ...shape]. @returns a float32 tensor, the caller's */
export function sumOfParts(
  gpu: WebGpuBackend,
  partial: tf.TensorInfo,
  parts: number,
  shape: number[],
): tf.TensorInfo {
  return elementwise(
    gpu,
    'sumOfParts',
    shape,
    { partial },
    { parts: int(parts) },
    /* wgsl */ `
      var sum = 0.0;
      for (var part = 0; part < uniforms.parts; part++) {
        sum += partial[part * uniforms.size + index];
      }
      return sum;
    `,
  );
}
