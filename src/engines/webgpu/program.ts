/** Programs in WGSL, run by tfjs's webgpu backend. */
import * as tf from '@tensorflow/tfjs-core';
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
  readonly device: GPUDevice;
  readonly tensorMap: { get(dataId: object): { resource: GPUBuffer } };
  /** Data that the commands use which are not submitted yet. */
  readonly commandQueueOwnedIds: WeakSet<object>;
  readonly commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  makeTensorInfo(shape: number[], dtype: tf.DataType): tf.TensorInfo;
  uploadToGPU(dataId: object): void;
  makeUniforms(uniforms: readonly Uniforms[string][]): GPUBufferBinding;
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
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
      size: false,
      getUserCode: () => program.wgsl,
    },
    Object.values(inputs),
    'float32',
    Object.values(uniforms),
  );
}

/** Threads of a workgroup; every device has as many. */
const THREADS = 256;
/** Where each thread keeps many sums in registers. */
const FEW_THREADS = 64;

/**
 * Runs so many threads, which share nothing: no thread waits for another. A GPU in software runs the threads of a
 * workgroup one after another, and to let all of them reach a barrier costs it more than any arithmetic.
 * @param options.declarations WGSL of constants and functions that `body` uses
 * @param options.heavy whether a thread keeps many numbers
 * @param body WGSL that writes to `result` what thread `index` has to
 * @returns a float32 tensor, the caller's
 */
export function eachThread(
  gpu: WebGpuBackend,
  key: string,
  outputShape: number[],
  threads: number,
  inputs: Inputs,
  uniforms: Uniforms,
  body: string,
  { declarations = '', heavy = false } = {},
): tf.TensorInfo {
  const workgroup = heavy ? FEW_THREADS : THREADS;
  const program: Program = {
    key,
    outputShape,
    workgroupSize: [workgroup, 1, 1],
    layout: { x: outputShape.map((_, axis) => axis) },
    workgroups: [Math.ceil(threads / workgroup), 1, 1],
    wgsl: /* wgsl */ `
      ${declarations}
      fn main(index : i32) {
        if (index < uniforms.threads) {
          ${body}
        }
      }
    `,
  };
  return run(gpu, program, inputs, { threads: int(threads), ...uniforms });
}

/**
 * Runs a thread for each element of the output.
 * @param value WGSL that returns the element at `index`; there are `uniforms.threads` of them
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
  return eachThread(
    gpu,
    key,
    outputShape,
    sizeOf(outputShape),
    inputs,
    uniforms,
    'result[index] = valueAt(index);',
    { declarations: `fn valueAt(index : i32) -> f32 {${value}}` },
  );
}

const pipelines = new WeakMap<GPUDevice, Map<string, GPUComputePipeline>>();

/**
 * Runs a thread for each element of tensors of one shape, and gives several results, which tfjs's programs cannot.
 * @param outputs the results' names
 * @param uniforms numbers by name
 * @param body WGSL that writes element `index` of each result
 * @returns float32 tensors of that shape, the caller's
 */
export function elementwiseResults(
  gpu: WebGpuBackend,
  key: string,
  shape: number[],
  inputs: Inputs,
  outputs: readonly string[],
  uniforms: Readonly<Record<string, number>>,
  body: string,
): tf.TensorInfo[] {
  const results = outputs.map(() => gpu.makeTensorInfo(shape, 'float32'));
  const tensors = [...results, ...Object.values(inputs)];
  for (const { dataId } of tensors) gpu.uploadToGPU(dataId);
  const { device } = gpu;
  let known = pipelines.get(device);
  if (!known) pipelines.set(device, (known = new Map<string, GPUComputePipeline>()));
  let pipeline = known.get(key);
  if (!pipeline) {
    const names = [...outputs, ...Object.keys(inputs)];
    const buffers = names.map((name, i) => {
      const access = i < outputs.length ? 'read_write' : 'read';
      return `@group(0) @binding(${i}) var<storage, ${access}> ${name} : array<f32>;`;
    });
    const code = /* wgsl */ `
      ${buffers.join('\n')}
      struct Uniforms { size : i32, ${Object.keys(uniforms)
        .map((name) => `${name} : f32`)
        .join(', ')} }
      @group(0) @binding(${names.length}) var<uniform> uniforms : Uniforms;
      @compute @workgroup_size(${THREADS})
      fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(num_workgroups) groups : vec3<u32>, @builtin(local_invocation_index) thread : u32) {
        let index = i32((group.y * groups.x + group.x) * ${THREADS} + thread);
        if (index < uniforms.size) {
          ${body}
        }
      }
    `;
    const module = device.createShaderModule({ code, label: key });
    pipeline = device.createComputePipeline({
      layout: 'auto',
      label: key,
      compute: { module, entryPoint: 'main' },
    });
    known.set(key, pipeline);
  }
  const size = sizeOf(shape);
  const bound = [
    ...tensors.map(({ dataId }) => ({ buffer: gpu.tensorMap.get(dataId).resource })),
    gpu.makeUniforms([int(size), ...Object.values(uniforms).map((value) => float(value))]),
  ];
  const entries = bound.map((resource, binding) => ({ binding, resource }));
  const workgroups = Math.ceil(size / THREADS);
  const across = Math.min(workgroups, device.limits.maxComputeWorkgroupsPerDimension);
  gpu.ensureCommandEncoderReady();
  const pass = (gpu.computePassEncoder ??= gpu.commandEncoder!.beginComputePass());
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(across, Math.ceil(workgroups / across));
  for (const { dataId } of tensors) gpu.commandQueueOwnedIds.add(dataId);
  // As tfjs does after each of its own.
  if (++gpu.dispatchCountInPass >= tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')) {
    gpu.endComputePassEncoder();
    gpu.submitQueue();
  }
  return results;
}

/** More parts than this are added in two steps, so that there is work for many threads. */
const PARTS_AT_ONCE = 64;

/** The sum over the first axis of a tensor [parts, ...shape]. @returns a float32 tensor, the caller's */
export function sumOfParts(
  gpu: WebGpuBackend,
  partial: tf.TensorInfo,
  parts: number,
  shape: number[],
): tf.TensorInfo {
  const groups = parts > PARTS_AT_ONCE ? Math.ceil(Math.sqrt(parts)) : 1;
  const sums = elementwise(
    gpu,
    'sumOfParts',
    groups > 1 ? [groups, ...shape] : shape,
    { partial },
    { total: int(parts * sizeOf(shape)) },
    /* wgsl */ `
      var sum = 0.0;
      for (var at = index; at < uniforms.total; at += uniforms.threads) {
        sum += partial[at];
      }
      return sum;
    `,
  );
  if (groups === 1) return sums;
  const sum = sumOfParts(gpu, sums, groups, shape);
  gpu.disposeData(sums.dataId);
  return sum;
}
