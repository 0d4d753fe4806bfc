/** Section 3.1: the network's layers, their shapes and the arithmetic of their parameters. Data → geometry → drawing. */
import { max, maxIndex, scaleLinear, scaleSqrt } from 'd3';
import { charts as t } from '../../i18n/charts.ts';
import { clauses, number } from '../../i18n/format.ts';
import type { Lang } from '../../i18n/languages.ts';
import { outputShapes, weightSpecs, type Architecture } from '../../network/architecture.ts';
import { sizeOf } from '../../math/arrays.ts';
import { element, group, text, type Graphic } from './svg.ts';

/** A stage of the network as a reader counts them: a layer with all that follows it and keeps its shape. */
export interface Stage {
  /** `conv1`, `pool1`, `dense1`; `input` for the first. */
  name: string;
  kind: 'input' | 'conv' | 'pool' | 'dense';
  /** Output of one image: [height, width, channels] or [units]. */
  shape: number[];
  /** `3·3·64·128 + 128`, and batch normalisation's `2·128`; empty where nothing is learned. */
  terms: { text: string; count: number; batchNorm: boolean }[];
  parameters: number;
}

/** The stages of an architecture, the input first. */
export function stagesOf(architecture: Architecture): Stage[] {
  const shapes = outputShapes(architecture);
  const specs = weightSpecs(architecture).filter(({ trainable }) => trainable);
  const stages: Stage[] = [
    { name: 'input', kind: 'input', shape: [...architecture.inputShape], terms: [], parameters: 0 },
  ];
  let pools = 0;
  architecture.layers.forEach((layer, i) => {
    const shape = shapes[i]!;
    if (layer.type === 'maxPool') {
      pools += 1;
      stages.push({ name: `pool${pools}`, kind: 'pool', shape, terms: [], parameters: 0 });
    }
    if (layer.type === 'conv' || layer.type === 'dense') {
      stages.push({ name: layer.name, kind: layer.type, shape, terms: [], parameters: 0 });
    }
    if (layer.type !== 'conv' && layer.type !== 'dense' && layer.type !== 'batchNorm') return;
    const stage = stages.at(-1)!;
    const own = specs.filter((spec) => spec.layer === layer.name);
    const count = own.reduce((sum, spec) => sum + sizeOf(spec.shape), 0);
    stage.terms.push({
      text:
        layer.type === 'batchNorm'
          ? `2·${shape.at(-1)}`
          : own.map((spec) => spec.shape.join('·')).join(' + '),
      count,
      batchNorm: layer.type === 'batchNorm',
    });
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

/** A stage in words. */
export const describeStage = (stage: Stage, lang: Lang): string =>
  t(lang, 'layerSentence', {
    name: stage.name === 'input' ? t(lang, 'layerInput') : stage.name,
    shape: shapeText(stage),
    arithmetic: arithmeticText(stage, lang),
  });

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface LayersGeometry {
  width: number;
  height: number;
  /** The target of a stage's clicks, its figure and its bar. */
  stages: (Stage & { area: Box; figure: Box; bar: Box; label: { x: number; y: number } })[];
  upright: boolean;
}

/** Where everything lies: side by side where there is room, else one stage below the other. */
export function layersGeometry(stages: readonly Stage[], width: number): LayersGeometry {
  const narrow = width < 500;
  const most = max(stages, ({ parameters }) => parameters) ?? 1;
  const channels = scaleSqrt([1, 256], [3, 34]);
  const units = scaleSqrt([10, 512], [16, 104]);
  if (narrow) {
    const step = 31;
    const bars = scaleLinear([0, most], [0, width - 216]);
    return {
      width,
      height: 22 + stages.length * step,
      upright: false,
      stages: stages.map((stage, i) => {
        const y = 22 + i * step;
        const side = stage.shape.length === 3 ? stage.shape[0]! : 0;
        const high = side > 0 ? Math.max(5, (side / 28) * 26) : 7;
        const wide = side > 0 ? channels(stage.shape[2]!) : 34;
        return {
          ...stage,
          area: { x: 0, y, width, height: step },
          figure: { x: 74 - wide / 2, y: y + step / 2 - high / 2, width: wide, height: high },
          bar: { x: 172, y: y + step / 2 - 4, width: bars(stage.parameters), height: 8 },
          label: { x: 0, y: y + step / 2 },
        };
      }),
    };
  }
  const step = width / stages.length;
  const middle = 74;
  const bars = scaleLinear([0, most], [0, 92]);
  const bottom = 312;
  return {
    width,
    height: bottom + 20,
    upright: true,
    stages: stages.map((stage, i) => {
      const x = (i + 0.5) * step;
      const flat = stage.shape.length === 1;
      const high = flat ? units(stage.shape[0]!) : Math.max(8, (stage.shape[0]! / 28) * 118);
      const wide = flat ? 8 : channels(stage.shape[2]!);
      const bar = bars(stage.parameters);
      return {
        ...stage,
        area: { x: i * step, y: 0, width: step, height: bottom + 18 },
        figure: { x: x - wide / 2, y: middle - high / 2, width: wide, height: high },
        bar: { x: x - 9, y: bottom - bar, width: 18, height: bar },
        label: { x, y: 152 },
      };
    }),
  };
}

/** A shape on two lines where the room is narrow: `28×28` and `×64`. */
const shapeLines = ({ shape }: Stage): string[] =>
  shape.length === 3 ? [`${shape[0]}×${shape[1]}`, `×${shape[2]}`] : [String(shape[0])];

const compact = (count: number): string =>
  count === 0
    ? ''
    : count < 1000
      ? String(count)
      : count < 1e6
        ? `${Math.round(count / 1000)}k`
        : `${(count / 1e6).toFixed(2)}M`;

export function drawLayers(geometry: LayersGeometry, lang: Lang): Graphic {
  const { stages, upright, width } = geometry;
  const name = (stage: Stage) => (stage.name === 'input' ? t(lang, 'layerInput') : stage.name);
  const centred = { 'dominant-baseline': 'central' };
  const content = [
    '<g class="cursor"></g>',
    upright
      ? text(0, 208, t(lang, 'parametersAxis'), { class: 'axis-title' })
      : text(172, 12, t(lang, 'parametersAxis'), { class: 'axis-title' }),
    upright ? element('line', { class: 'base', x1: 0, x2: width, y1: 312, y2: 312 }) : '',
    ...stages.map((stage) => {
      const { figure, bar, label, kind, parameters } = stage;
      return group(
        { class: `stage ${kind}` },
        element('rect', { ...figure, rx: 1.5 }),
        element('rect', { class: 'bar', ...bar }),
        upright
          ? text(label.x, label.y, name(stage), { class: 'tick name', 'text-anchor': 'middle' }) +
              shapeLines(stage)
                .map((line, i) =>
                  text(label.x, label.y + 15 + 13 * i, line, { class: 'note', 'text-anchor': 'middle' }),
                )
                .join('') +
              text(label.x, bar.y - 5, compact(parameters), { class: 'note', 'text-anchor': 'middle' })
          : text(label.x, label.y, name(stage), { class: 'tick name', ...centred }) +
              text(166, label.y, shapeText(stage), { class: 'note', 'text-anchor': 'end', ...centred }) +
              text(bar.x + bar.width + 5, label.y, compact(parameters), { class: 'note', ...centred }),
      );
    }),
  ];
  return { ...geometry, content: content.join('') };
}

/** The chosen stage's column or row. */
export function drawLayersCursor({ stages }: LayersGeometry, index: number): string {
  const stage = stages[index];
  return stage ? element('rect', { class: 'strip', ...stage.area, rx: 4 }) : '';
}
