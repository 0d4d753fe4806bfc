/** Drawings made by people, redrawn as others might draw them: rotated, stretched, mirrored, in other pens and greys. */
import { IMAGE_PIXELS, NO_CLASS } from '../../data/dataset.ts';
import { prepare } from '../preparation.ts';
import { deriveSeed, Random } from '../../math/random.ts';
import { type Fill, PAD, rasterise, type Stroke } from '../strokes.ts';

export interface OriginalDrawing {
  readonly actions: readonly (Stroke | Fill)[];
  /** null if it is not a garment. */
  readonly class: number | null;
}

/** Images for training. */
export interface Redrawings {
  /** 28×28 bytes each, one after another, as the network sees a drawing. */
  readonly pixels: Uint8Array;
  /** Class numbers, or NO_CLASS. */
  readonly labels: Uint8Array;
}

/** The longest side of a redrawing, so that every pen has room. */
const ROOM = 0.8 * PAD;
const MIDDLE = PAD / 2;
/** Diameters of the pad's pens. */
const [THINNEST, THICKEST] = [2, 140];
/** If more than this part of the pad is ink, a fill has leaked through a gap in its line. */
const FLOODED = 0.9;

/** Redraws each drawing `copies` times, each time differently. Everything is determined by the seed. */
export function redrawAll(drawings: readonly OriginalDrawing[], copies: number, seed: number): Redrawings {
  const images: Uint8Array[] = [];
  const labels: number[] = [];
  drawings.forEach((drawing, n) => {
    for (let copy = 0; copy < copies; copy++) {
      const grey = rasterise(redraw(drawing.actions, new Random(deriveSeed(seed, n, copy))));
      const inked = grey.pixels.filter((value) => value > 0).length;
      const image = inked < FLOODED * grey.pixels.length && prepare(grey);
      if (!image) continue;
      images.push(image);
      labels.push(drawing.class ?? NO_CLASS);
    }
  });
  const pixels = new Uint8Array(images.length * IMAGE_PIXELS);
  images.forEach((image, i) => pixels.set(image, i * IMAGE_PIXELS));
  return { pixels, labels: Uint8Array.from(labels) };
}

/** The same lines as somebody else might draw them. Lines that touched still touch, since the whole pad is warped. */
export function redraw(actions: readonly (Stroke | Fill)[], random: Random): (Stroke | Fill)[] {
  const plain = actions.flatMap(withoutMirror);
  const warp = randomPadWarp(plain, random);
  // A fill would leak through a thinner line.
  const filled = plain.some(({ kind }) => kind === 'fill');
  const pen = random.logBetween(filled ? 1 : 0.6, 1.6);
  const light = random.logBetween(0.75, 1.35);
  return plain.map((action) => {
    // An eraser stays an eraser, and nothing else becomes one.
    const ink = action.ink && Math.min(255, Math.max(40, Math.round(action.ink * light)));
    if (action.kind === 'fill') {
      const [x, y] = warp(action.x, action.y);
      return { ...action, ink, x, y };
    }
    const points: number[] = [];
    for (let i = 0; i < action.points.length; i += 3) {
      const [x, y] = warp(action.points[i]!, action.points[i + 1]!);
      const diameter = Math.round(action.points[i + 2]! * pen);
      points.push(x, y, Math.min(THICKEST, Math.max(THINNEST, diameter)));
    }
    return { ...action, ink, points };
  });
}

/** A mirrored stroke as two strokes: when rotated, it would need another mirror. */
function withoutMirror(action: Stroke | Fill): (Stroke | Fill)[] {
  if (action.kind === 'fill' || !action.mirror) return [action];
  const stroke = { ...action, mirror: false };
  return [stroke, { ...stroke, points: stroke.points.map((value, i) => (i % 3 ? value : PAD - value)) }];
}

type PadWarp = (x: number, y: number) => [x: number, y: number];

/** Rotates, stretches, bends and perhaps mirrors the pad about the middle of the drawing, and fits it in. */
function randomPadWarp(actions: readonly (Stroke | Fill)[], random: Random): PadWarp {
  const [xs, ys] = [coordinates(actions, 0), coordinates(actions, 1)];
  const middle = (values: number[]): number => (Math.min(...values) + Math.max(...values)) / 2;
  const size = (values: number[]): number => Math.max(...values) - Math.min(...values);
  const [x0, y0] = [middle(xs), middle(ys)];
  const angle = random.between(-0.18, 0.18);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const across = random.logBetween(0.82, 1.2) * (random.chance(0.5) ? -1 : 1);
  const down = random.logBetween(0.82, 1.2);
  const fit = ROOM / Math.max(size(xs) * Math.abs(across), size(ys) * down, ROOM);
  const bends = [wave(random), wave(random)];
  return (x, y) => {
    const [dx, dy] = [(x - x0) * across * fit, (y - y0) * down * fit];
    const [bentX, bentY] = [dx + bends[0]!(dy), dy + bends[1]!(dx)];
    return [Math.round(MIDDLE + cos * bentX - sin * bentY), Math.round(MIDDLE + sin * bentX + cos * bentY)];
  };
}

/** A long wave plus a shorter, lower one, in pixels of the pad. */
function wave(random: Random): (along: number) => number {
  const parts = [
    { size: random.between(0, 14), length: random.logBetween(250, 700), phase: random.uniform() },
    { size: random.between(0, 5), length: random.logBetween(60, 160), phase: random.uniform() },
  ];
  return (along) =>
    parts.reduce(
      (sum, { size, length, phase }) => sum + size * Math.sin(2 * Math.PI * (along / length + phase)),
      0,
    );
}

/** The x (0) or y (1) coordinates of all strokes. */
function coordinates(actions: readonly (Stroke | Fill)[], axis: 0 | 1): number[] {
  return actions.flatMap((action) =>
    action.kind === 'stroke' ? action.points.filter((_, i) => i % 3 === axis) : [],
  );
}
