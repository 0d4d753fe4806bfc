/** The page's end of the engine: starts the worker, asks, and starts another where one stops answering. */
import type { Answer, BackendName, Chosen, Failure, ModelSource, Notice, Request } from './protocol.ts';

/** A request that could not be met; the page has a sentence for each `failure`. */
export class EngineFailure extends Error {
  override name = 'EngineFailure';
  readonly failure: Failure;

  constructor(failure: Failure, detail: string) {
    super(detail);
    this.failure = failure;
  }
}

export interface Prediction {
  /** Ten for each image. */
  readonly probabilities: Float32Array;
  readonly milliseconds: number;
  readonly backend: Chosen;
}

export interface EngineOptions {
  /** Compute on this backend and no other. */
  readonly forced?: BackendName | null;
  readonly onNotice?: (notice: Notice) => void;
}

/** Loading says something at least this often: bytes, or the end of a backend's start. */
const LOAD_PATIENCE = 90_000;
/** A prediction is given this long, and then some times what the last one took. */
const PREDICT_PATIENCE = 8_000;
/** So many workers may stop before the page gives up. */
const MAX_RESTARTS = 3;

type Plain = { [Kind in Request['type']]: Omit<Extract<Request, { type: Kind }>, 'id'> }[Request['type']];

interface Waiting {
  resolve: (answer: Answer) => void;
  reject: (failure: EngineFailure) => void;
  patience: number;
  timer: ReturnType<typeof setTimeout>;
}

export class Engine {
  readonly #forced: BackendName | null;
  readonly #onNotice: (notice: Notice) => void;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #model: ModelSource | null = null;
  #backend: Chosen | null = null;
  #avoid: BackendName[] = [];
  #restarts = 0;
  #lastMilliseconds = 0;
  #nextId = 0;

  constructor({ forced = null, onNotice = () => undefined }: EngineOptions = {}) {
    this.#forced = forced;
    this.#onNotice = onNotice;
  }

  /** Loads a model and chooses a backend for it. @throws EngineFailure */
  async load(model: ModelSource): Promise<Chosen> {
    this.#model = model;
    const request = { type: 'load', model, forced: this.#forced, avoid: this.#avoid } as const;
    const answer = await this.#insist(() => this.#ask(request, LOAD_PATIENCE));
    if (answer.type !== 'loaded')
      throw new EngineFailure('stopped', `${answer.type} where a model was loaded`);
    return (this.#backend = answer.backend);
  }

  /** Predicts images of 28×28 bytes, one after another. @throws EngineFailure */
  async predict(images: Uint8Array<ArrayBuffer>): Promise<Prediction> {
    const answer = await this.#insist(async () => {
      if (!this.#worker && this.#model) await this.load(this.#model);
      return this.#ask({ type: 'predict', images }, PREDICT_PATIENCE + 10 * this.#lastMilliseconds);
    });
    if (answer.type !== 'predicted')
      throw new EngineFailure('stopped', `${answer.type} where images were predicted`);
    this.#lastMilliseconds = answer.milliseconds;
    this.#backend = answer.backend;
    return answer;
  }

  dispose(): void {
    this.#end('the engine was put away');
  }

  /** Tries again with a fresh worker when one has stopped. */
  async #insist(ask: () => Promise<Answer>): Promise<Answer> {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        const stopped = error instanceof EngineFailure && error.failure === 'stopped';
        if (!stopped || this.#restarts >= MAX_RESTARTS) throw error;
        this.#restarts++;
      }
    }
  }

  #ask(request: Plain, patience: number): Promise<Answer> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#stopped('it does not answer'), patience);
      this.#waiting.set(id, { resolve, reject, patience, timer });
      worker.postMessage({ ...request, id } satisfies Request);
    });
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<Answer | Notice>) => this.#receive(data));
    worker.addEventListener('error', (event) => {
      if (worker === this.#worker) this.#stopped(event.message || 'it does not start');
    });
    return worker;
  }

  #receive(message: Answer | Notice): void {
    if (!('id' in message)) {
      for (const waiting of this.#waiting.values()) {
        clearTimeout(waiting.timer);
        waiting.timer = setTimeout(() => this.#stopped('it does not answer'), waiting.patience);
      }
      this.#onNotice(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    this.#waiting.delete(message.id);
    clearTimeout(waiting.timer);
    if (message.type === 'failed') waiting.reject(new EngineFailure(message.failure, message.detail));
    else waiting.resolve(message);
  }

  /** The worker is gone or hangs. The next one leaves out the backend on which it happened, if another is left. */
  #stopped(reason: string): void {
    const name = this.#backend?.name;
    if (name && name !== 'wasm' && name !== this.#forced) this.#avoid = [...this.#avoid, name];
    this.#end(reason);
  }

  #end(reason: string): void {
    this.#worker?.terminate();
    this.#worker = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject, timer } of waiting) {
      clearTimeout(timer);
      reject(new EngineFailure('stopped', reason));
    }
  }
}
