/** A sound example of each file, for tests to spoil. */
import type { DrawingFigures } from '../../src/artifacts/drawings.ts';
import type { Confusion, History, Index, Metrics } from '../../src/artifacts/schema.ts';
import { reportRecipe } from '../../src/training/recipe.ts';

const architecture = {
  inputShape: [2, 2, 1] as [number, number, number],
  layers: [{ type: 'flatten' as const }, { type: 'dense' as const, name: 'dense1', units: 10 }],
};
const score = { precision: 0.9, recall: 0.9, f1: 0.9, support: 1000 };
const total = { ...score, support: 10_000 };

export const metrics = (): Metrics => ({
  schemaVersion: 2,
  id: 'baseline',
  preset: 'report',
  variation: 'none',
  departures: [],
  data: 'fashion-mnist',
  recipe: { ...reportRecipe, architecture },
  seeds: { split: 1, run: 2 },
  backend: { name: 'onnxruntime', device: 'Some CPU' },
  machine: { cpu: 'Some CPU', cores: 2, platform: 'linux x64' },
  versions: { node: '22.23.3' },
  source: { commit: 'a'.repeat(40), dirty: false },
  sessions: [{ startedAt: '2026-01-01T00:00:00.000Z', fromStep: 0, commit: 'a'.repeat(40), dirty: false }],
  finishedAt: '2026-01-01T02:00:00.000Z',
  parameterCount: 2_493_514,
  epochs: 20,
  bestEpoch: 19,
  validation: { loss: 0.64, accuracy: 0.93, images: 12_000 },
  test: { loss: 0.64, accuracy: 0.9, correct: 9000, images: 10_000 },
  report: {
    classes: Array.from({ length: 10 }, () => ({ ...score })),
    macro: { ...total },
    weighted: { ...total },
  },
  time: { seconds: 7200, secondsPerEpoch: 360, imagesPerSecond: 150 },
  testSetReads: 2,
  float16: { flips: 3, accuracyFloat32: 0.9001, accuracyFloat16: 0.9 },
  files: { 'model.json': { bytes: 3, sha256: 'b'.repeat(64) } },
});

export const history = (): History => ({
  schemaVersion: 1,
  stepsPerEpoch: 188,
  epochs: [
    {
      epoch: 1,
      trainLoss: 1.1,
      trainAccuracy: 0.7,
      validationLoss: null,
      validationAccuracy: null,
      learningRate: 0.001,
      seconds: 360,
      trainSeconds: 300,
    },
  ],
  batches: [{ epoch: 1, batch: 0, loss: 2.3, accuracy: 0.1 }],
});

export const confusion = (): Confusion => {
  const matrix: number[][] = Array.from({ length: 10 }, (_, i) =>
    Array.from({ length: 10 }, (_, j) => (i === j ? 1000 : 0)),
  );
  matrix[6]![0] = 2;
  matrix[6]![6] = 998;
  return { schemaVersion: 1, matrix, cells: [{ true: 6, predicted: 0, ids: [17, 4711] }] };
};

export const index = (): Index => ({
  schemaVersion: 2,
  models: [
    {
      id: 'baseline',
      preset: 'report',
      variation: 'none',
      departures: [],
      testAccuracy: 0.9,
      finishedAt: '2026-01-01T02:00:00.000Z',
    },
  ],
});

export const drawingFigures = (): DrawingFigures => {
  const two = { images: 2, top1: 1, top3: 2, rejected: 0 };
  const [none, half] = [
    { images: 0, top1: 0, top3: 0, rejected: 0 },
    { images: 10, top1: 5, top3: 10, rejected: 0 },
  ];
  return {
    schemaVersion: 1,
    id: 'baseline',
    weights: 'c'.repeat(64),
    set: { name: 'last-look', sha256: 'd'.repeat(64) },
    backend: { name: 'onnxruntime', device: 'Some CPU' },
    criterion: { least: 0.62 },
    calibration: {
      photographs: { images: 100, rejected: 3 },
      drawings: { images: 100, rejected: 20 },
      others: { images: 100, rejected: 70 },
    },
    drawings: { images: 20, top1: 10, top3: 20, rejected: 0 },
    classes: Array.from({ length: 10 }, () => ({ ...two })),
    styles: { outline: { ...half }, filled: { ...half }, small: { ...none } },
    hands: { neat: { ...half }, sloppy: { ...half } },
    ambiguous: { ...two },
    others: { images: 5, rejected: 3 },
    test: { images: 10_000, rejected: 250 },
  };
};
