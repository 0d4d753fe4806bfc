/**
 * What the report says of its data and its network, beside what the reproduction was in fact made of: a line of the text
 * each, in which several numbers must agree. Pure.
 */
import { reported, type Figure } from '../data/reported.ts';
import { KERNEL_SIZE, outputShapes, type Architecture, type Layer } from '../network/architecture.ts';
import type { DataManifest } from '../data/manifest.ts';
import type { PublishedRun } from './runs.ts';

export interface Part {
  /** Its name in src/i18n is `agreed.<name>`. */
  name: PartName;
  reported: string;
  reproduced: string;
}

export type PartName =
  | 'images'
  | 'trainImages'
  | 'testImages'
  | 'split'
  | 'classes'
  | 'size'
  | 'trainPerClass'
  | 'testPerClass'
  | 'convolutions'
  | 'kernel'
  | 'channels'
  | 'pool'
  | 'dropout'
  | 'inputs'
  | 'outputs'
  | 'steps';

export interface Agreement {
  parts: Part[];
  /** What the reproduced values come from: the dataset, files of the run. */
  sources: readonly ('data' | 'metrics.json' | 'history.json')[];
}

type Of = (run: PublishedRun, data: Pick<DataManifest, 'classes' | 'imageSize'>) => Agreement;

const sum = (counts: readonly number[]): number => counts.reduce((total, each) => total + each, 0);
const number = (value: number): string => value.toLocaleString('en');
const square = (side: number): string => `${side}×${side}`;
/** One value where all are the same, else the least and the greatest. */
const range = (values: readonly number[]): string =>
  [...new Set([Math.min(...values), Math.max(...values)])].map(number).join('–');

const part = (name: PartName, own: string, reproduced: string): Part => ({ name, reported: own, reproduced });
const value = (figure: Figure): string => number(figure.value);

/** The split in tenths, as the report gives it. */
function splitOf(
  { metrics: { validation, recipe } }: PublishedRun,
  { classes }: Pick<DataManifest, 'classes'>,
): string {
  if (!validation) return '10:0';
  const all = recipe.limit === null ? sum(classes.train) : recipe.limit + validation.images;
  const tenths = (10 * validation.images) / all;
  return `${number(10 - tenths)}:${number(tenths)}`;
}

const data =
  (parts: (of: Parameters<Of>[1]) => Part[]): Of =>
  (_, of) => ({ parts: parts(of), sources: ['data'] });

/** The layers up to each pooling, with its own dropout: the report's blocks. */
function blocksOf({ inputShape, layers }: Architecture) {
  const shapes = outputShapes({ inputShape, layers });
  const poolings = layers.flatMap((layer, i) => (layer.type === 'maxPool' ? [i] : []));
  return poolings.map((pool, block) => {
    const convolutions = layers
      .slice(block === 0 ? 0 : poolings[block - 1], pool)
      .flatMap((layer) => (layer.type === 'conv' ? [layer] : []));
    return {
      convolutions: convolutions.length,
      channels: convolutions.map(({ filters }) => filters),
      pool: Math.floor(shapes[pool - 1]![0]! / shapes[pool]![0]!),
      dropout: dropoutAfter(layers, pool),
    };
  });
}

/** The fully connected layers, each with the dropout behind it. */
function denseOf({ inputShape, layers }: Architecture) {
  const shapes = outputShapes({ inputShape, layers });
  return layers.flatMap((layer, i) =>
    layer.type === 'dense'
      ? [{ inputs: shapes[i - 1]![0]!, outputs: layer.units, dropout: dropoutAfter(layers, i) }]
      : [],
  );
}

/** Rate of the dropout between a layer and the next that has weights to sum with; null where there is none. */
function dropoutAfter(layers: readonly Layer[], from: number): number | null {
  for (const layer of layers.slice(from + 1)) {
    if (layer.type === 'dropout') return layer.rate;
    if (layer.type === 'conv' || layer.type === 'dense') return null;
  }
  return null;
}

const network =
  (parts: (architecture: Architecture) => Part[]): Of =>
  (run) => ({
    parts: parts(run.metrics.recipe.architecture),
    sources: ['metrics.json'],
  });

const block = (index: number): Of =>
  network((architecture) => {
    const own = reported.blocks[index]!;
    const made = blocksOf(architecture)[index];
    return [
      part('convolutions', value(own.convolutions), String(made?.convolutions)),
      part('kernel', square(own.kernelSize.value), square(KERNEL_SIZE)),
      part('channels', value(own.channels), range(made?.channels ?? [])),
      part('pool', square(own.poolSize.value), square(made?.pool ?? NaN)),
      part('dropout', String(own.dropout.value), String(made?.dropout)),
    ];
  });

const dense = (index: number): Of =>
  network((architecture) => {
    const own = reported.dense[index]!;
    const made = denseOf(architecture)[index];
    return [
      part('inputs', value(own.inputs), number(made?.inputs ?? NaN)),
      part('outputs', value(own.outputs), number(made?.outputs ?? NaN)),
      ...(own.dropout ? [part('dropout', String(own.dropout.value), String(made?.dropout))] : []),
    ];
  });

const ALL: Record<string, Of> = {
  dataset: data(({ classes, imageSize }) => [
    part('classes', value(reported.classes), number(classes.train.length)),
    part('size', square(reported.imageSize.value), square(imageSize)),
    part('images', value(reported.images), number(sum(classes.train) + sum(classes.test))),
  ]),
  training: (run, of) => ({
    parts: [
      part('trainImages', value(reported.trainImages), number(sum(of.classes.train))),
      part('split', `${reported.trainShare.value}:${reported.validationShare.value}`, splitOf(run, of)),
    ],
    sources: ['data', 'metrics.json'],
  }),
  test: data(({ classes }) => [part('testImages', value(reported.testImages), number(sum(classes.test)))]),
  classes: data(({ classes }) => [part('classes', value(reported.classes), number(classes.test.length))]),
  size: data(({ imageSize }) => [part('size', square(reported.imageSize.value), square(imageSize))]),
  distribution: data(({ classes }) => [
    part('trainPerClass', range(reported.distribution.map(({ train }) => train.value)), range(classes.train)),
    part('testPerClass', range(reported.distribution.map(({ test }) => test.value)), range(classes.test)),
  ]),
  block1: block(0),
  block2: block(1),
  block3: block(2),
  dense1: dense(0),
  dense2: dense(1),
  dense3: dense(2),
  dense4: dense(3),
  steps: (run) => ({
    parts: [part('steps', value(reported.batchesPerEpoch), number(run.history.stepsPerEpoch))],
    sources: ['history.json'],
  }),
};

export const agreementIds: readonly string[] = Object.keys(ALL);

/** @throws {RangeError} for an id that no agreement has */
export function agreementOf(id: string, ...of: Parameters<Of>): Agreement {
  const found = ALL[id];
  if (!found) throw new RangeError(`There is no agreement "${id}"; src/site/setup-checks.ts lists them.`);
  return found(...of);
}
