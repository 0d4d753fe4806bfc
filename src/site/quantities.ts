/**
 * The report's results and where the same quantity stands in a run's artifacts. One table, from which every number in
 * the text, the overview and Figure 2 takes both values.
 */
import { sum } from 'd3';
import { reported } from '../data/reported.ts';
import type { Lang } from '../i18n/languages.ts';
import { f1Interval, wilsonInterval } from '../evaluation/metrics.ts';
import type { PublishedRun } from './runs.ts';

/** How a quantity is written and compared. */
export type Kind =
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

export interface Comparison {
  kind: Kind;
  /** As the report has it. */
  reported: number;
  /** Whether the report says "about". */
  about: boolean;
  /** The run's value, or null where it has none that corresponds. */
  reproduced: (run: PublishedRun) => number | null;
  /** Where the run's true value lies with 95 % confidence; null for what is no count of images. */
  interval: (run: PublishedRun) => Interval | null;
  /** The artifact that holds the value. */
  file: 'metrics.json' | 'history.json' | 'confusion.json';
}

export type Interval = [low: number, high: number];
type Epoch = PublishedRun['history']['epochs'][number];
type Entry = { value: number; approximate?: boolean };

const BATCH_IMAGES = 256;

const comparison = (
  kind: Kind,
  { value, approximate = false }: Entry,
  file: Comparison['file'],
  reproduced: Comparison['reproduced'],
  interval: Comparison['interval'] = () => null,
): Comparison => ({ kind, reported: value, about: approximate, file, reproduced, interval });

/**
 * A share of images, with Wilson's interval.
 * @param images over which it was counted, or null
 */
const proportion = (
  kind: Kind,
  entry: Entry,
  file: Comparison['file'],
  reproduced: Comparison['reproduced'],
  images: (run: PublishedRun) => number | null,
): Comparison =>
  comparison(kind, entry, file, reproduced, (run) => {
    const [share, count] = [reproduced(run), images(run)];
    return share === null || count === null ? null : wilsonInterval(share * count, count);
  });

const epochOf = (run: PublishedRun, epoch: number): Epoch | undefined =>
  run.history.epochs.find((each) => each.epoch === epoch);
const validationImages = (run: PublishedRun) => run.metrics.validation?.images ?? null;
/** The split is 8:2. */
const trainImages = (run: PublishedRun) =>
  run.metrics.validation === null ? null : 4 * run.metrics.validation.images;
const percentPoints = (a: number | null | undefined, b: number | null | undefined): number | null =>
  a == null || b == null ? null : (a - b) * 100;

/** A number within a part of the recipe that the schema leaves open. */
function settingOf(run: PublishedRun, part: string, name: string): number | null {
  const value = (run.metrics.recipe[part] as Record<string, unknown> | undefined)?.[name];
  return typeof value === 'number' ? value : null;
}

/** How long the learning rate rises. */
function warmUpEpochs(run: PublishedRun): number | null {
  const share = settingOf(run, 'schedule', 'warmUp');
  return share === null ? null : Number((share * run.metrics.recipe.epochs).toFixed(2));
}

/** What an epoch's summary holds, and of what kind each is. */
const EPOCH_KINDS = {
  trainLoss: 'loss',
  trainAccuracy: 'percent',
  validationLoss: 'loss',
  validationAccuracy: 'percent',
  learningRate: 'rate',
  seconds: 'seconds',
} as const satisfies Partial<Record<keyof Epoch, Kind>>;
type EpochKey = keyof typeof EPOCH_KINDS;

const epochImages = (key: EpochKey): ((run: PublishedRun) => number | null) =>
  key === 'trainAccuracy' ? trainImages : key === 'validationAccuracy' ? validationImages : () => null;

function logComparisons(): Record<string, Comparison> {
  const found: Record<string, Comparison> = {};
  for (const entry of reported.log) {
    const { epoch } = entry;
    for (const key of Object.keys(EPOCH_KINDS) as EpochKey[]) {
      const value = (entry as Partial<Record<EpochKey, Entry>>)[key];
      if (!value) continue;
      found[`epoch${epoch}.${key}`] = proportion(
        EPOCH_KINDS[key],
        value,
        'history.json',
        (run) => epochOf(run, epoch)?.[key] ?? null,
        epochImages(key),
      );
    }
    for (const { batch, loss, accuracy } of 'batches' in entry ? entry.batches : []) {
      const find = (run: PublishedRun) =>
        run.history.batches.find((each) => each.epoch === epoch && each.batch === batch.value);
      const id = `epoch${epoch}.batch${batch.value}`;
      found[`${id}.loss`] = comparison('loss', loss, 'history.json', (run) => find(run)?.loss ?? null);
      found[`${id}.accuracy`] = proportion(
        'percent',
        accuracy,
        'history.json',
        (run) => find(run)?.accuracy ?? null,
        () => BATCH_IMAGES,
      );
    }
  }
  return found;
}

function curveComparisons(): Record<string, Comparison> {
  const found: Record<string, Comparison> = {};
  for (const key of ['trainLoss', 'validationLoss', 'trainAccuracy', 'validationAccuracy'] as const) {
    const { start, end } = reported.curves[key];
    const kind = EPOCH_KINDS[key];
    const images = epochImages(key);
    found[`first.${key}`] = proportion(
      kind,
      start,
      'history.json',
      (run) => run.history.epochs[0]![key],
      images,
    );
    found[`last.${key}`] = proportion(
      kind,
      end,
      'history.json',
      (run) => run.history.epochs.at(-1)![key],
      images,
    );
  }
  return found;
}

export const SCORES = ['precision', 'recall', 'f1'] as const;

/** Precision is counted over what was called the class, recall over what is of it, F1 over both together. */
function scoreInterval(
  { confusion: { matrix } }: PublishedRun,
  label: number,
  score: (typeof SCORES)[number],
): Interval {
  const hits = matrix[label]![label]!;
  const called = sum(matrix, (row) => row[label]!);
  const own = sum(matrix[label]!);
  if (score === 'f1') return f1Interval(hits, called + own - 2 * hits);
  return wilsonInterval(hits, score === 'precision' ? called : own);
}

function classComparisons(): Record<string, Comparison> {
  const found: Record<string, Comparison> = {};
  for (const entry of reported.classificationReport.classes) {
    const { label } = entry;
    for (const key of SCORES) {
      found[`class${label}.${key}`] = comparison(
        key === 'f1' ? 'fraction' : 'percent',
        entry[key],
        'metrics.json',
        (run) => run.metrics.report.classes[label]![key],
        (run) => scoreInterval(run, label, key),
      );
    }
  }
  return found;
}

export const comparisons: Record<string, Comparison> = {
  'model.parameters': comparison(
    'count',
    reported.totalParameters,
    'metrics.json',
    (run) => run.metrics.parameterCount,
  ),
  'model.trainable': comparison(
    'count',
    reported.trainableParameters,
    'metrics.json',
    (run) => run.metrics.parameterCount,
  ),
  'model.megabytes': comparison(
    'megabytes',
    reported.modelSize,
    'metrics.json',
    (run) => (4 * run.metrics.parameterCount) / 2 ** 20,
  ),
  'best.validationAccuracy': proportion(
    'percent',
    reported.bestValidationAccuracy,
    'metrics.json',
    (run) => run.metrics.validation?.accuracy ?? null,
    validationImages,
  ),
  'test.accuracy': proportion(
    'percent',
    reported.testAccuracy,
    'metrics.json',
    (run) => run.metrics.test.accuracy,
    (run) => run.metrics.test.images,
  ),
  'test.loss': comparison('loss', reported.testLoss, 'metrics.json', (run) => run.metrics.test.loss),
  'test.aboveBaseline': comparison('points', reported.leadOverBaseline, 'metrics.json', (run) =>
    percentPoints(run.metrics.test.accuracy, reported.baselineAccuracy.value),
  ),
  'test.gap': comparison('points', reported.trainTestGap, 'history.json', (run) =>
    percentPoints(run.history.epochs.at(-1)!.trainAccuracy, run.metrics.test.accuracy),
  ),
  'last.gap': comparison('points', reported.trainValidationGap, 'history.json', (run) => {
    const { trainAccuracy, validationAccuracy } = run.history.epochs.at(-1)!;
    return percentPoints(trainAccuracy, validationAccuracy);
  }),
  'schedule.max': comparison('rate', reported.maxLearningRate, 'history.json', (run) =>
    Math.max(...run.history.epochs.map(({ learningRate }) => learningRate)),
  ),
  'schedule.warmUpEpochs': comparison('setting', reported.warmupEpochs, 'metrics.json', warmUpEpochs),
  'schedule.decayEpochs': comparison('setting', reported.decayEpochs, 'metrics.json', (run) => {
    const warmUp = warmUpEpochs(run);
    return warmUp === null ? null : Number((run.metrics.recipe.epochs - warmUp).toFixed(2));
  }),
  'best.epoch': comparison('setting', reported.bestEpoch, 'metrics.json', (run) => run.metrics.bestEpoch),
  'total.seconds': comparison(
    'seconds',
    reported.totalTime,
    'metrics.json',
    (run) => run.metrics.time.seconds,
  ),
  'speed.secondsPerEpoch': comparison(
    'seconds',
    reported.epochTime,
    'metrics.json',
    (run) => run.metrics.time.secondsPerEpoch,
  ),
  'speed.imagesPerSecond': comparison(
    'imagesPerSecond',
    reported.imagesPerSecond,
    'metrics.json',
    (run) => run.metrics.time.imagesPerSecond,
  ),
  'recipe.weightDecay': comparison('setting', reported.weightDecay, 'metrics.json', (run) =>
    settingOf(run, 'optimiser', 'weightDecay'),
  ),
  'recipe.labelSmoothing': comparison(
    'setting',
    reported.labelSmoothing,
    'metrics.json',
    (run) => run.metrics.recipe.labelSmoothing,
  ),
  'recipe.maxLearningRate': comparison('setting', reported.maxLearningRate, 'metrics.json', (run) =>
    settingOf(run, 'schedule', 'maxLearningRate'),
  ),
  'recipe.batchSize': comparison(
    'setting',
    reported.batchSize,
    'metrics.json',
    (run) => run.metrics.recipe.batchSize,
  ),
  'recipe.epochs': comparison('setting', reported.epochs, 'metrics.json', (run) => run.metrics.recipe.epochs),
  ...curveComparisons(),
  ...logComparisons(),
  ...classComparisons(),
};

/** @throws {RangeError} for an id that no comparison has. */
export function comparisonOf(id: string): Comparison {
  const found = comparisons[id];
  if (!found) throw new RangeError(`There is no reported number "${id}"; src/site/quantities.ts lists them.`);
  return found;
}

/**
 * The number in a piece of the report's text, in the unit of its kind: `93.81%` is 0.9381 of kind percent,
 * `5 分 35 秒` is 335 of kind seconds. Used to hold the text against reported.json.
 */
export function numberIn(text: string, kind: Kind): number {
  const minutes = /^(\d+)\s*(?:分|min)\s*(\d+)\s*(?:秒|s)$/.exec(text.trim());
  if (minutes) return 60 * Number(minutes[1]) + Number(minutes[2]);
  const number = Number(/\d[\d,.]*(?:e-?\d+)?/.exec(text)?.[0].replaceAll(',', ''));
  return kind === 'percent' ? number / 100 : number;
}

/** Decimal places of the number in a piece of text. */
export const decimalsIn = (text: string): number => /\.(\d+)/.exec(text)?.[1]?.length ?? 0;

const words: Record<
  Lang,
  { minutes: string; seconds: string; hours: string; points: string; perSecond: string }
> = {
  zh: { hours: ' 小时', minutes: ' 分', seconds: ' 秒', points: ' 个百分点', perSecond: ' 张/秒' },
  en: { hours: ' h', minutes: ' min', seconds: ' s', points: ' points', perSecond: ' images/s' },
};

/** A duration in the two units that say most: `7.4 s`, `5 min 35 s`, `2 h 14 min`. */
export function formatSeconds(seconds: number, lang: Lang): string {
  const { hours, minutes, seconds: unit } = words[lang];
  if (seconds < 100) return `${seconds.toFixed(1)}${unit}`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)}${minutes} ${whole % 60}${unit}`;
  const rounded = Math.round(whole / 60);
  return `${Math.floor(rounded / 60)}${hours} ${rounded % 60}${minutes}`;
}

/** A value as the site writes it. `decimals` is for kinds whose precision the report's text decides. */
export function formatValue(value: number, kind: Kind, lang: Lang, decimals: number): string {
  switch (kind) {
    case 'percent':
      return `${(value * 100).toFixed(decimals)}%`;
    case 'fraction':
    case 'loss':
    case 'rate':
      return value.toFixed(decimals);
    case 'setting':
      return value > 0 && value < 1e-3 ? value.toExponential() : String(value);
    case 'seconds':
      return formatSeconds(value, lang);
    case 'count':
      return value.toLocaleString('en');
    case 'points':
      return `${value.toFixed(decimals).replace('-', '−')}${words[lang].points}`;
    case 'megabytes':
      return `${value.toFixed(decimals)} MB`;
    case 'imagesPerSecond':
      return `${Math.round(value).toLocaleString('en')}${words[lang].perSecond}`;
  }
}

/** The signed difference of two values, or how many times as long or as fast; with a true minus sign. */
export function formatDifference(
  reproduced: number,
  reference: number,
  kind: Kind,
  lang: Lang,
  decimals: number,
): string {
  const signed = (value: number, digits: number) => {
    const text = Math.abs(value).toFixed(digits);
    return Number(text) === 0 ? '0' : `${value < 0 ? '−' : '+'}${text}`;
  };
  switch (kind) {
    case 'percent':
      return `${signed((reproduced - reference) * 100, decimals)}${words[lang].points}`;
    case 'points':
      return `${signed(reproduced - reference, decimals)}${words[lang].points}`;
    case 'count':
      return signed(reproduced - reference, 0);
    case 'setting':
      return signed(reproduced - reference, 4).replace(/\.?0+$/, '') || '0';
    case 'seconds':
    case 'imagesPerSecond': {
      const ratio = reproduced / reference;
      return `×${ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2)}`;
    }
    default:
      return signed(reproduced - reference, decimals);
  }
}

/** Loss, accuracy and rates that the report gives for the end of an epoch, for Figure 2. */
export const epochValues = (): {
  epoch: number;
  key: Exclude<EpochKey, 'seconds'>;
  value: number;
  about: boolean;
}[] =>
  Object.entries(comparisons).flatMap(([id, { reported: value, about }]) => {
    const match =
      /^(?:epoch(\d+)|(first))\.(trainLoss|trainAccuracy|validationLoss|validationAccuracy|learningRate)$/.exec(
        id,
      );
    if (!match) return [];
    return [
      { epoch: match[2] ? 1 : Number(match[1]), key: match[3] as Exclude<EpochKey, 'seconds'>, value, about },
    ];
  });
