/** How a network is trained: every setting at one place, and why it is what it is. */
import type { AdamWOptions } from './adamw.ts';
import { type Architecture, reportArchitecture } from './architecture.ts';
import type { OneCycle } from './one-cycle.ts';

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

export interface Preset {
  /** Names the published run: `public/models/<id>/`. */
  readonly id: string;
  /** What it is, in a few words. */
  readonly label: string;
  readonly recipe: Recipe;
}

/** The kinds of layers that the report's network has, as small as can be: a run of it takes seconds anywhere. */
const tinyArchitecture: Architecture = {
  inputShape: reportArchitecture.inputShape,
  layers: [
    { type: 'conv', name: 'conv1', filters: 4 },
    { type: 'batchNorm', name: 'bn1' },
    { type: 'relu' },
    { type: 'maxPool' },
    { type: 'dropout', name: 'dropout1', rate: 0.25 },
    { type: 'flatten' },
    { type: 'dense', name: 'dense1', units: 16 },
    { type: 'batchNorm', name: 'bn2' },
    { type: 'relu' },
    { type: 'dropout', name: 'dropout2', rate: 0.3 },
    { type: 'dense', name: 'dense2', units: 10 },
  ],
};

/** Recipes that have a name, each as its difference from the report's. */
export const presets: Readonly<Record<string, Preset>> = {
  report: { id: 'baseline', label: 'The report’s recipe, in full', recipe: reportRecipe },
  preview: {
    id: 'preview',
    label: 'A short preview, not the report’s full recipe',
    recipe: { ...reportRecipe, epochs: 2, limit: 8_000 },
  },
  smoke: {
    id: 'smoke',
    label: 'A tiny network, to try the machinery',
    recipe: { ...reportRecipe, architecture: tinyArchitecture, epochs: 2, batchSize: 32, limit: 200 },
  },
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

/** Settings by path, the architecture as one word of its own: `optimiser.weightDecay`. */
function flatten(value: object, path = ''): Map<string, string> {
  const settings = new Map<string, string>();
  for (const [key, part] of Object.entries(value) as [string, unknown][]) {
    if (key === 'architecture') {
      settings.set(
        'architecture',
        JSON.stringify(part) === JSON.stringify(reportArchitecture) ? 'the report’s' : 'another',
      );
    } else if (typeof part === 'object' && part !== null) {
      for (const [inner, text] of flatten(part, `${path}${key}.`)) settings.set(inner, text);
    } else {
      settings.set(path + key, part === null ? 'none' : String(part));
    }
  }
  return settings;
}
