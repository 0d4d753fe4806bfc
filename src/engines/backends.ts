/**
 * All backends that tfjs computes with here, those of one processor in the order in which they are preferred: what flags,
 * help texts, doctor, benchmarks and the site know of them. A new backend is an entry here, a module that starts it, and
 * a line in the list of starters of the place where it runs (node/choose.ts, web/backends.ts).
 */

export interface BackendInfo {
  /** The processor that it computes on. */
  readonly device: 'cpu' | 'gpu';
  readonly runsIn: 'node' | 'web' | 'both';
  /** Whether it is chosen without being asked for by name. */
  readonly auto: boolean;
  /** Whether `--threads` sets its number of threads. */
  readonly threads: boolean;
  /** The packages that compute in Node; their versions are recorded. */
  readonly packages: readonly string[];
  /**
   * The revision of this project's kernels: one more with every change that rounds differently. A checkpoint names it.
   * Absent where TensorFlow or the browser alone decides.
   */
  readonly kernels?: number;
  /** Most images in a step of a benchmark, where a whole batch would take minutes. */
  readonly largestBatch?: number;
  /** What it runs on or is made of, in a few words. */
  readonly description: string;
}

const table = {
  'tensorflow-gpu': {
    device: 'gpu',
    runsIn: 'node',
    auto: true,
    threads: true,
    packages: ['@tensorflow/tfjs-node-gpu'],
    description: 'libtensorflow on CUDA',
  },
  webgpu: {
    device: 'gpu',
    runsIn: 'both',
    auto: true,
    threads: false,
    packages: ['@tensorflow/tfjs-backend-webgpu', 'webgpu'],
    kernels: 3,
    description: 'any GPU with Vulkan, Metal or D3D12; in Node through Dawn',
  },
  webgl: {
    device: 'gpu',
    runsIn: 'web',
    auto: true,
    threads: false,
    packages: ['@tensorflow/tfjs-backend-webgl'],
    description: 'any GPU, through WebGL 2',
  },
  onnxruntime: {
    device: 'cpu',
    runsIn: 'node',
    auto: true,
    threads: true,
    packages: ['@tensorflow/tfjs-backend-cpu', 'onnxruntime-node'],
    kernels: 2,
    description: "this project's tfjs backend on ONNX Runtime's CPU library",
  },
  wasm: {
    device: 'cpu',
    runsIn: 'both',
    auto: true,
    threads: false,
    packages: ['@tensorflow/tfjs-backend-wasm'],
    kernels: 2,
    largestBatch: 64,
    description: "tfjs's WebAssembly backend with this project's kernels",
  },
  cpu: {
    device: 'cpu',
    runsIn: 'node',
    auto: true,
    threads: false,
    packages: ['@tensorflow/tfjs-backend-cpu'],
    kernels: 1,
    largestBatch: 2,
    description: "tfjs's plain JavaScript backend; slow",
  },
  tensorflow: {
    device: 'cpu',
    runsIn: 'node',
    auto: false,
    threads: true,
    packages: ['@tensorflow/tfjs-node'],
    description: 'libtensorflow on the CPU',
  },
} as const satisfies Record<string, BackendInfo>;

type Name = keyof typeof table;
type RunsIn<Place extends string> = {
  [Key in Name]: (typeof table)[Key]['runsIn'] extends Place | 'both' ? Key : never;
}[Name];
/** The name of a backend that runs in Node. */
export type NodeBackend = RunsIn<'node'>;
/** The name of a backend that runs in the browser. */
export type WebBackend = RunsIn<'web'>;
/** What `--backend` takes; `auto` is what `fastest` finds (node/choose.ts). */
export type BackendChoice = 'auto' | NodeBackend;

export const BACKENDS: Readonly<Record<Name, BackendInfo>> = table;

const namesIn = (place: 'node' | 'web'): Name[] =>
  (Object.keys(table) as Name[]).filter((name) => [place, 'both'].includes(BACKENDS[name].runsIn));

/** The best ones first. */
export const NODE_BACKENDS = namesIn('node') as readonly NodeBackend[];
/** The best ones first. */
export const WEB_BACKENDS = namesIn('web') as readonly WebBackend[];
export const BACKEND_CHOICES: readonly BackendChoice[] = ['auto', ...NODE_BACKENDS];
/** Those whose number of threads can be set. */
export const THREADED_BACKENDS = NODE_BACKENDS.filter((name) => BACKENDS[name].threads);

export const isWebBackend = (name: unknown): name is WebBackend => WEB_BACKENDS.includes(name as WebBackend);

/** The processor that a backend computes on; undefined for a name that is not in the table. */
export const deviceOf = (name: string): BackendInfo['device'] | undefined => BACKENDS[name as Name]?.device;

/** The first line of what an error says, without a full stop. */
export function firstLine(error: unknown): string {
  const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line!.trim().replace(/\.$/, '');
}

/** A backend cannot be had here. The message says why, in few words and without a full stop. */
export class Unavailable extends Error {
  override name = 'Unavailable';
  /** What would help, as an imperative: `install it with "npm install …"`; undefined where nothing would. */
  readonly remedy: string | undefined;

  constructor(reason: string, options: { remedy?: string; cause?: unknown } = {}) {
    super(reason, { cause: options.cause });
    this.remedy = options.remedy;
  }
}

/** What computes a part of a backend's work is gone, and the backend with it. */
export class Stopped extends Error {
  override name = 'Stopped';
}
