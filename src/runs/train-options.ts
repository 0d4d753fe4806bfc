/** The settings of `npm run train`. */
import type { DataName } from '../training/recipe-schema.ts';
import type { BackendChoice } from '../engines/backends.ts';

/** Undefined where the user left a setting out. */
export interface TrainOptions {
  preset?: string;
  epochs?: number;
  limit?: number;
  batch?: number;
  seed?: number;
  /** How many seeds, counted on from the first. */
  seeds?: number;
  /** A published run to begin with. */
  from?: string;
  allImages?: boolean;
  /** Validation accuracy, 0 to 1. */
  stopAt?: number;
  /** Of an ensemble. */
  members?: string[];
  data?: DataName;
  backend?: BackendChoice;
  threads?: number;
  output?: string;
  stateDir?: string;
  checkpointSeconds?: number;
  resume: boolean;
  restart: boolean;
  publish: boolean;
}
