/** What a training is asked to do. */
import { type DataName, dataSchema } from '../training/recipe-schema.ts';
import type { BackendChoice } from '../engines/backends.ts';

/** What the user asked for; undefined where nothing was said. */
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

export const DATA_NAMES = dataSchema.options;
