/** Chooses where tfjs computes in Node. Each backend is loaded only when it is asked for. */
import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';

import {
  type BackendChoice,
  BACKENDS,
  NODE_BACKENDS,
  type NodeBackend,
  Unavailable,
  firstLine,
} from '../backends.ts';
import { SelfTestError, testGradients, testOperations } from '../self-test.ts';
import { UserError } from '../../node/errors.ts';
import { speedText, trainingSpeed } from './speed.ts';

export interface ActiveBackend {
  name: NodeBackend;
  /** The processor it computes on. */
  device: string;
  /** Of Node and of the packages that compute, by name. */
  versions: Record<string, string>;
  /** How many it computes with, where their number decides the last digits of its sums. */
  threads: number | undefined;
  /** What else is worth telling of the processor, a line each. */
  details: readonly string[];
  /** Whether it emulates a GPU on the CPU. */
  emulated: boolean;
  /** Those that `auto` would rather have taken or found slower, and why it did not take them. */
  passedOver: readonly PassedOver[];
  /** Settles, with the reason, when the processor is lost; undefined where that cannot be. */
  lost: Promise<string> | undefined;
}

export interface PassedOver {
  name: NodeBackend;
  reason: string;
}

export interface BackendOptions {
  /** How many threads to compute with; the backend decides where it is left out or cannot be told. */
  threads?: number;
}

/** A backend cannot be used, or not as asked for; the message is a sentence that says what to do. */
export class BackendError extends UserError {
  override name = 'BackendError';
  /** Why, in few words. */
  readonly reason: string;
  /** What would help, as an imperative; undefined where nothing would. */
  readonly remedy: string | undefined;

  constructor(
    message: string,
    { reason = message, remedy, cause }: { reason?: string; remedy?: string; cause?: unknown } = {},
  ) {
    super(message, 2, { cause });
    this.reason = reason;
    this.remedy = remedy;
  }
}

type Started = Partial<Pick<ActiveBackend, 'device' | 'threads' | 'details' | 'emulated' | 'lost'>>;

/** @param auto whether it was not asked for by name. @throws Unavailable */
type Start = (options: BackendOptions, auto: boolean) => Promise<Started>;

const START: Readonly<Record<NodeBackend, Start>> = {
  'tensorflow-gpu': async ({ threads }) => {
    await (await import('./tensorflow.ts')).activate('tensorflow-gpu', threads);
    return { device: 'GPU (CUDA)' };
  },
  webgpu: async (_options, auto) => {
    const { limits, software, ...gpu } = await (await import('./webgpu.ts')).activate(!auto);
    return { ...gpu, details: limits, emulated: software };
  },
  onnxruntime: async ({ threads = availableParallelism() }) => {
    try {
      await (await import('./onnxruntime.ts')).activate(threads);
    } catch (cause) {
      // It has a library for each of some platforms; where there is none for this one, its import fails.
      throw new Unavailable(
        `ONNX Runtime's library does not load on ${process.platform} ${process.arch} (${firstLine(cause)})`,
        { cause, remedy: 'run "npm ci" again if this machine has changed' },
      );
    }
    return { threads };
  },
  wasm: async () => {
    await (await import('./tfjs.ts')).activateWasm();
    return {};
  },
  cpu: async () => {
    await (await import('./tfjs.ts')).activateCpu();
    return {};
  },
  tensorflow: async ({ threads }) => {
    await (await import('./tensorflow.ts')).activate('tensorflow', threads);
    return {};
  },
};

const require = createRequire(import.meta.url);
const version = (name: string): string => (require(`${name}/package.json`) as { version: string }).version;

/** The CPU's model. */
export const processor = (): string => cpus()[0]?.model.trim() || 'CPU';

/**
 * Makes a backend the one that tfjs computes with, once it has passed the self-test.
 * @throws BackendError when this machine does not have it, or fewer threads than it is to compute with
 */
export async function activateBackend(
  name: BackendChoice,
  options: BackendOptions = {},
): Promise<ActiveBackend> {
  checkThreads(options);
  if (name === 'auto') return automatic(options);
  try {
    return await start(name, options);
  } catch (error) {
    const instead = await automatic(options);
    const reason = reasonOf(error);
    const remedy = error instanceof Unavailable ? error.remedy : undefined;
    throw new BackendError(
      `The backend "${name}" cannot be used: ${reason}; ${remedy ? `${remedy}, or ` : ''}choose another (--backend auto takes "${instead.name}").`,
      { reason, remedy, cause: error },
    );
  }
}

function checkThreads({ threads }: BackendOptions): void {
  const most = availableParallelism();
  if (threads === undefined || (Number.isInteger(threads) && threads >= 1 && threads <= most)) return;
  throw new BackendError(
    `This machine can compute with 1 to ${most} threads, not with ${threads}; choose a number of threads from 1 to ${most}.`,
  );
}

const automatic = (options: BackendOptions): Promise<ActiveBackend> =>
  fastest((name) => start(name, options, true), trainingSpeed);

/**
 * The first that works for each processor, and of these the one that trains fastest: a small GPU may be slower than the
 * CPU. On one processor the order of the table holds. None is measured where only one works.
 * @param begin makes a backend the current one
 * @param speedOf images per second on the current backend
 */
export async function fastest(
  begin: (name: NodeBackend) => Promise<ActiveBackend>,
  speedOf: (backend: ActiveBackend) => Promise<number>,
): Promise<ActiveBackend> {
  const passedOver: PassedOver[] = [];
  const found: { backend: ActiveBackend; speed: number }[] = [];
  let current: string | undefined;
  for (const device of ['gpu', 'cpu']) {
    for (const name of NODE_BACKENDS.filter(
      (each) => BACKENDS[each].auto && BACKENDS[each].device === device,
    )) {
      try {
        const backend = await begin((current = name));
        const alone = device === 'cpu' && !found.length;
        found.push({ backend, speed: alone ? Infinity : await speedOf(backend) });
        break;
      } catch (error) {
        passedOver.push({ name, reason: reasonOf(error) });
      }
    }
  }
  const [best, ...slower] = found.sort((a, b) => b.speed - a.speed);
  if (!best) {
    throw new BackendError(
      `No backend works on this machine (${passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; ')}); run "npm ci" again.`,
    );
  }
  for (const { backend, speed } of slower) {
    const reason = `slower here: ${speedText(speed)}, ${best.backend.name} ${speedText(best.speed)}`;
    passedOver.push({ name: backend.name, reason });
  }
  const backend = current === best.backend.name ? best.backend : await begin(best.backend.name);
  return { ...backend, passedOver };
}

async function start(name: NodeBackend, options: BackendOptions, auto = false): Promise<ActiveBackend> {
  const started = await START[name](options, auto);
  const { device = processor(), threads, details = [], emulated = false, lost } = started;
  await testOperations();
  await testGradients();
  const versions = Object.fromEntries([
    ['node', process.versions.node],
    ...['@tensorflow/tfjs-core', ...BACKENDS[name].packages].map((each) => [each, version(each)]),
  ]) as Record<string, string>;
  return { name, device, versions, threads, details, emulated, passedOver: [], lost };
}

/** A backend may fail in ways of its own; whatever it says, there is another one. */
function reasonOf(error: unknown): string {
  const known = error instanceof Unavailable || error instanceof SelfTestError;
  return known ? error.message : `it failed: ${firstLine(error)}`;
}
