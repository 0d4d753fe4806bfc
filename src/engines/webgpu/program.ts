/**
 * Programs in WGSL on the device of tfjs's webgpu backend. What is the same at every step is planned once: a program's
 * pipeline, the numbers it is given, and the bindings of its buffers, which tfjs hands out in the same order every time.
 */
import * as tf from '@tensorflow/tfjs-core';
import { sizeOf } from '../../math/arrays.ts';

/** What a program's arithmetic gets beside its inputs, by name. */
export type Uniforms = Readonly<Record<string, { type: 'int32' | 'float32'; data: number[] }>>;

export const int = (...data: number[]): Uniforms[string] => ({ type: 'int32', data });
export const float = (...data: number[]): Uniforms[string] => ({ type: 'float32', data });

/** The inputs, by name: float32 tensors. Each must be read by the program: the layout of its bindings has no others. */
export type Inputs = Readonly<Record<string, tf.TensorInfo>>;

export interface Program {
  /** Programs of one key are compiled once; inputs and uniforms of one key have the same names and kinds. */
  readonly key: string;
  /** The shapes of the results, by name. */
  readonly outputs: Readonly<Record<string, number[]>>;
  /** Tensors that are changed in place, by name; {@link changeable} ones. */
  readonly changed?: Inputs;
  /** They share nothing, so none waits for another, unless they work together. */
  readonly threads: number;
  /** Whether those of a workgroup share memory: `body` runs in all of them, those beyond the last one too. */
  readonly together?: boolean;
  readonly inputs: Inputs;
  readonly uniforms?: Uniforms;
  /** Whether the uniforms are others at every step. */
  readonly varying?: boolean;
  /** Threads of a workgroup. */
  readonly workgroup?: number;
  /** WGSL of constants and functions that `body` uses. */
  readonly declarations?: () => string;
  /** WGSL that writes what thread `index` has to, of `uniforms.threads`; asked for when the program is compiled. */
  readonly body: () => string;
}

/** Whether a tensor's buffer holds float32, which that of one that was cast may not. */
export const holdsFloats = (gpu: WebGpuBackend, { dataId, dtype }: tf.TensorInfo): boolean =>
  dtype === 'float32' && gpu.tensorMap.get(dataId).dtype === 'float32';

/** Repeats a line with numbers filled in: named sums stay in registers where an array might not. */
export const each = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n');

/** Of tfjs's webgpu backend; none of this is in its public types. */
export interface WebGpuBackend extends tf.KernelBackend {
  readonly device: GPUDevice;
  readonly tensorMap: {
    get(dataId: object): { resource: GPUBuffer; readonly dtype: tf.DataType; values?: unknown };
  };
  /** tfjs's programs and these; with `WEBGPU_ENGINE_COMPILE_ONLY`, promises until all are compiled. */
  readonly pipelineCache: Record<string, GPUComputePipeline | Promise<GPUComputePipeline>>;
  checkCompileCompletionAsync(): Promise<void>;
  /** Data that the commands use which are not submitted yet. */
  readonly commandQueueOwnedIds: WeakSet<object>;
  readonly commandEncoder: GPUCommandEncoder | null;
  computePassEncoder: GPUComputePassEncoder | null;
  dispatchCountInPass: number;
  makeTensorInfo(shape: number[], dtype: tf.DataType, values?: Float32Array): tf.TensorInfo;
  uploadToGPU(dataId: object): void;
  makeUniforms(uniforms: readonly Uniforms[string][]): GPUBufferBinding;
  /** Buffers that go back to be used again once the commands are submitted; the last one is the last made. */
  readonly uniformPendingDisposal: GPUBuffer[];
  ensureCommandEncoderReady(): void;
  endComputePassEncoder(): void;
  submitQueue(): void;
  disposeData(dataId: object, force?: boolean): boolean;
}

/** Threads of a workgroup; every device has as many. */
const THREADS = 256;
/** Where each thread keeps many sums in registers. */
export const FEW_THREADS = 64;

/** What runs of one program with the same uniforms share. */
interface Plan {
  readonly pipeline: GPUComputePipeline;
  /** Undefined where they vary. */
  readonly uniforms: GPUBufferBinding | undefined;
  /** By the numbers of the buffers. */
  readonly bindings: Map<string, GPUBindGroup>;
}
const plans = new WeakMap<WebGpuBackend, Map<string, Plan>>();
/** More sets of buffers than a program meets in turn are of shapes or networks that have gone. */
const MOST_BINDINGS = 64;

let numbered = 0;
const numbers = new WeakMap<GPUBuffer, number>();
function numberOf(buffer: GPUBuffer): number {
  const known = numbers.get(buffer) ?? numbered++;
  numbers.set(buffer, known);
  return known;
}

const declaration = ([name, { type, data }]: [string, Uniforms[string]]): string => {
  const scalar = type === 'int32' ? 'i32' : 'f32';
  return `${name} : ${data.length === 1 ? scalar : `vec${data.length}<${scalar}>`},`;
};

function pipelineOf(
  { device, pipelineCache }: WebGpuBackend,
  { key, outputs, changed = {}, together = false, inputs, declarations, body }: Program,
  uniforms: Uniforms,
  workgroup: number,
): GPUComputePipeline | Promise<GPUComputePipeline> {
  if (pipelineCache[key]) return pipelineCache[key];
  const buffers = [
    ...Object.keys({ ...outputs, ...changed }).map((name) => `<storage, read_write> ${name} : array<f32>`),
    ...Object.keys(inputs).map((name) => `<storage, read> ${name} : array<f32>`),
    '<uniform> uniforms : Uniforms',
  ];
  const code = /* wgsl */ `
    struct Uniforms { ${Object.entries(uniforms).map(declaration).join(' ')} }
    ${buffers.map((buffer, i) => `@group(0) @binding(${i}) var${buffer};`).join('\n')}
    ${declarations?.() ?? ''}
    @compute @workgroup_size(${workgroup})
    fn main(@builtin(workgroup_id) group : vec3<u32>, @builtin(num_workgroups) groups : vec3<u32>, @builtin(local_invocation_index) thread : u32) {
      let index = i32((group.y * groups.x + group.x) * ${workgroup} + thread);
      ${together ? '{' : 'if (index < uniforms.threads) {'}
        ${body()}
      }
    }
  `;
  const module = device.createShaderModule({ code, label: key });
  const descriptor = {
    layout: 'auto',
    label: key,
    compute: { module, entryPoint: 'main' },
  } as const;
  return (pipelineCache[key] = tf.env().getBool('WEBGPU_ENGINE_COMPILE_ONLY')
    ? device.createComputePipelineAsync(descriptor)
    : device.createComputePipeline(descriptor));
}

/** @returns float32 tensors, the caller's, in the order of the outputs; empty ones where there is nothing to compute */
export function run(gpu: WebGpuBackend, program: Program): tf.TensorInfo[] {
  const { key, outputs, changed = {}, threads, inputs, varying = false, workgroup = THREADS } = program;
  const results = Object.values(outputs).map((shape) =>
    gpu.makeTensorInfo(shape, 'float32', sizeOf(shape) === 0 ? new Float32Array(0) : undefined),
  );
  if (threads === 0) return results;
  const tensors = [...results, ...Object.values(changed), ...Object.values(inputs)];
  for (const { dataId } of tensors) gpu.uploadToGPU(dataId);
  const uniforms = { threads: int(threads), ...program.uniforms };
  const pipeline = pipelineOf(gpu, program, uniforms, workgroup);
  if (tf.env().getBool('WEBGPU_ENGINE_COMPILE_ONLY')) return results;
  if (pipeline instanceof Promise) throw new Error(`The program ${key} is still being compiled.`);

  const values = Object.values(uniforms);
  let known = plans.get(gpu);
  if (!known) plans.set(gpu, (known = new Map<string, Plan>()));
  const planned = varying ? key : `${key} ${values.map(({ data }) => data.join()).join(' ')}`;
  let plan = known.get(planned);
  if (!plan) {
    const kept = varying ? undefined : gpu.makeUniforms(values);
    if (kept) gpu.uniformPendingDisposal.pop();
    known.set(planned, (plan = { pipeline, uniforms: kept, bindings: new Map<string, GPUBindGroup>() }));
  }
  const bound = [
    ...tensors.map(({ dataId }) => ({ buffer: gpu.tensorMap.get(dataId).resource })),
    plan.uniforms ?? gpu.makeUniforms(values),
  ];
  const set = bound.map(({ buffer }) => numberOf(buffer)).join();
  let bindings = plan.bindings.get(set);
  if (!bindings) {
    if (plan.bindings.size === MOST_BINDINGS) plan.bindings.clear();
    const entries = bound.map((resource, binding) => ({ binding, resource }));
    bindings = gpu.device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
    plan.bindings.set(set, bindings);
  }

  const workgroups = Math.ceil(threads / workgroup);
  const across = Math.min(workgroups, gpu.device.limits.maxComputeWorkgroupsPerDimension);
  gpu.ensureCommandEncoderReady();
  const pass = (gpu.computePassEncoder ??= gpu.commandEncoder!.beginComputePass());
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindings);
  pass.dispatchWorkgroups(across, Math.ceil(workgroups / across));
  for (const { dataId } of tensors) gpu.commandQueueOwnedIds.add(dataId);
  // As tfjs does after each of its own.
  if (++gpu.dispatchCountInPass >= tf.env().getNumber('WEBGPU_DEFERRED_SUBMIT_BATCH_SIZE')) {
    gpu.endComputePassEncoder();
    gpu.submitQueue();
  }
  return results;
}

/**
 * Runs threads that write to one tensor, `result`.
 * @returns a float32 tensor, the caller's
 */
export function eachThread(
  gpu: WebGpuBackend,
  shape: number[],
  program: Omit<Program, 'outputs'>,
): tf.TensorInfo {
  return run(gpu, { ...program, outputs: { result: shape } })[0]!;
}

/**
 * Runs a thread for each element of the output.
 * @param value WGSL that returns the element at `index`; there are `uniforms.threads` of them
 * @returns a float32 tensor, the caller's
 */
export function elementwise(
  gpu: WebGpuBackend,
  key: string,
  shape: number[],
  inputs: Inputs,
  uniforms: Uniforms,
  value: string,
  varying = false,
): tf.TensorInfo {
  return eachThread(gpu, shape, {
    key,
    threads: sizeOf(shape),
    inputs,
    uniforms,
    varying,
    declarations: () => `fn valueAt(index : i32) -> f32 {${value}}`,
    body: () => 'result[index] = valueAt(index);',
  });
}

/** A tensor for a program to change: one of the same data where nothing else refers to it, else of a copy; the caller's. */
export function changeable(gpu: WebGpuBackend, { dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
  const own = { dataId, shape, dtype };
  if (gpu.refCount(dataId) > 1)
    return elementwise(gpu, 'copy', shape, { old: own }, {}, 'return old[index];');
  gpu.uploadToGPU(dataId);
  // What was read of it before.
  gpu.tensorMap.get(dataId).values = null;
  gpu.incRef(dataId);
  return own;
}

/** More parts than this are added in two steps, so that there is work for many threads. */
const PARTS_AT_ONCE = 64;

/** A tensor [parts, ...shape] whose sum over the first axis is wanted. */
interface Parts {
  readonly tensor: tf.TensorInfo;
  readonly parts: number;
}

/** Adds some parts where there are many: another tensor then, the caller's, with fewer of them. */
export function fewerParts(
  gpu: WebGpuBackend,
  partial: tf.TensorInfo,
  parts: number,
  shape: number[],
): Parts {
  if (parts <= PARTS_AT_ONCE) return { tensor: partial, parts };
  const groups = Math.ceil(Math.sqrt(parts));
  return { tensor: sumTo(gpu, partial, [groups, ...shape]), parts: groups };
}

const sumTo = (gpu: WebGpuBackend, partial: tf.TensorInfo, shape: number[]): tf.TensorInfo =>
  elementwise(
    gpu,
    'sumOfParts',
    shape,
    { partial },
    { total: int(sizeOf(partial.shape)) },
    /* wgsl */ `
      var sum = 0.0;
      for (var at = index; at < uniforms.total; at += uniforms.threads) {
        sum += partial[at];
      }
      return sum;
    `,
  );

/** The sum over the first axis of a tensor [parts, ...shape]. @returns a float32 tensor, the caller's */
export function sumOfParts(
  gpu: WebGpuBackend,
  partial: tf.TensorInfo,
  parts: number,
  shape: number[],
): tf.TensorInfo {
  const few = fewerParts(gpu, partial, parts, shape);
  const sum = sumTo(gpu, few.tensor, shape);
  if (few.tensor !== partial) gpu.disposeData(few.tensor.dataId);
  return sum;
}
