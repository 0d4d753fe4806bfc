/**
 * Backends, and PyTorch, each measured in a separate process: memory is counted per backend, and a crash ends only one
 * of them. Both sides exchange lines of JSON.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BACKENDS, NODE_BACKENDS, type NodeBackend } from '../../src/engines/backends.ts';
import { type ActiveBackend, BackendError, processor } from '../../src/engines/node/choose.ts';
import type { KernelTime } from '../../src/engines/node/profile.ts';
import { findTorch, torchScript } from '../pytorch/python.ts';
import type { FirstResults, Mode } from './workload.ts';

export const PYTORCH = 'pytorch';
export type Candidate = NodeBackend | typeof PYTORCH;

/** All that can be measured, in the order in which it is. */
export const CANDIDATES: readonly Candidate[] = [...NODE_BACKENDS, PYTORCH];

/** How PyTorch may lay images and kernels out in memory; which is faster depends on the version and the machine. */
export const LAYOUTS = ['contiguous', 'channels_last'] as const;
export type Layout = (typeof LAYOUTS)[number];

/** What a started candidate computes on. */
export type CandidateInfo = Pick<ActiveBackend, 'device' | 'versions' | 'details' | 'emulated'>;

/** The first message from the process. */
export type StartMessage =
  ({ ok: true } & CandidateInfo) | { ok: false; reason: string; remedy?: string | undefined };

/** The first message to the process: what its steps are. */
export interface Workload {
  mode: Mode;
  batch: number;
}

/** Asks for the {@link FirstResults}, before any workload. The paths are for PyTorch: weights in safetensors, bytes. */
export interface CheckRequest {
  check: { weights: string; images: string };
}

/** Asks a backend how fast it trains. */
export interface SpeedRequest {
  speed: true;
}

/** Each further message to it, which it answers with a {@link StepsResult}. */
export interface StepsRequest {
  steps: number;
  /** Whether to measure how long each kernel takes in them. */
  profile?: boolean;
}

export interface StepsResult {
  /** Duration of each step. */
  seconds: number[];
  /** What all threads of the process have computed in all of the steps: hardly more where others share the machine. */
  cpuSeconds: number;
  /** Resident size now, and the largest so far. */
  residentBytes: number;
  peakBytes: number;
  /** If a profile was requested. */
  kernels?: KernelTime[];
}

interface StartOptions {
  threads?: number | undefined;
  /** Milliseconds that starting may take. */
  timeout?: number;
  /** The Python that runs PyTorch; by default the one that {@link findTorch} finds. */
  python?: string | undefined;
  /** Of PyTorch. */
  layout?: Layout | undefined;
}

/** Every method that waits throws a BackendError if the process ends, or takes longer than its timeout in milliseconds. */
export class CandidateProcess implements AsyncDisposable {
  readonly name: Candidate;
  info!: CandidateInfo;
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #stderr = '';

  private constructor(name: Candidate, { threads, python, layout = LAYOUTS[0] }: StartOptions) {
    this.name = name;
    const args = threads === undefined ? [] : [String(threads)];
    const [command, parameters] =
      name === PYTORCH
        ? [python ?? this.#findPython(), torchScript('worker.py', [layout, ...args])]
        : [process.execPath, [join(import.meta.dirname, 'worker.ts'), name, ...args]];
    this.#child = spawn(command, parameters, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#lines = createInterface({ input: this.#child.stdout! })[Symbol.asyncIterator]();
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => (this.#stderr += text));
    // The process may end before it has read its messages; #receive reports that.
    this.#child.stdin!.on('error', () => undefined);
    this.#child.on('error', (error) => (this.#stderr += error.message));
  }

  /** @throws BackendError if the candidate does not work here */
  static async start(name: Candidate, options: StartOptions = {}): Promise<CandidateProcess> {
    const started = new CandidateProcess(name, options);
    const message = await started.#receive<StartMessage>(options.timeout);
    if (!message.ok) {
      await started[Symbol.asyncDispose]();
      throw started.#failure(message.reason, message.remedy);
    }
    started.info = name === PYTORCH ? { ...message, device: processor() } : message;
    return started;
  }

  prepare(workload: Workload): void {
    this.#send(workload);
  }

  /** How fast it trains, as `--backend auto` measures it, which knows it from then on. */
  speed(timeout?: number): Promise<{ imagesPerSecond: number }> {
    this.#send({ speed: true });
    return this.#receive(timeout);
  }

  check(request: CheckRequest): Promise<FirstResults> {
    this.#send(request);
    return this.#receive();
  }

  run(request: StepsRequest, timeout?: number): Promise<StepsResult> {
    this.#send(request);
    return this.#receive(timeout);
  }

  /** Ends the process, whatever it is doing. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || !this.#child.pid) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  #send(message: Workload | SpeedRequest | CheckRequest | StepsRequest): void {
    this.#child.stdin!.write(`${JSON.stringify(message)}\n`);
  }

  async #receive<Message>(timeout?: number): Promise<Message> {
    let late = false;
    const timer =
      timeout &&
      setTimeout(() => {
        late = true;
        this.#child.kill('SIGKILL');
      }, timeout);
    const { done, value } = await this.#lines.next();
    clearTimeout(timer);
    if (!done) return JSON.parse(value) as Message;
    await this[Symbol.asyncDispose]();
    if (late) throw this.#failure(`it took longer than ${timeout! / 1000} s`);
    const lines = this.#stderr.trim().split('\n');
    // A stack trace begins with a line of source; the error is further down.
    const error = lines.find((text) => /^\w*Error\b/.test(text)) ?? lines[0];
    throw this.#failure(error || `its process ended with ${this.#child.exitCode ?? this.#child.signalCode}`);
  }

  #findPython(): string {
    const python = findTorch();
    if (python) return python;
    throw this.#failure('there is no python3 with PyTorch (on Debian, the package python3-torch)');
  }

  #failure(reason: string, remedy?: string): BackendError {
    const sentence = `${this.name} could not be measured: ${reason}${remedy ? `; ${remedy}` : ''}.`;
    return new BackendError(sentence, { reason, ...(remedy && { remedy }) });
  }
}

/** How much work a candidate gets: slow ones get fewer images and steps. */
export interface Size {
  batch: number;
  /** Steps before those that count: the first ones compile and allocate, and are far slower. */
  warmUp: number;
  /** Steps per round. */
  steps: number;
}

/** @param batch of candidates that are not slow */
export function sizeFor(name: Candidate, { emulated }: Pick<CandidateInfo, 'emulated'>, batch: number): Size {
  const largest = emulated ? 2 : name === PYTORCH ? undefined : BACKENDS[name].largestBatch;
  if (largest === undefined) return { batch, warmUp: 5, steps: 3 };
  return { batch: Math.min(largest, batch), warmUp: 1, steps: 1 };
}
