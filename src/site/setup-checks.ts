/**
 * What the report states about its data and its network, beside what the reproduction was made of: a line of the text
 * each, in which several values must agree. Pure.
 */
import { sum } from 'd3';
import type { DataManifest } from '../data/manifest.ts';
import { reported, type Figure } from '../data/reported.ts';
import { number } from '../i18n/format.ts';
import type { Lang } from '../i18n/languages.ts';
import type { report } from '../i18n/report.ts';
import { KERNEL_SIZE, outputShapes, type Architecture, type Layer } from '../network/architecture.ts';
import type { PublishedRun } from './runs.ts';

export interface StatedValue {
  /** Key of its name in the report's words. */
  name: Extract<Parameters<typeof report>[1], `agreed.${string}`>;
  /** One number, or several: the least and the greatest of the classes, both sides of a ratio. */
  reported: readonly number[];
  reproduced: readonly number[];
  /** How they are written: `28×28`, `8:2`; otherwise as a range. */
  form?: 'square' | 'ratio';
}

export interface SetupCheck {
  values: StatedValue[];
  /** What the reproduced values come from: the dataset, files of the run. */
  sources: readonly ('data' | 'metrics.json' | 'history.json')[];
}

type Check = (run: PublishedRun, data: Pick<DataManifest, 'classes' | 'imageSize'>) => SetupCheck;

const stated = (
  name: StatedValue['name'],
  { value }: Figure,
  reproduced: number | undefined,
  form?: 'square',
): StatedValue => ({
  name,
  reported: [value],
  reproduced: reproduced === undefined ? [] : [reproduced],
  ...(form && { form }),
});

/** One value where all are the same, else the least and the greatest. */
const range = (values: readonly number[]): number[] =>
  values.length === 0 ? [] : [...new Set([Math.min(...values), Math.max(...values)])];

const perClass = (part: 'train' | 'test', counted: number[]): StatedValue => ({
  name: `agreed.${part}PerClass`,
  reported: range(reported.distribution.map((row) => row[part].value)),
  reproduced: range(counted),
});

/** Values as the site writes them; a dash where there is none. */
export const statedText = (values: readonly number[], form: StatedValue['form'], lang: Lang): string =>
  (form === 'square' ? [...values, ...values] : values)
    .map((value) => number(lang, value))
    .join(form === 'square' ? '×' : form === 'ratio' ? ':' : '–') || '–';

/** The split in tenths, as the report gives it. */
function splitOf({ metrics: { validation, recipe } }: PublishedRun, trainImages: number): number[] {
  if (!validation) return [10, 0];
  const all = recipe.limit === null ? trainImages : recipe.limit + validation.images;
  const tenths = (10 * validation.images) / all;
  return [10 - tenths, tenths];
}

/** Rate of the dropout between a layer and the next one with weights, where there is one. */
function dropoutAfter(layers: readonly Layer[], from: number): number | undefined {
  const next = layers.slice(from + 1).find(({ type }) => ['dropout', 'conv', 'dense'].includes(type));
  return next?.type === 'dropout' ? next.rate : undefined;
}

/** The layers up to a pooling, with the dropout behind it: the report's blocks. */
function blockOf({ inputShape, layers }: Architecture, index: number) {
  const shapes = outputShapes({ inputShape, layers });
  const poolings = layers.flatMap((layer, i) => (layer.type === 'maxPool' ? [i] : []));
  const pool = poolings[index];
  if (pool === undefined) return null;
  const channels = layers
    .slice(poolings[index - 1] ?? 0, pool)
    .flatMap((layer) => (layer.type === 'conv' ? [layer.filters] : []));
  return {
    channels,
    pool: Math.floor(shapes[pool - 1]![0]! / shapes[pool]![0]!),
    dropout: dropoutAfter(layers, pool),
  };
}

/** A fully connected layer, counted from 0, with the dropout behind it. */
function denseOf({ inputShape, layers }: Architecture, index: number) {
  const shapes = outputShapes({ inputShape, layers });
  const at = layers.flatMap((layer, i) => (layer.type === 'dense' ? [i] : []))[index];
  if (at === undefined) return null;
  return { inputs: shapes[at - 1]![0]!, outputs: shapes[at]![0]!, dropout: dropoutAfter(layers, at) };
}

const block =
  (index: number): Check =>
  ({ metrics }) => {
    const figures = reported.blocks[index]!;
    const own = blockOf(metrics.recipe.architecture, index);
    return {
      sources: ['metrics.json'],
      values: [
        stated('agreed.convolutions', figures.convolutions, own?.channels.length),
        stated('agreed.kernel', figures.kernelSize, KERNEL_SIZE, 'square'),
        { ...stated('agreed.channels', figures.channels, undefined), reproduced: range(own?.channels ?? []) },
        stated('agreed.pool', figures.poolSize, own?.pool, 'square'),
        stated('agreed.dropout', figures.dropout, own?.dropout),
      ],
    };
  };

const dense =
  (index: number): Check =>
  ({ metrics }) => {
    const { inputs, outputs, dropout } = reported.dense[index]!;
    const own = denseOf(metrics.recipe.architecture, index);
    return {
      sources: ['metrics.json'],
      values: [
        stated('agreed.inputs', inputs, own?.inputs),
        stated('agreed.outputs', outputs, own?.outputs),
        ...(dropout ? [stated('agreed.dropout', dropout, own?.dropout)] : []),
      ],
    };
  };

const counted =
  (values: (data: Parameters<Check>[1]) => StatedValue[]): Check =>
  (_, data) => ({ sources: ['data'], values: values(data) });

const CHECKS: Record<string, Check> = {
  dataset: counted(({ classes, imageSize }) => [
    stated('agreed.classes', reported.classes, classes.train.length),
    stated('agreed.size', reported.imageSize, imageSize, 'square'),
    stated('agreed.images', reported.images, sum(classes.train) + sum(classes.test)),
  ]),
  training: (run, { classes }) => ({
    sources: ['data', 'metrics.json'],
    values: [
      stated('agreed.trainImages', reported.trainImages, sum(classes.train)),
      {
        name: 'agreed.split',
        reported: [reported.trainShare.value, reported.validationShare.value],
        form: 'ratio',
        reproduced: splitOf(run, sum(classes.train)),
      },
    ],
  }),
  test: counted(({ classes }) => [stated('agreed.testImages', reported.testImages, sum(classes.test))]),
  classes: counted(({ classes }) => [stated('agreed.classes', reported.classes, classes.test.length)]),
  size: counted(({ imageSize }) => [stated('agreed.size', reported.imageSize, imageSize, 'square')]),
  distribution: counted(({ classes: { train, test } }) => [perClass('train', train), perClass('test', test)]),
  block1: block(0),
  block2: block(1),
  block3: block(2),
  dense1: dense(0),
  dense2: dense(1),
  dense3: dense(2),
  dense4: dense(3),
  steps: ({ history }) => ({
    sources: ['history.json'],
    values: [stated('agreed.steps', reported.batchesPerEpoch, history.stepsPerEpoch)],
  }),
};

export const setupCheckIds: readonly string[] = Object.keys(CHECKS);

/** @throws {RangeError} for an id that no check has */
export function setupCheck(id: string, ...of: Parameters<Check>): SetupCheck {
  const found = CHECKS[id];
  if (!found) throw new RangeError(`There is no check "${id}"; src/site/setup-checks.ts lists them.`);
  return found(...of);
}
