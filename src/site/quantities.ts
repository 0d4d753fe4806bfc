/**
 * The report's results and where the same quantity is found in a run's artifacts. One table, from which every number in
 * the text, the overview, the tables and Figure 2 takes both values.
 */
import { reported } from '../data/reported.ts';
import {
  differenceInterval,
  scoreDifference,
  type Scores,
  SCORES,
  wilsonInterval,
} from '../evaluation/metrics.ts';
import type { PublishedRun } from './runs.ts';

/** How a quantity is written and compared. */
export type QuantityKind =
  /** A proportion, 0 to 1, written in percent; differences in percentage points. */
  | 'percent'
  /** A proportion, 0 to 1, written as a fraction. */
  | 'fraction'
  | 'loss'
  /** A setting of the recipe, a plain number. */
  | 'setting'
  | 'rate'
  | 'seconds'
  | 'count'
  | 'points'
  | 'megabytes'
  | 'imagesPerSecond';

export type Interval = [low: number, high: number];

export interface Quantity {
  kind: QuantityKind;
  reported: number;
  /** Whether the report says "about". */
  about: boolean;
  /** The artifact that holds the run's value. */
  file: 'metrics.json' | 'history.json';
  /** The run's value, or null where it has none that corresponds. */
  reproduced: (run: PublishedRun) => number | null;
  /**
   * The 95 % interval of the difference from the report's value, in the values' own unit. Both are samples, of as many
   * images. Null for what is not counted over images, and for a single batch: the report's has other images.
   */
  interval: (run: PublishedRun) => Interval | null;
  /** Of a single batch, whose images are others than the report's: the two do not compare. */
  batch?: boolean;
}

type Epoch = PublishedRun['history']['epochs'][number];
type Entry = { value: number; approximate?: boolean };
type ImageCount = (run: PublishedRun) => number | null;

/** @param images over which a share was counted, in the report and in the run */
function quantity(
  kind: QuantityKind,
  { value, approximate = false }: Entry,
  file: Quantity['file'],
  reproduced: Quantity['reproduced'],
  images: ImageCount = () => null,
): Quantity {
  const interval = (run: PublishedRun): Interval | null => {
    const [share, count] = [reproduced(run), images(run)];
    if (share === null || count === null) return null;
    const of = (each: number) => wilsonInterval(each * count, count);
    return differenceInterval(value, of(value), share, of(share));
  };
  return { kind, reported: value, about: approximate, file, reproduced, interval };
}

const fromMetrics = (
  kind: QuantityKind,
  entry: Entry,
  value: (metrics: PublishedRun['metrics']) => number | null,
  images?: ImageCount,
): Quantity => quantity(kind, entry, 'metrics.json', ({ metrics }) => value(metrics), images);

const fromRecipe = (entry: Entry, value: (recipe: PublishedRun['metrics']['recipe']) => number): Quantity =>
  fromMetrics('setting', entry, ({ recipe }) => value(recipe));

const validationImages: ImageCount = ({ metrics }) => metrics.validation?.images ?? null;
/** The split is 8:2. */
const trainImages: ImageCount = ({ metrics }) => metrics.validation && 4 * metrics.validation.images;

const percentPoints = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : (a - b) * 100;

const epochsIn = (share: number, epochs: number): number => Number((share * epochs).toFixed(2));

/** The summary of an epoch: of what kind its values are, and the images over which its shares are counted. */
const EPOCH_VALUES = {
  trainLoss: { kind: 'loss', images: undefined },
  trainAccuracy: { kind: 'percent', images: trainImages },
  validationLoss: { kind: 'loss', images: undefined },
  validationAccuracy: { kind: 'percent', images: validationImages },
  learningRate: { kind: 'rate', images: undefined },
  seconds: { kind: 'seconds', images: undefined },
} as const satisfies Partial<Record<keyof Epoch, { kind: QuantityKind; images?: ImageCount }>>;
type EpochKey = keyof typeof EPOCH_VALUES;

const fromEpoch = (
  key: EpochKey,
  entry: Entry,
  find: (epochs: readonly Epoch[]) => Epoch | undefined,
): Quantity =>
  quantity(
    EPOCH_VALUES[key].kind,
    entry,
    'history.json',
    ({ history }) => find(history.epochs)?.[key] ?? null,
    EPOCH_VALUES[key].images,
  );

/** The values of Figure 1's log, and those that the report gives for the ends of Figure 2's curves. */
function historyQuantities(): Record<string, Quantity> {
  const found: Record<string, Quantity> = {};
  for (const [key, { start, end }] of Object.entries(reported.curves) as [
    keyof typeof reported.curves,
    Record<'start' | 'end', Entry>,
  ][]) {
    found[`first.${key}`] = fromEpoch(key, start, (epochs) => epochs[0]);
    found[`last.${key}`] = fromEpoch(key, end, (epochs) => epochs.at(-1));
  }
  for (const entry of reported.log) {
    const { epoch } = entry;
    for (const key of Object.keys(EPOCH_VALUES) as EpochKey[]) {
      const value = (entry as Partial<Record<EpochKey, Entry>>)[key];
      if (!value) continue;
      found[`epoch${epoch}.${key}`] = fromEpoch(key, value, (all) =>
        all.find((each) => each.epoch === epoch),
      );
    }
    for (const { batch, ...printed } of entry.batches ?? []) {
      for (const [key, kind] of [
        ['loss', 'loss'],
        ['accuracy', 'percent'],
      ] as const) {
        const value = ({ history: { batches } }: PublishedRun) =>
          batches.find((each) => each.epoch === epoch && each.batch === batch.value)?.[key] ?? null;
        found[`epoch${epoch}.batch${batch.value}.${key}`] = {
          ...quantity(kind, printed[key], 'history.json', value),
          batch: true,
        };
      }
    }
  }
  return found;
}

export function printedScores(label: number): Scores {
  const { precision, recall, f1 } = reported.classificationReport.classes[label]!;
  return { precision: precision.value, recall: recall.value, f1: f1.value };
}

const classQuantities = (): Record<string, Quantity> =>
  Object.fromEntries(
    reported.classificationReport.classes.flatMap(({ label, ...entry }) =>
      SCORES.map((score) => [
        `class${label}.${score}`,
        {
          ...fromMetrics(
            score === 'f1' ? 'fraction' : 'percent',
            entry[score],
            ({ report }) => report.classes[label]![score],
          ),
          interval: ({ confusion: { matrix } }: PublishedRun) =>
            scoreDifference(printedScores(label), matrix, label, score),
        },
      ]),
    ),
  );

/** By the ids that the report's text uses: `<R id="test.accuracy">`. */
export const quantities: Readonly<Record<string, Quantity>> = {
  'model.parameters': fromMetrics('count', reported.totalParameters, (m) => m.parameterCount),
  'model.trainable': fromMetrics('count', reported.trainableParameters, (m) => m.parameterCount),
  'model.megabytes': fromMetrics('megabytes', reported.modelSize, (m) => (4 * m.parameterCount) / 2 ** 20),
  'best.validationAccuracy': fromMetrics(
    'percent',
    reported.bestValidationAccuracy,
    ({ validation }) => validation?.accuracy ?? null,
    validationImages,
  ),
  'test.accuracy': fromMetrics(
    'percent',
    reported.testAccuracy,
    ({ test }) => test.accuracy,
    ({ metrics }) => metrics.test.images,
  ),
  'test.loss': fromMetrics('loss', reported.testLoss, ({ test }) => test.loss),
  'test.aboveBaseline': fromMetrics('points', reported.leadOverBaseline, ({ test }) =>
    percentPoints(test.accuracy, reported.baselineAccuracy.value),
  ),
  'test.gap': quantity('points', reported.trainTestGap, 'history.json', ({ history, metrics }) =>
    percentPoints(history.epochs.at(-1)!.trainAccuracy, metrics.test.accuracy),
  ),
  'last.gap': quantity('points', reported.trainValidationGap, 'history.json', ({ history }) => {
    const { trainAccuracy, validationAccuracy } = history.epochs.at(-1)!;
    return percentPoints(trainAccuracy, validationAccuracy);
  }),
  'schedule.max': quantity('rate', reported.maxLearningRate, 'history.json', ({ history }) =>
    Math.max(...history.epochs.map(({ learningRate }) => learningRate)),
  ),
  'schedule.warmUpEpochs': fromRecipe(reported.warmupEpochs, ({ schedule, epochs }) =>
    epochsIn(schedule.warmUp, epochs),
  ),
  'schedule.decayEpochs': fromRecipe(reported.decayEpochs, ({ schedule, epochs }) =>
    epochsIn(1 - schedule.warmUp, epochs),
  ),
  'best.epoch': fromMetrics('setting', reported.bestEpoch, (m) => m.bestEpoch),
  'total.seconds': fromMetrics('seconds', reported.totalTime, ({ time }) => time.seconds),
  'speed.secondsPerEpoch': fromMetrics('seconds', reported.epochTime, ({ time }) => time.secondsPerEpoch),
  'speed.imagesPerSecond': fromMetrics(
    'imagesPerSecond',
    reported.imagesPerSecond,
    (m) => m.time.imagesPerSecond,
  ),
  'recipe.weightDecay': fromRecipe(reported.weightDecay, ({ optimiser }) => optimiser.weightDecay),
  'recipe.labelSmoothing': fromRecipe(reported.labelSmoothing, (recipe) => recipe.labelSmoothing),
  'recipe.maxLearningRate': fromRecipe(reported.maxLearningRate, ({ schedule }) => schedule.maxLearningRate),
  'recipe.batchSize': fromRecipe(reported.batchSize, (recipe) => recipe.batchSize),
  'recipe.epochs': fromRecipe(reported.epochs, (recipe) => recipe.epochs),
  ...historyQuantities(),
  ...classQuantities(),
};

/** @throws {RangeError} for an id that is not in the table */
export function quantityOf(id: string): Quantity {
  const found = quantities[id];
  if (!found) throw new RangeError(`There is no reported number "${id}"; src/site/quantities.ts lists them.`);
  return found;
}

/** A value that the report prints for the end of an epoch; "about" where it says 约. */
export interface ReportedPoint {
  epoch: number;
  measure: Exclude<EpochKey, 'seconds'>;
  value: number;
  about: boolean;
}

/** What the report gives for the end of an epoch, for Figure 2: the log's values and where the curves begin. */
export const reportedPoints = (): ReportedPoint[] =>
  Object.entries(quantities).flatMap(([id, { reported: value, about }]) => {
    const [, epoch = '1', measure] = /^(?:epoch(\d+)|first)\.(\w+)$/.exec(id) ?? [];
    if (!measure || measure === 'seconds') return [];
    return [{ epoch: Number(epoch), measure: measure as ReportedPoint['measure'], value, about }];
  });
