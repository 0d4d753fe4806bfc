/** Section 3.1: the network's layers, their shapes and the arithmetic of their parameters. */
import { max, maxIndex, scaleLinear, scaleSqrt, sum } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import { clauses, compact, number } from '../../i18n/format.ts';
import type { Lang } from '../../i18n/languages.ts';
import { outputShapes, weightSpecs, type Architecture } from '../../network/architecture.ts';
import { sizeOf } from '../../math/arrays.ts';
import type { Area } from './picking.ts';
import { CURSOR, element, group, text, type PointableGraphic } from './svg.ts';

/** A stage of the network as a reader counts them: a layer with all that follows it and keeps its shape. */
export interface Stage {
  /** `conv1`, `pool1`, `dense1`; `input` for the first. */
  name: string;
  kind: 'input' | 'conv' | 'pool' | 'dense';
  /** Output of one image: [height, width, channels] or [units]. */
  shape: readonly number[];
  /** `3·3·64·128 + 128`, and batch normalisation's `2·128`; empty where nothing is learned. */
  terms: { text: string; count: number; batchNorm: boolean }[];
  parameters: number;
}

/** The stages of an architecture, the input first. */
export function stagesOf(architecture: Architecture): Stage[] {
  const shapes = outputShapes(architecture);
  const specs = weightSpecs(architecture).filter(({ trainable }) => trainable);
  const stages: Stage[] = [];
  const add = (name: string, kind: Stage['kind'], shape: readonly number[]) =>
    stages.push({ name, kind, shape, terms: [], parameters: 0 });
  add('input', 'input', architecture.inputShape);
  let pools = 0;
  architecture.layers.forEach((layer, i) => {
    const shape = shapes[i]!;
    if (layer.type === 'maxPool') add(`pool${++pools}`, 'pool', shape);
    if (layer.type === 'conv' || layer.type === 'dense') add(layer.name, layer.type, shape);
    else if (layer.type !== 'batchNorm') return;
    const stage = stages.at(-1)!;
    const own = specs.filter((spec) => spec.layer === layer.name);
    const count = sum(own, (spec) => sizeOf(spec.shape));
    const batchNorm = layer.type === 'batchNorm';
    const text = batchNorm ? `2·${shape.at(-1)}` : own.map((spec) => spec.shape.join('·')).join(' + ');
    stage.terms.push({ text, count, batchNorm });
    stage.parameters += count;
  });
  return stages;
}

/** The number of the stage that has the most parameters. */
export const largestStage = (stages: readonly Stage[]): number =>
  maxIndex(stages, ({ parameters }) => parameters);

/** `28×28×64` or `512`. */
export const shapeText = ({ shape }: Stage): string => shape.join('×');

/** A stage's parameters as a sum: `3·3·1·64 + 64 = 640`, batch normalisation's apart. */
export function arithmeticText({ terms }: Stage, lang: Lang): string {
  if (terms.length === 0) return t(lang, 'noParameters');
  const written = terms.map(({ text: term, count, batchNorm }) => {
    const sum = `${term} = ${number(lang, count)}`;
    return batchNorm ? t(lang, 'batchNormTerm', { n: sum }) : sum;
  });
  return t(lang, 'arithmetic', { terms: clauses(lang, written) });
}

const nameOf = ({ name }: Stage, lang: Lang): string => (name === 'input' ? t(lang, 'layerInput') : name);

export const describeStage = (stage: Stage, lang: Lang): string =>
  t(lang, 'layerSentence', {
    name: nameOf(stage, lang),
    shape: shapeText(stage),
    arithmetic: arithmeticText(stage, lang),
  });

/** A shape on two lines where space is scarce: `28×28` and `×64`. */
const shapeLines = ({ shape }: Stage): string[] =>
  shape.length === 3 ? [`${shape[0]}×${shape[1]}`, `×${shape[2]}`] : [String(shape[0])];

/** How many parameters, roughly; empty for none. */
const roughly = ({ parameters }: Stage, lang: Lang): string => (parameters ? compact(lang, parameters) : '');

/** Where a stage is pointed at, how it is drawn, and what is written on it. */
interface PlacedStage {
  area: Area;
  figure: Area;
  bar: Area;
  texts: string[];
}

const channels = scaleSqrt([1, 256], [3, 34]);
const units = scaleSqrt([10, 512], [16, 104]);

/** Side by side where there is space, else one stage below the other. */
export function layersChart(stages: readonly Stage[], width: number, lang: Lang): PointableGraphic {
  const narrow = width < 500;
  const count = stages.length;
  const most = max(stages, ({ parameters }) => parameters) ?? 1;
  const [rowStep, columnStep] = [31, width / count];
  const base = 312;
  const length = scaleLinear([0, most], [0, narrow ? width - 216 : 92]);

  function row(stage: Stage, i: number): PlacedStage {
    const [y, middle] = [22 + i * rowStep, 22 + (i + 0.5) * rowStep];
    const isMap = stage.shape.length === 3;
    const [high, wide] = isMap
      ? [Math.max(5, (stage.shape[0]! / 28) * 26), channels(stage.shape[2]!)]
      : [7, 34];
    const bar = { x: 172, y: middle - 4, width: length(stage.parameters), height: 8 };
    return {
      area: { x: 0, y, width, height: rowStep },
      figure: { x: 74 - wide / 2, y: middle - high / 2, width: wide, height: high },
      bar,
      texts: [
        text(0, middle, nameOf(stage, lang), { class: 'tick name', centred: true }),
        text(166, middle, shapeText(stage), { class: 'note', anchor: 'end', centred: true }),
        text(bar.x + bar.width + 5, middle, roughly(stage, lang), { class: 'note', centred: true }),
      ],
    };
  }

  function column(stage: Stage, i: number): PlacedStage {
    const x = (i + 0.5) * columnStep;
    const isMap = stage.shape.length === 3;
    const [high, wide] = isMap
      ? [Math.max(8, (stage.shape[0]! / 28) * 118), channels(stage.shape[2]!)]
      : [units(stage.shape[0]!), 8];
    const bar = { x: x - 9, y: base - length(stage.parameters), width: 18, height: length(stage.parameters) };
    const note = { class: 'note', anchor: 'middle' } as const;
    return {
      area: { x: i * columnStep, y: 0, width: columnStep, height: base + 18 },
      figure: { x: x - wide / 2, y: 74 - high / 2, width: wide, height: high },
      bar,
      texts: [
        text(x, 152, nameOf(stage, lang), { class: 'tick name', anchor: 'middle' }),
        ...shapeLines(stage).map((line, i) => text(x, 167 + 13 * i, line, note)),
        text(x, bar.y - 5, roughly(stage, lang), note),
      ],
    };
  }

  const placed = stages.map(narrow ? row : column);
  const title = { x: narrow ? 172 : 0, y: narrow ? 12 : 208 };
  const content = [
    CURSOR,
    text(title.x, title.y, t(lang, 'parametersAxis'), { class: 'axis-title' }),
    narrow ? '' : element('line', { class: 'base', x1: 0, x2: width, y1: base, y2: base }),
    ...placed.map(({ figure, bar, texts }, i) =>
      group(
        { class: `stage ${stages[i]!.kind}` },
        element('rect', { ...figure, rx: 1.5 }),
        element('rect', { class: 'bar', ...bar }),
        ...texts,
      ),
    ),
  ];
  return {
    width,
    height: narrow ? 22 + count * rowStep : base + 20,
    content: content.join(''),
    partAt: ({ x, y }) =>
      placed.findIndex(
        ({ area }) => x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height,
      ),
    cursor: (index) => element('rect', { class: 'strip', ...placed[index]!.area, rx: 4 }),
  };
}
