/** Contestants, each a process of its own, and how they are measured. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BACKENDS, type NodeBackend } from '../../src/engines/backends.ts';
import { torchScript } from '../pytorch/python.ts';
import type { Greeting, Order, Outcome, Task } from './protocol.ts';

/** A contestant cannot take part, or ended before it was told to; the message says why, without a full stop. */
export class ContestantError extends Error {
  override name = 'ContestantError';
  readonly remedy: string | null;

  constructor(reason: string, remedy: string | null = null) {
    super(reason);
    this.remedy = remedy;
  }
}

export type Introduction = Extract<Greeting, { ok: true }>;

export interface Started {
  contestant: Contestant;
  introduction: Introduction;
}

/** A process that does steps when it is told to. */
export class Contestant {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  #complaint = '';

  private constructor(command: string, parameters: readonly string[]) {
    const child = spawn(command, parameters, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#child = child;
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.#complaint += text));
    // It may end before it has read what it is told; its lines then end, and that is told below.
    child.stdin.on('error', () => undefined);
    child.on('error', (error) => (this.#complaint += error.message));
  }

  /**
   * Starts a backend.
   * @param patience milliseconds that it may take to start
   * @throws ContestantError when it does not work here
   */
  static backend(name: NodeBackend, { threads }: { threads?: number }, patience?: number): Promise<Started> {
    const parameters = [
      join(import.meta.dirname, 'contestant.ts'),
      name,
      ...(threads === undefined ? [] : ['--threads', String(threads)]),
    ];
    return introduced(new Contestant(process.execPath, parameters), patience);
  }

  /** Starts PyTorch. @param python that has it, see {@link findTorch} */
  static torch(python: string, threads: number): Promise<Started> {
    return introduced(new Contestant(python, torchScript('contestant.py', [String(threads)])));
  }

  /** @throws ContestantError when the process ends, or stays silent for longer than `patience` milliseconds */
  async listen<Message>(patience?: number): Promise<Message> {
    const { line, late } = await this.#next(patience);
    if (line !== undefined) return JSON.parse(line) as Message;
    await this.end();
    if (late) throw new ContestantError(`it took longer than ${patience! / 1000} s`);
    const said = this.#complaint.trim().split('\n');
    // A stack begins with where it was thrown; what it was stands further down.
    const error = said.find((text) => /^\w*Error\b/.test(text)) ?? said[0];
    throw new ContestantError(
      error || `its process ended with ${this.#child.exitCode ?? this.#child.signalCode}`,
    );
  }

  async #next(patience?: number): Promise<{ line?: string; late: boolean }> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<{ late: true }>((resolve) => {
      if (patience !== undefined) timer = setTimeout(() => resolve({ late: true }), patience);
    });
    const line = this.#lines
      .next()
      .then(({ done, value }) => ({ ...(done ? {} : { line: value as string }), late: false }));
    try {
      return await Promise.race([line, late]);
    } finally {
      clearTimeout(timer);
    }
  }

  begin(task: Task): void {
    this.#tell(task);
  }

  /** @param patience milliseconds that it may take. @throws ContestantError */
  measure(order: Order, patience?: number): Promise<Outcome> {
    this.#tell(order);
    return this.listen<Outcome>(patience);
  }

  #tell(message: Task | Order): void {
    this.#child.stdin!.write(`${JSON.stringify(message)}\n`);
  }

  /** Ends the process, whatever it is doing. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || !this.#child.pid) return;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }
}

async function introduced(contestant: Contestant, patience?: number): Promise<Started> {
  const greeting = await contestant.listen<Greeting>(patience);
  if (greeting.ok) return { contestant, introduction: greeting };
  await contestant.end();
  throw new ContestantError(greeting.reason, greeting.remedy);
}

/** How much a contestant is given to do: what is slow gets fewer images, for which it needs less time each. */
export interface Size {
  batch: number;
  /** Steps that are not counted: the first ones compile, allocate and are far slower than all others. */
  warmUp: number;
  /** Steps a round. */
  steps: number;
}

/** @param batch for those that are made for it */
export function sizeFor(name: string, { emulated }: Pick<Introduction, 'emulated'>, batch: number): Size {
  const slow = (images: number): Size => ({ batch: Math.min(images, batch), warmUp: 1, steps: 1 });
  if (emulated) return slow(2);
  const { largestBatch } = BACKENDS[name as NodeBackend] ?? {};
  return largestBatch === undefined ? { batch, warmUp: 5, steps: 3 } : slow(largestBatch);
}

/** The middle one of some numbers, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}
