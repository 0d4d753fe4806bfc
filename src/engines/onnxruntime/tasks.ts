/** What a team does (team.ts): every computation that is shared out between threads. */
import { moveTowards } from './average.ts';
import { adamW, dropout } from './elementwise.ts';
import { affineTask, channelSumsTask, combineTask, gradientSumsTask, momentsTask } from './batch-norm.ts';
import { correlateTask, filterGradientTask } from './convolution.ts';
import { maxPoolGradientTask, maxPoolTask } from './max-pool.ts';
import { pixelAffineTask, pixelSumsTask } from './per-image.ts';
import { pointwiseTask } from './pointwise.ts';

export const tasks = {
  adamW,
  affine: affineTask,
  channelSums: channelSumsTask,
  combine: combineTask,
  correlate: correlateTask,
  dropout,
  filterGradient: filterGradientTask,
  gradientSums: gradientSumsTask,
  maxPool: maxPoolTask,
  maxPoolGradient: maxPoolGradientTask,
  moments: momentsTask,
  moveTowards,
  pixelAffine: pixelAffineTask,
  pixelSums: pixelSumsTask,
  pointwise: pointwiseTask,
};

export type TaskName = keyof typeof tasks;
export type TaskArguments<Name extends TaskName> = Parameters<(typeof tasks)[Name]>[0];
