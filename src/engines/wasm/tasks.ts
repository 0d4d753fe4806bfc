/** All that threads compute together. A task is known to them by its place in this list. */
import type { Task } from './machine.ts';
import { stepParameter } from './adamw.ts';
import { correlate, correlateGradient } from './convolution.ts';
import {
  addNormaliseSums,
  addRows,
  addSquares,
  drop,
  normalise,
  normaliseGradient,
  poolGradient,
} from './layers.ts';
import { multiplyPanels } from './product.ts';
import { correlateTiles, mapFilter, tilesFilterGradient } from './tiles.ts';

export const TASKS: readonly Task<never>[] = [
  addNormaliseSums,
  addRows,
  addSquares,
  correlate,
  correlateGradient,
  correlateTiles,
  drop,
  mapFilter,
  multiplyPanels,
  normalise,
  normaliseGradient,
  poolGradient,
  stepParameter,
  tilesFilterGradient,
];
