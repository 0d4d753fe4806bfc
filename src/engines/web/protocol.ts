/** What a page and the engine's worker say to each other. */
import type { Architecture, Weights } from '../../network/architecture.ts';
import type { Lesson } from '../../training/fine-tuning.ts';
import type { TrainingEvent, TrainingState } from '../../training/trainer.ts';
import type { WebBackend } from '../backends.ts';

/** What is loaded of a model to predict with it. */
export interface ModelFiles {
  /** The one of the files that says what is in the others: a `model.json`. */
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
}

/** Bytes to load before a model answers. */
export const modelBytes = ({ files }: Pick<ModelSource, 'files'>): number =>
  Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0);

/** Why something could not be done; the page has a sentence for each. */
export type Failure =
  /** A file did not arrive: no network, or the server refused. */
  | 'unreachable'
  /** A file is not there. */
  | 'missing'
  /** A file is not the one that was published. */
  | 'damaged'
  /** The network that this browser should keep is gone, or not whole. */
  | 'not-kept'
  /** No backend works here, or not the one that was asked for. */
  | 'no-backend'
  /** The worker stopped answering, again and again. */
  | 'stopped';

/** A published file that is missing or damaged. */
export interface FileFault {
  /** Its name with the model's id before it: `baseline/weights.bin`. */
  readonly file: string;
  /** What is wrong with it, in English. */
  readonly reason: string;
}

/** What a layer of the network gives for one image. */
export interface Feature {
  readonly name: string;
  /** [height, width, channels] or [units]; the values row-major. */
  readonly shape: readonly number[];
  readonly values: Float32Array<ArrayBuffer>;
}

/** Why a lesson does not go on. */
export type LessonFault =
  /** The backend stopped, or computes gradients wrongly. */
  | 'lost'
  /** The loss exploded; the weights are those of the last epoch in order. */
  | 'diverged';

/** From the page. `id` comes back with the answer. */
export type Request =
  | {
      readonly type: 'load';
      readonly id: number;
      readonly model: ModelSource;
      /** Take this backend and no other. */
      readonly forced: WebBackend | null;
      /** Do not try these: a worker died on them. */
      readonly avoid: readonly WebBackend[];
    }
  | {
      readonly type: 'predict';
      readonly id: number;
      /** n images of 28×28 bytes, one after another; 0 is the black ground. */
      readonly images: Uint8Array<ArrayBuffer>;
      /** Ask the network that is being taught, as it is now, not the published one. */
      readonly pupil?: boolean;
    }
  /** What every layer gives for one image of 28×28 bytes. */
  | { readonly type: 'features'; readonly id: number; readonly image: Uint8Array<ArrayBuffer> }
  /** Begins a lesson, in place of any other. */
  | {
      readonly type: 'teach';
      readonly id: number;
      readonly lesson: Lesson;
      /** The weights to begin with; null for those of the loaded model. */
      readonly weights: Weights | null;
      /** Where the lesson was left; null for its beginning. */
      readonly state: TrainingState | null;
    }
  /** The lesson's next step, or the end of its epoch. */
  | { readonly type: 'next'; readonly id: number }
  /** Everything from which the lesson can go on. */
  | { readonly type: 'state'; readonly id: number }
  /** The weights of the network as it is now. */
  | { readonly type: 'weights'; readonly id: number };

/** From the worker: the answer to a request. */
export type Answer =
  | { readonly type: 'loaded'; readonly id: number; readonly backend: Chosen }
  | {
      readonly type: 'predicted';
      readonly id: number;
      /** Ten for each image. */
      readonly probabilities: Float32Array<ArrayBuffer>;
      /** Time on the backend, reading the result included. */
      readonly milliseconds: number;
      /** May be another than before: a backend that is lost is replaced. */
      readonly backend: Chosen;
    }
  | { readonly type: 'features'; readonly id: number; readonly features: readonly Feature[] }
  | {
      readonly type: 'ready';
      readonly id: number;
      readonly stepsPerEpoch: number;
      readonly totalSteps: number;
    }
  | {
      readonly type: 'trained';
      readonly id: number;
      readonly event: TrainingEvent;
      readonly milliseconds: number;
      /** In tfjs's memory after it: a leak would show. */
      readonly memory: { readonly tensors: number; readonly bytes: number };
    }
  | { readonly type: 'state'; readonly id: number; readonly state: TrainingState }
  | { readonly type: 'weights'; readonly id: number; readonly weights: Weights }
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly failure: Failure | LessonFault;
      readonly detail: string;
      /** With `missing` and `damaged`; else null. */
      readonly fault: FileFault | null;
    };

/** From the worker, unasked. */
export type Notice =
  | { readonly type: 'progress'; readonly loaded: number; readonly total: number }
  /** The files are there; a backend is being chosen. */
  | { readonly type: 'choosing' };

/** From the worker, unasked: so many of the images that it was asked for have gone through the network. */
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
  readonly passedOver: readonly { readonly name: WebBackend; readonly reason: string }[];
}
