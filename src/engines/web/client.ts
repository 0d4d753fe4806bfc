/** The page's end of the engine: starts the worker, asks, and starts another where one stops answering. */
import { IMAGE_PIXELS } from '../../data/dataset.ts';
import type { Weights } from '../../network/architecture.ts';
import type { WebBackend } from '../backends.ts';
import type { Lesson } from '../../training/fine-tuning.ts';
import type { TrainingState } from '../../training/trainer.ts';
import type {
  Answer,
  Chosen,
  Failure,
  Feature,
  FileFault,
  LessonFault,
  ModelSource,
  Notice,
  Preparing,
  Request,
} from './protocol.ts';

/** A request that could not be met; the page has a sentence for each `failure`. */
export class EngineFailure extends Error {
  override name = 'EngineFailure';
  readonly failure: Failure;
  /** With `missing` and `damaged`. */
  readonly fault: FileFault | null;

  constructor(failure: Failure, detail: string, fault: FileFault | null = null) {
    super(detail);
    this.failure = failure;
    this.fault = fault;
  }
}

/** A lesson does not go on. */
export class LessonFailure extends Error {
  override name = 'LessonFailure';
  readonly fault: LessonFault;

  constructor(fault: LessonFault, detail: string) {
    super(detail);
    this.fault = fault;
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
  readonly forced?: WebBackend | null;
  readonly onNotice?: (notice: Notice) => void;
  readonly onPreparing?: (progress: Preparing) => void;
}

/** Loading says something at least this often: bytes, or the end of a backend's start. */
const LOAD_PATIENCE = 90_000;
/** A prediction is given this long, and then some times what its images would take by the last one's measure. */
const PREDICT_PATIENCE = 8_000;
/** A first step of training, and everything else in a lesson, is given this long … */
const STEP_PATIENCE = 120_000;
/** … and a later step this, and some times what the longest one took. */
const LATER_STEP_PATIENCE = 6_000;
/** A timer that is this late slept with the page, frozen in the background or with its machine; the worker slept too. */
const ASLEEP = 2_000;
/** So many workers may stop, one after another, before the page gives up. */
const MAX_RESTARTS = 3;

type Plain = { [Kind in Request['type']]: Omit<Extract<Request, { type: Kind }>, 'id'> }[Request['type']];

interface Waiting {
  resolve: (answer: Answer) => void;
  reject: (failure: EngineFailure | LessonFailure) => void;
  patience: number;
  timer: ReturnType<typeof setTimeout>;
}

export class Engine {
  readonly #forced: WebBackend | null;
  readonly #onNotice: (notice: Notice) => void;
  readonly #onPreparing: (progress: Preparing) => void;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #model: ModelSource | null = null;
  #backend: Chosen | null = null;
  #avoid: WebBackend[] = [];
  #restarts = 0;
  /** What one image took last. */
  #imageMilliseconds = 0;
  #longestStep = 0;
  /** How often it was put away: what was asked before that is not asked again. */
  #lives = 0;
  #nextId = 0;

  constructor({ forced = null, onNotice, onPreparing }: EngineOptions = {}) {
    this.#forced = forced;
    this.#onNotice = onNotice ?? (() => undefined);
    this.#onPreparing = onPreparing ?? (() => undefined);
  }

  /** Loads a model and chooses a backend for it. @throws EngineFailure */
  async load(model: ModelSource): Promise<Chosen> {
    this.#model = model;
    // One that was asked for and has failed in teaching is asked for no more.
    const forced = this.#forced && this.#avoid.includes(this.#forced) ? null : this.#forced;
    const request = { type: 'load', model, forced, avoid: this.#avoid } as const;
    const answer = await this.#insist(() => this.#ask(request, LOAD_PATIENCE));
    if (answer.type !== 'loaded')
      throw new EngineFailure('stopped', `${answer.type} where a model was loaded`);
    this.#imageMilliseconds = answer.backend.milliseconds;
    return (this.#backend = answer.backend);
  }

  /** Predicts images of 28×28 bytes, one after another. @throws EngineFailure */
  async predict(images: Uint8Array<ArrayBuffer>): Promise<Prediction> {
    const answer = await this.#insist(async () => {
      if (!this.#worker && this.#model) await this.load(this.#model);
      return this.#ask({ type: 'predict', images }, this.#patience(images.length / IMAGE_PIXELS));
    });
    if (answer.type !== 'predicted')
      throw new EngineFailure('stopped', `${answer.type} where images were predicted`);
    this.#imageMilliseconds = (answer.milliseconds * IMAGE_PIXELS) / images.length;
    this.#backend = answer.backend;
    this.#restarts = 0;
    return answer;
  }

  #patience(images: number): number {
    return PREDICT_PATIENCE + 10 * images * this.#imageMilliseconds;
  }

  /** What every layer of the network gives for one image of 28×28 bytes. @throws EngineFailure */
  async features(image: Uint8Array<ArrayBuffer>): Promise<readonly Feature[]> {
    const answer = await this.#insist(async () => {
      if (!this.#worker && this.#model) await this.load(this.#model);
      return this.#ask({ type: 'features', image }, this.#patience(1));
    });
    if (answer.type !== 'features')
      throw new EngineFailure('stopped', `${answer.type} where features were asked for`);
    return answer.features;
  }

  /**
   * Begins a lesson, in place of any other, on the model that is loaded.
   * @param weights to begin with, null for the model's
   * @param state where the lesson was left
   * @throws LessonFailure `lost` where the backend fails at it: leave it with {@link abandon}
   */
  teach(
    lesson: Lesson,
    weights: Weights | null,
    state: TrainingState | null,
  ): Promise<Extract<Answer, { type: 'ready' }>> {
    // The next lesson's steps may be of the whole network, and its first one compiles.
    this.#longestStep = 0;
    return this.#expect('ready', { type: 'teach', lesson, weights, state }, LOAD_PATIENCE);
  }

  /** One step of the lesson, or the end of an epoch. @throws LessonFailure; EngineFailure `stopped` */
  async next(): Promise<Extract<Answer, { type: 'trained' }>> {
    const trained = await this.#expect('trained', { type: 'next' }, this.#stepPatience());
    this.#longestStep = Math.max(this.#longestStep, trained.milliseconds);
    return trained;
  }

  /** What the network that is being taught says now. @throws EngineFailure */
  async ask(images: Uint8Array<ArrayBuffer>): Promise<Float32Array> {
    const { probabilities } = await this.#expect(
      'predicted',
      { type: 'predict', images, pupil: true },
      STEP_PATIENCE,
    );
    return probabilities;
  }

  /** Everything from which the lesson can go on. @throws EngineFailure */
  async state(): Promise<TrainingState> {
    return (await this.#expect('state', { type: 'state' }, STEP_PATIENCE)).state;
  }

  /** The weights of the network that is being taught. @throws EngineFailure */
  async weights(): Promise<Weights> {
    return (await this.#expect('weights', { type: 'weights' }, STEP_PATIENCE)).weights;
  }

  /** Leaves the worker, and its backend for good where another is left. The next {@link load} starts anew. */
  abandon(): void {
    const name = this.#backend?.name;
    if (name && name !== 'wasm' && !this.#avoid.includes(name)) this.#avoid = [...this.#avoid, name];
    this.#end('it was left');
  }

  #stepPatience(): number {
    return this.#longestStep ? LATER_STEP_PATIENCE + 10 * this.#longestStep : STEP_PATIENCE;
  }

  async #expect<Type extends Answer['type']>(
    type: Type,
    request: Plain,
    patience: number,
  ): Promise<Extract<Answer, { type: Type }>> {
    if (!this.#worker) throw new EngineFailure('stopped', 'there is no worker');
    const answer = await this.#ask(request, patience);
    if (answer.type !== type)
      throw new EngineFailure('stopped', `${answer.type} where ${type} was asked for`);
    return answer as Extract<Answer, { type: Type }>;
  }

  /** Ends the worker and all that waits for it. The next {@link load} starts anew. */
  dispose(): void {
    this.#lives++;
    this.#end('the engine was put away');
  }

  /** Tries again with a fresh worker when one has stopped. */
  async #insist(ask: () => Promise<Answer>): Promise<Answer> {
    const life = this.#lives;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        const stopped = error instanceof EngineFailure && error.failure === 'stopped';
        if (!stopped || this.#restarts >= MAX_RESTARTS || life !== this.#lives) throw error;
        this.#restarts++;
      }
    }
  }

  #ask(request: Plain, patience: number): Promise<Answer> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, patience, timer: this.#arm(id, patience) });
      worker.postMessage({ ...request, id } satisfies Request);
    });
  }

  /** @returns the timer that ends the worker where it does not answer this request in time */
  #arm(id: number, patience: number): Waiting['timer'] {
    const due = performance.now() + patience;
    return setTimeout(() => {
      const waiting = this.#waiting.get(id);
      if (waiting && performance.now() - due > ASLEEP) waiting.timer = this.#arm(id, patience);
      else this.#stopped('it does not answer');
    }, patience);
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    worker.addEventListener('message', ({ data }: MessageEvent<Answer | Notice | Preparing>) =>
      this.#receive(data),
    );
    worker.addEventListener('error', (event) => {
      if (worker === this.#worker) this.#stopped(event.message || 'it does not start');
    });
    return worker;
  }

  #receive(message: Answer | Notice | Preparing): void {
    if (!('id' in message)) {
      for (const [id, waiting] of this.#waiting) {
        clearTimeout(waiting.timer);
        waiting.timer = this.#arm(id, waiting.patience);
      }
      if (message.type === 'preparing') this.#onPreparing(message);
      else this.#onNotice(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    this.#waiting.delete(message.id);
    clearTimeout(waiting.timer);
    if (message.type !== 'failed') {
      waiting.resolve(message);
      return;
    }
    waiting.reject(failureOf(message));
    // A backend that did not start in a worker does not start in it later either, though its file may come then.
    if (message.failure === 'no-backend') this.#end('no backend works in it');
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

function failureOf({
  failure,
  detail,
  fault,
}: Extract<Answer, { type: 'failed' }>): EngineFailure | LessonFailure {
  return failure === 'lost' || failure === 'diverged'
    ? new LessonFailure(failure, detail)
    : new EngineFailure(failure, detail, fault);
}
