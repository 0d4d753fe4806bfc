/** How a network is trained: every setting at one place, and why it is what it is. */
import type { AdamWOptions } from '../network/adamw.ts';
import { type Architecture, reportArchitecture } from '../network/architecture.ts';
import type { Augmentation } from './augmentation/augmentation.ts';
import type { Emphasis } from './hard-examples.ts';
import type { OneCycle } from '../network/one-cycle.ts';
import type { Averaging } from '../network/weight-average.ts';

export interface Recipe {
  readonly architecture: Architecture;
  readonly epochs: number;
  /** Images a step; the last batch of an epoch may be smaller. */
  readonly batchSize: number;
  readonly schedule: OneCycle;
  readonly optimiser: AdamWOptions;
  /** How much of a label is spread over all classes, in training and in evaluation. */
  readonly labelSmoothing: number;
  /** Decides initialisation, batch order and dropout. The split into training and validation has its own. */
  readonly seed: number;
  /** Train on this many images and validate on a quarter as many; null for all there are. */
  readonly limit: number | null;

  // What the report does not do. Left out, none of it is done.
  /** How the training images are changed each time they are shown. */
  readonly augmentation?: Augmentation;
  /** Show hard images more often than easy ones. */
  readonly emphasis?: Emphasis;
  /** Validate and publish the mean of the weights that training passes through. */
  readonly averaging?: Averaging;
  /** Begin with the weights of this published run, not with random ones. */
  readonly from?: string;
  /** Learn from what other networks say of the images as well as from the labels. */
  readonly distillation?: Distillation;
  /** All of the network's dropout rates are multiplied by this while it is trained. */
  readonly dropout?: number;
  /** In the convolution blocks, whole channels are dropped: PyTorch's Dropout2d in place of its Dropout. */
  readonly channelDropout?: boolean;
  /** Train on the validation images too: nothing can be chosen by them then. */
  readonly allImages?: boolean;
  /** Stop at the end of the first epoch whose validation accuracy is this or more. */
  readonly targetAccuracy?: number;
}

/** Learning from other networks (Hinton, Vinyals and Dean, https://arxiv.org/abs/1503.02531), at temperature 1. */
interface Distillation {
  /**
   * Published runs; the mean of their probabilities is learned from. It is computed once, of the images as they are:
   * asking the teachers about every augmented image would cost more than the training itself.
   */
  readonly teachers: readonly string[];
  /** How much that counts: 0 the labels alone, 1 the teachers alone. */
  readonly weight: number;
}

/** The report's recipe (its section 4.2); where it is silent, PyTorch's defaults. */
export const reportRecipe: Recipe = {
  architecture: reportArchitecture,
  epochs: 20,
  batchSize: 256,
  schedule: {
    // The report says lr=0.001 for AdamW, which OneCycleLR overwrites from the first step on: 4e-4 → 1e-2 → 4e-8.
    maxLearningRate: 0.01,
    // PyTorch's defaults from here on. The learning rates in the report's log confirm them to the last digit.
    warmUp: 0.3,
    divFactor: 25,
    finalDivFactor: 1e4,
    baseBeta1: 0.85,
    maxBeta1: 0.95,
  },
  // β2 and ε are PyTorch's defaults; β1 is the schedule's.
  optimiser: { beta2: 0.999, epsilon: 1e-8, weightDecay: 1e-4 },
  labelSmoothing: 0.1,
  // The report names no seed; this one was chosen before any run.
  seed: 1,
  limit: null,
};

/**
 * Where a recipe departs from the report's: `['epochs: 2 instead of 20']`, empty for the report's own. The seed does
 * not count, since the report names none.
 */
export function departures(recipe: Recipe): string[] {
  const [own, reported] = [flatten(recipe), flatten(reportRecipe)];
  return [...new Set([...own.keys(), ...reported.keys()])]
    .filter((setting) => setting !== 'seed' && own.get(setting) !== reported.get(setting))
    .map(
      (setting) => `${setting}: ${own.get(setting) ?? 'none'} instead of ${reported.get(setting) ?? 'none'}`,
    );
}

/** The network as the recipe trains it: the same weights, another dropout. */
export function trainedArchitecture({ architecture, dropout = 1, channelDropout }: Recipe): Architecture {
  const { layers } = architecture;
  const flat = layers.findIndex(({ type }) => type === 'flatten');
  return {
    ...architecture,
    layers: layers.map((layer, i) =>
      layer.type === 'dropout'
        ? { ...layer, rate: layer.rate * dropout, ...(channelDropout && i < flat && { channels: true }) }
        : layer,
    ),
  };
}

/** Settings by path, the architecture as one word of its own: `optimiser.weightDecay`. */
function flatten(value: object, path = ''): Map<string, string> {
  const settings = new Map<string, string>();
  for (const [key, part] of Object.entries(value) as [string, unknown][]) {
    if (part === undefined) continue;
    if (key === 'architecture') {
      settings.set('architecture', architectureName(part as Architecture));
    } else if (typeof part === 'object' && part !== null) {
      for (const [inner, text] of flatten(part, `${path}${key}.`)) settings.set(inner, text);
    } else {
      settings.set(path + key, part === null ? 'none' : String(part));
    }
  }
  return settings;
}

function architectureName(architecture: Architecture): string {
  const same = ({ layers }: Pick<Architecture, 'layers'>): boolean =>
    JSON.stringify({ ...architecture, layers }) === JSON.stringify(reportArchitecture);
  if (same(architecture)) return 'the report’s';
  const layers = architecture.layers.filter(({ type }) => type !== 'squeezeExcite');
  return same({ layers }) ? 'the report’s with squeeze and excitation' : 'another';
}
