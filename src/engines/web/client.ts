/** The page's side of the engine: starts the worker, queries it, and starts another where one stops answering. */
import { IMAGE_PIXELS } from '../../data/dataset.ts';
import type { Weights } from '../../network/architecture.ts';
import type { WebBackend } from '../backends.ts';
import type { Lesson } from '../../training/fine-tuning.ts';
import type { TrainingState } from '../../training/trainer.ts';
import {
  type AnswerTo,
  type Chosen,
  EngineError,
  type Exchanges,
  type Failure,
  type Feature,
  type ModelSource,
  type Notice,
  type PassedOver,
  type Preparing,
  type Reply,
  type Request,
  type RequestType,
  type Trying,
} from './protocol.ts';

export type Prediction = AnswerTo<'predict'>;

export interface EngineOptions {
  /** Compute on this backend and no other. */
  readonly forced?: WebBackend | null;
  /** For fine-tuning rather than for predictions alone. */
  readonly training?: boolean;
  /** Backends that are not to be tried. */
  readonly avoid?: readonly PassedOver[];
  /** Whether to compute on threads where the browser has them. */
  readonly threads?: boolean;
  readonly onNotice?: (notice: Notice) => void;
  readonly onPreparing?: (progress: Preparing) => void;
}

/** Loading reports at least this often: bytes, or the end of a backend's start. */
const LOAD_PATIENCE = 90_000;
/** A backend that starts answers, be it that its adapter is there or that a shader is compiled, at least this often. */
const TRY_PATIENCE = 7_000;
/** A prediction is given this long, and then some multiple of what its images would take by the last one's measure. */
const PREDICT_PATIENCE = 8_000;
/** A first step of training, and everything else in a lesson, is given this long … */
const STEP_PATIENCE = 120_000;
/** … but not on a GPU that nobody asked for: wasm does it sooner … */
const GPU_PATIENCE = 10_000;
/** … and a later step this, and some times what the longest one took. */
const LATER_STEP_PATIENCE = 6_000;
/** A timer that is this late slept with the page, frozen in the background or with its machine; the worker slept too. */
const ASLEEP = 2_000;
/** So many workers may stop, one after another, before the page gives up. */
const MAX_RESTARTS = 3;

interface Waiting {
  resolve: (answer: never) => void;
  reject: (error: EngineError) => void;
  patience: number;
  timer: ReturnType<typeof setTimeout>;
}

export class Engine {
  /** Addresses of what its worker has loaded. */
  files: readonly string[] = [];
  readonly #forced: WebBackend | null;
  readonly #training: boolean;
  readonly #onNotice: (notice: Notice) => void;
  readonly #onPreparing: (progress: Preparing) => void;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | null = null;
  #model: ModelSource | null = null;
  #backend: Chosen | null = null;
  #avoid: readonly PassedOver[];
  #threads: boolean;
  /** The backend that has to answer soon. */
  #trying: WebBackend | null = null;
  #restarts = 0;
  /** What one image took last. */
  #imageMilliseconds = 0;
  #longestStep = 0;
  /** How often it was disposed of: what was asked before that is not asked again. */
  #lives = 0;
  #nextId = 0;

  constructor({
    forced = null,
    training = false,
    avoid = [],
    threads = true,
    onNotice,
    onPreparing,
  }: EngineOptions = {}) {
    // Browsers let threads share memory on isolated pages only, and not all of them do it there.
    this.#threads = threads && Boolean(globalThis.crossOriginIsolated && globalThis.SharedArrayBuffer);
    this.#forced = forced;
    this.#training = training;
    this.#avoid = avoid;
    this.#onNotice = onNotice ?? (() => undefined);
    this.#onPreparing = onPreparing ?? (() => undefined);
  }

  /** Loads a model and chooses a backend for it. @throws EngineError */
  async load(model: ModelSource): Promise<Chosen> {
    this.#model = model;
    // One that was asked for and has failed in fine-tuning is asked for no more.
    const forced = this.#avoid.some(({ name }) => name === this.#forced) ? null : this.#forced;
    const { backend, files } = await this.#insist(() => {
      const request = { model, forced, avoid: this.#avoid, threads: this.#threads, training: this.#training };
      return this.#query('load', request, LOAD_PATIENCE);
    });
    this.files = files;
    this.#imageMilliseconds = backend.milliseconds;
    return (this.#backend = backend);
  }

  /** Predicts images of 28×28 bytes, one after another. @throws EngineError */
  async predict(images: Uint8Array<ArrayBuffer>): Promise<Prediction> {
    const count = images.length / IMAGE_PIXELS;
    const answer = await this.#queryModel('predict', { images, tuned: false }, count);
    this.#imageMilliseconds = answer.milliseconds / count;
    this.#backend = answer.backend;
    this.#restarts = 0;
    return answer;
  }

  /** The outputs of all layers for one image of 28×28 bytes. @throws EngineError */
  async features(image: Uint8Array<ArrayBuffer>): Promise<readonly Feature[]> {
    return (await this.#queryModel('features', { image }, 1)).features;
  }

  /** A request to the model, which is loaded again where its worker is gone. */
  #queryModel<Type extends 'predict' | 'features'>(
    type: Type,
    request: Exchanges[Type]['request'],
    images: number,
  ): Promise<AnswerTo<Type>> {
    return this.#insist(async () => {
      if (!this.#worker && this.#model) await this.load(this.#model);
      return this.#query(type, request, PREDICT_PATIENCE + 10 * images * this.#imageMilliseconds);
    });
  }

  /**
   * Starts a lesson, in place of any other, on the model that is loaded.
   * @param weights to start from, null for the model's
   * @param state to resume from
   * @throws EngineError `lost` where the backend fails at it: leave it with {@link abandon}
   */
  startLesson(
    lesson: Lesson,
    weights: Weights | null,
    state: TrainingState | null,
  ): Promise<AnswerTo<'startLesson'>> {
    // The next lesson's steps may be of the whole network, and its first one compiles.
    this.#longestStep = 0;
    return this.#queryLesson('startLesson', { lesson, weights, state }, this.#lessonPatience(LOAD_PATIENCE));
  }

  /** One step of the lesson, or the end of an epoch. @throws EngineError `lost`, `diverged` or `stopped` */
  async next(): Promise<AnswerTo<'next'>> {
    const patience = this.#longestStep
      ? LATER_STEP_PATIENCE + 10 * this.#longestStep
      : this.#lessonPatience(STEP_PATIENCE);
    const trained = await this.#queryLesson('next', {}, patience);
    this.#longestStep = Math.max(this.#longestStep, trained.milliseconds);
    return trained;
  }

  #lessonPatience(patience: number): number {
    return this.#forced || this.#backend?.name === 'wasm' ? patience : GPU_PATIENCE;
  }

  /** Predicts with the network that is being fine-tuned, as it is now. @throws EngineError */
  async predictTuned(images: Uint8Array<ArrayBuffer>): Promise<Float32Array> {
    return (await this.#queryLesson('predict', { images, tuned: true })).probabilities;
  }

  /** Everything from which the lesson can be resumed. @throws EngineError */
  async state(): Promise<TrainingState> {
    return (await this.#queryLesson('state', {})).state;
  }

  /** The weights of the network that is being fine-tuned. @throws EngineError */
  async weights(): Promise<Weights> {
    return (await this.#queryLesson('weights', {})).weights;
  }

  /** A request to the lesson, which ends with its worker. */
  async #queryLesson<Type extends RequestType>(
    type: Type,
    request: Exchanges[Type]['request'],
    patience = STEP_PATIENCE,
  ): Promise<AnswerTo<Type>> {
    if (!this.#worker) throw new EngineError('stopped', 'there is no worker');
    return this.#query(type, request, patience);
  }

  /**
   * An engine on WebGL, to be timed beside this one where it computes on the processor: whether a graphics card is faster
   * at steps as small as a lesson's differs from machine to machine. Null where there is none, or none is wanted.
   */
  rival(): Engine | null {
    const { name, passedOver } = this.#backend ?? { name: null, passedOver: [] };
    const avoid = [...this.#avoid, ...passedOver];
    const isLeft = !this.#forced && name === 'wasm' && !avoid.some((other) => other.name === 'webgl');
    if (!isLeft || !hasGraphicsCard()) return null;
    return new Engine({ training: true, avoid: [...avoid, { name, reason: 'slower in this lesson' }] });
  }

  /** Goes on with the worker of a rival in place of its own, which has nothing to do at the moment. */
  takeOver(rival: Engine): Chosen {
    this.#end('another is faster');
    const worker = rival.#worker!;
    rival.#worker = null;
    this.#listen(worker);
    this.#worker = worker;
    this.#longestStep = rival.#longestStep;
    return (this.#backend = rival.#backend!);
  }

  /** Leaves the worker, and its backend for good where another is left. The next {@link load} starts anew. */
  abandon(): void {
    this.#leave(this.#backend?.name, 'it stopped before');
    this.#end('it was left');
  }

  /** Ends the worker and all that waits for it. The next {@link load} starts anew. */
  dispose(): void {
    this.#lives++;
    this.#end('the engine was put away');
  }

  /** Tries again with a fresh worker when one has stopped. */
  async #insist<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const life = this.#lives;
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        const stopped = error instanceof EngineError && error.failure === 'stopped';
        if (!stopped || this.#restarts >= MAX_RESTARTS || life !== this.#lives) throw error;
        this.#restarts++;
      }
    }
  }

  #query<Type extends RequestType>(
    type: Type,
    request: Exchanges[Type]['request'],
    patience: number,
  ): Promise<AnswerTo<Type>> {
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const id = this.#nextId++;
    return new Promise<AnswerTo<Type>>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject, patience, timer: this.#arm(id, patience) });
      worker.postMessage({ ...(request as object), type, id } as Request);
    });
  }

  /** @returns the timer that ends the worker where it does not answer this request in time */
  #arm(id: number, patience: number): Waiting['timer'] {
    const due = performance.now() + patience;
    return setTimeout(() => {
      const waiting = this.#waiting.get(id);
      if (waiting && performance.now() - due > ASLEEP) waiting.timer = this.#arm(id, patience);
      else this.#stopped('it does not answer', true);
    }, patience);
  }

  #start(): Worker {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
    this.#listen(worker);
    return worker;
  }

  #listen(worker: Worker): void {
    worker.addEventListener('message', ({ data }: MessageEvent<Reply | Notice | Preparing | Trying>) =>
      this.#receive(data),
    );
    worker.addEventListener('error', (event) => {
      if (worker === this.#worker) this.#stopped(event.message || 'it does not start');
    });
  }

  #receive(message: Reply | Notice | Preparing | Trying): void {
    // Files load while a backend starts.
    if ('id' in message || message.type === 'preparing') this.#trying = null;
    else if (message.type === 'trying') this.#trying = message.backend;
    if (!('id' in message)) {
      // Where no other is left, one is waited for.
      const last = this.#trying === 'wasm' ? !this.#threads : this.#forced !== null;
      for (const [id, waiting] of this.#waiting) {
        clearTimeout(waiting.timer);
        waiting.timer = this.#arm(id, this.#trying && !last ? TRY_PATIENCE : waiting.patience);
      }
      if (message.type === 'preparing') this.#onPreparing(message);
      else if (message.type !== 'trying') this.#onNotice(message);
      return;
    }
    const waiting = this.#waiting.get(message.id);
    if (!waiting) return;
    this.#waiting.delete(message.id);
    clearTimeout(waiting.timer);
    if ('answer' in message) {
      waiting.resolve(message.answer as never);
      return;
    }
    const { failure, message: detail, fault } = message.failed;
    waiting.reject(new EngineError(failure, detail, fault));
    if (failure === 'stopped') this.#stopped(detail);
    // A script that did not come to a worker does not come to it later either, though the server may have it then.
    if (failure === 'no-backend' || failure === 'unreachable') this.#end('a part of it did not load');
  }

  /** The worker is gone or hangs. The next one leaves out the backend on which it happened, if another is left. */
  #stopped(reason: string, silent = false): void {
    const name = this.#trying ?? this.#backend?.name;
    const hopeless = this.#trying !== null && this.#trying === this.#forced && !this.#threads;
    if (name === 'wasm') this.#threads = false;
    if (name !== this.#forced) this.#leave(name, reason, silent);
    this.#end(hopeless ? `${name}: ${reason}` : reason, hopeless ? 'no-backend' : 'stopped');
  }

  #leave(name: WebBackend | undefined, reason: string, silent = false): void {
    if (!name || name === 'wasm' || this.#avoid.some((other) => other.name === name)) return;
    this.#avoid = [...this.#avoid, { name, reason, silent }];
  }

  #end(reason: string, failure: Failure = 'stopped'): void {
    this.#worker?.terminate();
    this.#worker = this.#trying = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject, timer } of waiting) {
      clearTimeout(timer);
      reject(new EngineError(failure, reason));
    }
  }
}

function hasGraphicsCard(): boolean {
  const context = new OffscreenCanvas(1, 1).getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}
