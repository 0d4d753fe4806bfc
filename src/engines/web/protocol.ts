/** What a page and the engine's worker say to each other. */
import type { Architecture } from '../../model/architecture.ts';

/** Where the browser can compute, in the order in which they are tried. */
export const BACKENDS = ['webgpu', 'webgl', 'wasm'] as const;
export type BackendName = (typeof BACKENDS)[number];

export const isBackendName = (value: unknown): value is BackendName =>
  BACKENDS.includes(value as BackendName);

/** A published model, as the page knows it before any of it is loaded. */
export interface ModelSource {
  readonly id: string;
  readonly architecture: Architecture;
  /** Address of the model's folder, with a slash at its end. */
  readonly url: string;
  /** What was published and is needed to predict: size and SHA-256 (hexadecimal) of each file, by name. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
  /** The published probabilities of the known images, ten each; null where there are none to compare with. */
  readonly known: readonly number[] | null;
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
  /** No backend works here, or not the one that was asked for. */
  | 'no-backend'
  /** The worker stopped answering, again and again. */
  | 'stopped';

/** From the page. `id` comes back with the answer. */
export type Request =
  | {
      readonly type: 'load';
      readonly id: number;
      readonly model: ModelSource;
      /** Take this backend and no other. */
      readonly forced: BackendName | null;
      /** Do not try these: a worker died on them. */
      readonly avoid: readonly BackendName[];
    }
  | {
      readonly type: 'predict';
      readonly id: number;
      /** n images of 28×28 bytes, one after another; 0 is the black ground. */
      readonly images: Uint8Array<ArrayBuffer>;
    };

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
  | { readonly type: 'failed'; readonly id: number; readonly failure: Failure; readonly detail: string };

/** From the worker, unasked. */
export type Notice =
  | { readonly type: 'progress'; readonly loaded: number; readonly total: number }
  /** The files are there; a backend is being chosen. */
  | { readonly type: 'choosing' };

/** The backend in use, and why those before it are not. */
export interface Chosen {
  readonly name: BackendName;
  /** The processor it computes on, as far as the browser tells. */
  readonly device: string;
  readonly passedOver: readonly { readonly name: BackendName; readonly reason: string }[];
}
