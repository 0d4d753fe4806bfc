/**
 * What the report states about its data and its network, beside what the reproduction was made of: a line of the text
 * each, in which several values must agree. Pure.
 */
import { sum } from 'd3';
import type { DataManifest } from '../data/manifest.ts';
import { reported, type Figure } from '../data/reported.ts';
import type { report } from '../i18n/report.ts';
import { KERNEL_SIZE, outputShapes, type Architecture, type Layer } from '../network/architecture.ts';
import type { PublishedRun } from './runs.ts';

export interface StatedValue {
  /** Key of its name in the report's words. */
  name: Extract<Parameters<typeof report>[1], `agreed.${string}`>;
  reported: string;
  reproduced: string;
}

export interface SetupCheck {
  values: StatedValue[];
  /** What the reproduced values come from: the dataset, files of the run. */
  sources: readonly ('data' | 'metrics.json' | 'history.json')[];
}

type Check = (run: PublishedRun, data: Pick<DataManifest, 'classes' | 'imageSize'>) => SetupCheck;

const number = (value: number): string => value.toLocaleString('en');
const square = (side: number): string => `${side}×${side}`;
/** One value where all are the same, else the least and the greatest. */
const range = (values: readonly number[]): string =>
  [...new Set([Math.min(...values), Math.max(...values)])].map(number).join('–');

/** @param format writes both values, given as numbers */
const stated = (
  name: StatedValue['name'],
  { value }: Figure,
  reproduced: number,
  format: (value: number) => string = number,
): StatedValue => ({ name, reported: format(value), reproduced: format(reproduced) });

const perClass = (part: 'train' | 'test', counted: number[]): StatedValue => ({
  name: `agreed.${part}PerClass`,
  reported: range(reported.distribution.map((row) => row[part].value)),
  reproduced: range(counted),
});

/** The split in tenths, as the report gives it. */
function splitOf({ metrics: { validation, recipe } }: PublishedRun, trainImages: number): string {
  if (!validation) return '10:0';
  const all = recipe.limit === null ? trainImages : recipe.limit + validation.images;
  const tenths = (10 * validation.images) / all;
  return `${number(10 - tenths)}:${number(tenths)}`;
}

/** Rate of the dropout between a layer and the next one with weights; NaN where there is none. */
function dropoutAfter(layers: readonly Layer[], from: number): number {
  const next = layers.slice(from + 1).find(({ type }) => ['dropout', 'conv', 'dense'].includes(type));
  return next?.type === 'dropout' ? next.rate : NaN;
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
        stated('agreed.convolutions', figures.convolutions, own?.channels.length ?? NaN),
        stated('agreed.kernel', figures.kernelSize, KERNEL_SIZE, square),
        { ...stated('agreed.channels', figures.channels, NaN), reproduced: range(own?.channels ?? []) },
        stated('agreed.pool', figures.poolSize, own?.pool ?? NaN, square),
        stated('agreed.dropout', figures.dropout, own?.dropout ?? NaN, String),
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
        stated('agreed.inputs', inputs, own?.inputs ?? NaN),
        stated('agreed.outputs', outputs, own?.outputs ?? NaN),
        ...(dropout ? [stated('agreed.dropout', dropout, own?.dropout ?? NaN, String)] : []),
      ],
    };
  };

const counted =
  (values: (data: Parameters<Check>[1]) => StatedValue[]): Check =>
  (_, data) => ({ sources: ['data'], values: values(data) });

const CHECKS: Record<string, Check> = {
  dataset: counted(({ classes, imageSize }) => [
    stated('agreed.classes', reported.classes, classes.train.length),
    stated('agreed.size', reported.imageSize, imageSize, square),
    stated('agreed.images', reported.images, sum(classes.train) + sum(classes.test)),
  ]),
  training: (run, { classes }) => ({
    sources: ['data', 'metrics.json'],
    values: [
      stated('agreed.trainImages', reported.trainImages, sum(classes.train)),
      {
        name: 'agreed.split',
        reported: `${reported.trainShare.value}:${reported.validationShare.value}`,
        reproduced: splitOf(run, sum(classes.train)),
      },
    ],
  }),
  test: counted(({ classes }) => [stated('agreed.testImages', reported.testImages, sum(classes.test))]),
  classes: counted(({ classes }) => [stated('agreed.classes', reported.classes, classes.test.length)]),
  size: counted(({ imageSize }) => [stated('agreed.size', reported.imageSize, imageSize, square)]),
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
