/** The messages between a page and the engine's worker. */
import type { Architecture, Weights } from '../../network/architecture.ts';
import type { Lesson } from '../../training/fine-tuning.ts';
import type { TrainingEvent, TrainingState } from '../../training/trainer.ts';
import type { WebBackend } from '../backends.ts';

/** What is loaded of a model to predict with it. */
export interface ModelFiles {
  /** The file that describes the others: a `model.json`. */
  readonly topology: string;
  /** Size and SHA-256 (hexadecimal) of each, by name. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
  /** The published probabilities of the known images, ten each; null where there are none to compare with. */
  readonly known: readonly number[] | null;
}

/** A published model, as the page knows it before any of it is loaded. */
export interface ModelSource extends ModelFiles {
  readonly id: string;
  readonly architecture: Architecture;
  /** Address of the model's folder, with a slash at its end. */
  readonly url: string;
  /** The same in fewer bytes, for slow connections. */
  readonly light?: ModelFiles;
  /** The weights are not at `url` but kept in this browser, under this name. */
  readonly kept?: string;
  /** What the reader calls its eleventh class; absent where it has ten. */
  readonly className?: string;
}

/** Bytes to load before a model answers. */
export const modelBytes = ({ files }: Pick<ModelSource, 'files'>): number =>
  Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);

/** Why a request could not be met. */
export type Failure =
  /** A file did not arrive: no network, or the server refused. */
  | 'unreachable'
  /** A file is not there. */
  | 'missing'
  /** A file is not the one that was published. */
  | 'damaged'
  /** The network that this browser should keep is gone, or incomplete. */
  | 'not-kept'
  /** No backend works here, or not the one that was asked for. */
  | 'no-backend'
  /** The worker stopped answering, again and again. */
  | 'stopped'
  /** A lesson cannot be continued: the backend stopped, or computes gradients wrongly. */
  | 'lost'
  /** A lesson's loss exploded; the weights are those of the last epoch in order. */
  | 'diverged';

/** A published file that is missing or damaged. */
export interface FileFault {
  /** Its name with the model's id before it: `baseline/weights.bin`. */
  readonly file: string;
  /** What is wrong with it, in English. */
  readonly reason: string;
}

/** A request could not be met; the message is for those who look closer. */
export class EngineError extends Error {
  override name = 'EngineError';
  readonly failure: Failure;
  /** With `missing` and `damaged`. */
  readonly fault: FileFault | null;

  constructor(failure: Failure, detail: string, fault: FileFault | null = null) {
    super(detail);
    this.failure = failure;
    this.fault = fault;
  }
}

/** The output of a layer for one image. */
export interface Feature {
  readonly name: string;
  /** [height, width, channels] or [units]; the values row-major. */
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

/** What the page may ask of the worker: what each request carries, and what its answer holds. */
export interface Exchanges {
  /** Loads a model and chooses a backend for it. */
  load: {
    request: {
      readonly model: ModelSource;
      /** Take this backend and no other. */
      readonly forced: WebBackend | null;
      /** Do not try these: a worker died on them. */
      readonly avoid: readonly PassedOver[];
      /** For fine-tuning rather than for predictions alone. */
      readonly training: boolean;
      /** Whether wasm is to use threads. */
      readonly threads: boolean;
    };
    answer: {
      readonly backend: Chosen;
      /** Addresses of what the worker has loaded. */
      readonly files: readonly string[];
    };
  };
  predict: {
    request: {
      /** n images of 28×28 bytes, one after another; 0 is the black ground. */
      readonly images: Uint8Array<ArrayBuffer>;
      /** Predict with the network that is being fine-tuned, as it is now, not with the published one. */
      readonly tuned: boolean;
    };
    answer: {
      /** Ten for each image. */
      readonly probabilities: Float32Array<ArrayBuffer>;
      /** Time on the backend, reading the result included. */
      readonly milliseconds: number;
      /** May be another than before: a backend that is lost is replaced. */
      readonly backend: Chosen;
    };
  };
  /** The outputs of all layers for one image of 28×28 bytes. */
  features: {
    request: { readonly image: Uint8Array<ArrayBuffer> };
    answer: { readonly features: readonly Feature[] };
  };
  /** Starts a lesson, in place of any other. */
  startLesson: {
    request: {
      readonly lesson: Lesson;
      /** The weights to start from; null for those of the loaded model. */
      readonly weights: Weights | null;
      /** The state to resume from; null for the lesson's beginning. */
      readonly state: TrainingState | null;
    };
    answer: { readonly stepsPerEpoch: number; readonly totalSteps: number };
  };
  /** The lesson's next step, or the end of its epoch. */
  next: {
    request: unknown;
    answer: {
      readonly event: TrainingEvent;
      readonly milliseconds: number;
      /** In tfjs's memory after it: a leak would show. */
      readonly memory: { readonly tensors: number; readonly bytes: number };
    };
  };
  /** Everything from which the lesson can be resumed. */
  state: { request: unknown; answer: { readonly state: TrainingState } };
  /** The weights of the fine-tuned network as it is now. */
  weights: { request: unknown; answer: { readonly weights: Weights } };
}
export type RequestType = keyof Exchanges;
export type AnswerTo<Type extends RequestType> = Exchanges[Type]['answer'];

/** From the page. `id` comes back with the answer. */
export type Request = {
  [Type in RequestType]: { readonly type: Type; readonly id: number } & Exchanges[Type]['request'];
}[RequestType];

/** From the worker, to a request: the answer, or why there is none. */
export type Reply =
  | { readonly id: number; readonly answer: AnswerTo<RequestType> }
  | { readonly id: number; readonly failed: Pick<EngineError, 'failure' | 'message' | 'fault'> };

/** From the worker, unasked. */
export type Notice =
  | { readonly type: 'progress'; readonly loaded: number; readonly total: number }
  /** The files are there; a backend is being chosen. */
  | { readonly type: 'choosing' };

/** From the worker, unasked: this backend is to answer next; null before what takes its time for other reasons. */
export interface Trying {
  readonly type: 'trying';
  readonly backend: WebBackend | null;
}
export type Report = (trying: Trying['backend']) => void;

/** From the worker, unasked: so many of the request's images have gone through the network. */
export interface Preparing {
  readonly type: 'preparing';
  readonly done: number;
  readonly total: number;
}

/** The backend in use, and why those before it are not. */
export interface Chosen {
  readonly name: WebBackend;
  /** The processor it computes on, as far as the browser tells. */
  readonly device: string;
  /** Time of one image when it was tested. */
  readonly milliseconds: number;
  readonly passedOver: readonly PassedOver[];
}

export interface PassedOver {
  readonly name: WebBackend;
  readonly reason: string;
  /** It was given up because it did not answer. */
  readonly silent?: boolean;
}
