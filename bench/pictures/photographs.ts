/**
 * Photographs put together from images of the dataset: enlarged, coloured, shaded, and placed on grounds of all kinds.
 * Which part of each is the garment is known.
 */
import { IMAGE_PIXELS, IMAGE_SIZE } from '../../src/data/dataset.ts';
import { Random } from '../../src/math/random.ts';
import type { Pixels } from './renderings.ts';

export const GROUNDS = [
  'white',
  'black',
  'coloured',
  'gradient',
  'vignette',
  'grain',
  'shadow',
  'frame',
  'watermark',
] as const;
export type GroundKind = (typeof GROUNDS)[number];

export interface ComposedPhotograph extends Pixels {
  /** 1 where the garment is. */
  readonly mask: Uint8Array;
}

/** Of the photographs, in pixels. */
const SIDE = 168;
/** From this grey on, enlarged pixels show the garment. */
const EDGE = 12;

/** @param image 28×28 bytes, a light garment on black */
export function composePhotograph(image: Uint8Array, kind: GroundKind, seed: number): ComposedPhotograph {
  const random = new Random(seed);
  const side = SIDE;
  const size = Math.round(side * random.between(0.5, 0.8));
  const [left, top] = [random.between(0.1, 0.9), random.between(0.1, 0.9)].map((part) =>
    Math.round(part * (side - size)),
  ) as [number, number];
  const positive = kind === 'black';
  const tint = [0, 1, 2].map(() => random.between(0.75, 1));
  const light = random.between(0.75, 1);
  const colour =
    kind === 'black'
      ? [8, 8, 10]
      : kind === 'coloured' || kind === 'gradient'
        ? [0, 1, 2].map(() => random.between(120, 255))
        : kind === 'white' || kind === 'shadow'
          ? [255, 255, 255]
          : [0, 1, 2].map(() => 235 + random.between(-8, 15));
  const slope = kind === 'gradient' ? random.between(0.15, 0.35) : 0;
  const angle = random.between(0, 2 * Math.PI);
  const darker = kind === 'vignette' ? random.between(0.1, 0.3) : 0;
  const noise = kind === 'grain' ? 10 : 2;
  const rgba = new Uint8Array(4 * side * side);
  const mask = new Uint8Array(side * side);
  const greys = Float32Array.from({ length: side * side }, (_, i) => {
    const at = (pixel: number, from: number): number => ((pixel + 0.5 - from) * IMAGE_SIZE) / size - 0.5;
    return enlarged(image, at(i % side, left), at(Math.floor(i / side), top));
  });
  const shadow = softShadow(greys);
  for (let y = 0, i = 0; y < side; y++) {
    for (let x = 0; x < side; x++, i++) {
      const [u, v] = [(2 * x) / side - 1, (2 * y) / side - 1];
      let shade =
        1 + (slope * (u * Math.cos(angle) + v * Math.sin(angle))) / 1.42 - (darker * (u * u + v * v)) / 2;
      if (kind === 'shadow') shade *= 1 - 0.4 * (shadow[i - 5 - 6 * side] ?? 0);
      const grey = greys[i]!;
      const cover = Math.min(1, Math.max(0, (grey - EDGE / 2) / EDGE));
      if (grey >= EDGE) mask[i] = 1;
      const value = positive ? grey : 255 - grey;
      // Light falls on the garment from one side.
      const lit = 1 - (1 - light) * (0.5 + u / 2);
      const speck = noise * (random.uniform() + random.uniform() - 1);
      for (let c = 0; c < 3; c++) {
        const under = colour[c]! * Math.min(1.1, shade);
        rgba[4 * i + c] = Math.max(
          0,
          Math.min(255, under + (value * tint[c]! * lit - under) * cover + speck),
        );
      }
      rgba[4 * i + 3] = 255;
    }
  }
  if (kind === 'frame') drawFrame(rgba, side, random);
  if (kind === 'watermark') drawWatermark(rgba, side, random);
  return { rgba, width: side, height: side, mask };
}

/** Between the image's pixels, by cubic convolution; black around it. */
function enlarged(image: Uint8Array, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  if (left < -2 || top < -2 || left > IMAGE_SIZE || top > IMAGE_SIZE) return 0;
  let sum = 0;
  for (let j = -1; j < 3; j++) {
    const row = top + j;
    if (row < 0 || row >= IMAGE_SIZE) continue;
    const down = cubic(y - row);
    for (let i = -1; i < 3; i++) {
      const column = left + i;
      if (column < 0 || column >= IMAGE_SIZE) continue;
      sum += down * cubic(x - column) * image[row * IMAGE_SIZE + column]!;
    }
  }
  return Math.min(255, Math.max(0, sum));
}

/** Keys' kernel with a = -1/2. */
function cubic(distance: number): number {
  const d = Math.abs(distance);
  if (d >= 2) return 0;
  return d < 1 ? 1.5 * d ** 3 - 2.5 * d ** 2 + 1 : -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2;
}

/** How much of its surroundings the garment covers, at each place: 0 to 1. */
function softShadow(greys: Float32Array): Float32Array {
  const reach = 6;
  let shadow = greys.map((grey) => Number(grey >= EDGE));
  for (const step of [1, SIDE, 1, SIDE]) {
    const before = shadow;
    shadow = before.map((_, i) => {
      let sum = 0;
      for (let k = -reach; k <= reach; k++) sum += before[i + k * step] ?? 0;
      return sum / (2 * reach + 1);
    });
  }
  return shadow;
}

function drawFrame(rgba: Uint8Array, side: number, random: Random): void {
  const inset = random.chance(0.5) ? 0 : random.below(8);
  const width = 1 + random.below(3);
  const colour = random.chance(0.7) ? random.below(120) : 200;
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const deep = Math.min(x, y, side - 1 - x, side - 1 - y);
      if (deep >= inset && deep < inset + width)
        rgba.fill(colour, 4 * (y * side + x), 4 * (y * side + x) + 3);
    }
  }
}

/** A row of blocks as long as a name, in one of the lower corners. */
function drawWatermark(rgba: Uint8Array, side: number, random: Random): void {
  const [width, height] = [Math.round(side * random.between(0.12, 0.2)), 8];
  const left = random.chance(0.5) ? 4 : side - 4 - width;
  const grey = random.below(180);
  for (let y = side - 4 - height; y < side - 4; y++) {
    for (let x = left; x < left + width; x++) {
      if (Math.floor((x - left) / 3) % 2 === 0) rgba.fill(grey, 4 * (y * side + x), 4 * (y * side + x) + 3);
    }
  }
}

export const imageOf = (images: Uint8Array, index: number): Uint8Array =>
  images.subarray(index * IMAGE_PIXELS, (index + 1) * IMAGE_PIXELS);
