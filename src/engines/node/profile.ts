/** Where a step's time goes: the time spent in each of tfjs's kernels. */
import * as tf from '@tensorflow/tfjs-core';

export interface KernelTime {
  kernel: string;
  calls: number;
  /** Summed over all calls. {@link profileKernels} leaves out the time of kernels that a kernel itself calls. */
  seconds: number;
}

/** Takes what has been gathered since the last call, slowest first. */
export type Profile = () => Promise<KernelTime[]>;

type Call = Parameters<tf.KernelFunc>[0];

/** Wraps every kernel of the current backend in a function from now on. */
export function aroundKernels(around: (kernel: string, call: Call, compute: tf.KernelFunc) => unknown): void {
  for (const config of tf.getKernelsForBackend(tf.getBackend())) {
    const { kernelName, kernelFunc, backendName } = config;
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({
      ...config,
      kernelFunc: (call) => around(kernelName, call, kernelFunc) as tf.TensorInfo,
    });
  }
}

/** Adds calls to a kernel's total. */
function add(times: Map<string, KernelTime>, kernel: string, calls: number, seconds: number): void {
  const time = times.get(kernel) ?? { kernel, calls: 0, seconds: 0 };
  time.calls += calls;
  time.seconds += seconds;
  times.set(kernel, time);
}

const slowestFirst = (times: ReadonlyMap<string, KernelTime>): KernelTime[] =>
  [...times.values()].sort((a, b) => b.seconds - a.seconds);

/** Times the kernels of the current backend as they are called; correct where a kernel returns only once it has computed. */
export function profileKernels(): Profile {
  let times = new Map<string, KernelTime>();
  /** For each running kernel, the seconds spent in kernels that it has called. */
  const inner: number[] = [];
  aroundKernels((kernel, call, compute) => {
    const started = performance.now();
    inner.push(0);
    try {
      return compute(call);
    } finally {
      const seconds = (performance.now() - started) / 1000;
      add(times, kernel, 1, seconds - inner.pop()!);
      if (inner.length) inner[inner.length - 1]! += seconds;
    }
  });
  return () => {
    const taken = slowestFirst(times);
    times = new Map();
    return Promise.resolve(taken);
  };
}

/** A kernel was called with inputs of these shapes. */
interface Kind {
  readonly kernel: string;
  readonly inputs: readonly (readonly [name: string, shape: number[], dtype: tf.DataType])[];
  /** Whether the kernel takes its inputs as a list. */
  readonly list: boolean;
  readonly attributes: tf.NamedAttrMap | undefined;
  calls: number;
}

/** Often enough for the GPU's own time to stand out from the round trip. */
const REPETITIONS = 20;

/**
 * For a GPU, which is still computing when a kernel returns. Calls are only recorded; when the profile is taken, each kind
 * of call is repeated by itself, on made-up inputs, until the GPU has finished. Where issuing the commands takes longer
 * than carrying them out, that time counts; within a step the two overlap, so the sum may exceed the step's time.
 */
export function replayKernels(): Profile {
  let kinds = new Map<string, Kind>();
  /** How many kernels are running; those that are called by others are counted as part of their callers. */
  let depth = 0;
  aroundKernels((kernel, call, compute) => {
    if (depth === 0) note(kernel, call);
    depth++;
    try {
      return compute(call);
    } finally {
      depth--;
    }
  });

  function note(kernel: string, { inputs, attrs }: Call): void {
    const given = Object.entries(inputs).flatMap(([name, input]) =>
      input ? [[name, input.shape, input.dtype] as const] : [],
    );
    const key = kernel + JSON.stringify(given);
    const attributes = attrs as tf.NamedAttrMap;
    const known = kinds.get(key);
    if (known) known.calls++;
    else kinds.set(key, { kernel, inputs: given, list: Array.isArray(inputs), attributes, calls: 1 });
  }

  return async () => {
    const noted = [...kinds.values()];
    const times = new Map<string, KernelTime>();
    for (const kind of noted) add(times, kind.kernel, kind.calls, kind.calls * (await secondsOf(kind)));
    kinds = new Map();
    return slowestFirst(times);
  };
}

/** Seconds per call. */
async function secondsOf({ kernel, inputs, list, attributes }: Kind): Promise<number> {
  const made = inputs.map(
    ([name, shape, dtype]) =>
      [name, dtype === 'float32' ? tf.randomUniform(shape) : tf.zeros(shape, dtype)] as const,
  );
  const tensors = made.map(([, tensor]) => tensor);
  const given = list ? (tensors as unknown as tf.NamedTensorMap) : Object.fromEntries(made);
  const repeat = async (times: number): Promise<number> => {
    const started = performance.now();
    let last: tf.Tensor | undefined;
    for (let i = 0; i < times; i++) {
      last?.dispose();
      const [first, ...others] = [tf.engine().runKernel(kernel, given, attributes)].flat();
      tf.dispose(others);
      last = first;
    }
    // Reading a single number waits until the GPU has carried out everything before it.
    const number = tf.tidy(() => tf.slice(tf.reshape(last!, [-1]), 0, 1));
    await number.data();
    tf.dispose([number, last!]);
    return (performance.now() - started) / 1000;
  };
  await repeat(1);
  const seconds = (await repeat(REPETITIONS)) / REPETITIONS;
  tf.dispose(tensors);
  return seconds;
}
