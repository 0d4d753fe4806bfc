/** The report's recipe, and where another departs from it. */
import {
  type Architecture,
  attentionArchitecture,
  reportArchitecture,
  residualArchitecture,
} from '../network/architecture.ts';
import type { DataName, Departure, Recipe } from './recipe-schema.ts';

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
 * Where a run departs from the report's, setting by setting; empty for the report's own recipe. The seed does not
 * count, since the report names none.
 */
export function departures(recipe: Recipe, data: DataName = 'fashion-mnist'): Departure[] {
  const own = new Map(settingsOf({ ...recipe, data }));
  const reported = new Map(settingsOf({ ...reportRecipe, data: 'fashion-mnist' }));
  return [...new Set([...own.keys(), ...reported.keys()])]
    .filter((setting) => setting !== 'seed' && own.get(setting) !== reported.get(setting))
    .map((setting) => ({
      setting,
      value: own.get(setting) ?? null,
      reported: reported.get(setting) ?? null,
    }));
}

/** Whether a run is of the report's recipe, every setting of it. */
export const isFullRecipe = ({ departures }: { departures: readonly Departure[] }): boolean =>
  departures.length === 0;

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

/** The settings by their paths, such as `optimiser.weightDecay`, the architecture by its name. */
export function settingsOf(recipe: object, path = ''): [string, Departure['value']][] {
  return Object.entries(recipe).flatMap(([key, value]: [string, unknown]): [string, Departure['value']][] => {
    if (value === undefined) return [];
    if (key === 'architecture') return [[key, architectureName(value as Architecture)]];
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? settingsOf(value, `${path}${key}.`)
      : [[path + key, value as Departure['value']]];
  });
}

function architectureName(architecture: Architecture): string {
  const named = {
    report: reportArchitecture,
    attention: attentionArchitecture,
    residual: residualArchitecture,
  };
  const same = (other: Architecture): boolean => JSON.stringify(architecture) === JSON.stringify(other);
  return Object.entries(named).find(([, other]) => same(other))?.[0] ?? 'other';
}
