/** Ways to fill a garment on the canvas: with the photograph's greys and seams, with hatching, by scribbling to and fro. */
import type { Random } from '../../math/random.ts';
import { CANVAS, type Canvas, SCALE } from './canvas.ts';
import { blurred } from './photo.ts';
import type { Line } from './shapes.ts';
import type { Warp } from './warp.ts';

/** Lines where the photograph differs from its surroundings: seams, folds, zips and prints. */
export function seams(
  canvas: Canvas,
  warp: Warp,
  photo: Float32Array,
  mask: Uint8Array,
  ink: number,
  random: Random,
): void {
  const around = blurred(blurred(blurred(photo)));
  // Most seams and folds are dark.
  const light = random.chance(0.35) ? 1 : 0;
  const difference = photo.map((value, i) => {
    const lighter = value - around[i]!;
    return lighter > 0 ? light * lighter : -lighter;
  });
  const values = warp.values(difference);
  const from = random.between(5, 16);
  const steepness = random.between(0.06, 0.25);
  canvas.shade(ink, mask, (i) => (values[i]! - from) * steepness);
}

/** The photograph in two to four greys, or shaded in many. */
export function greys(
  canvas: Canvas,
  warp: Warp,
  photo: Float32Array,
  mask: Uint8Array,
  random: Random,
): void {
  let soft = photo;
  for (let round = random.below(4); round > 0; round--) soft = blurred(soft);
  const values = warp.values(soft);
  const steps = random.chance(0.2) ? 64 : 2 + random.below(3);
  const [dark, light] = [random.between(40, 130), random.between(170, 255)];
  const inside = values.filter((_, i) => mask[i]);
  const low = inside.reduce((least, value) => Math.min(least, value), 255);
  const high = inside.reduce((most, value) => Math.max(most, value), 0);
  const range = Math.max(1, high - low);
  for (let i = 0; i < values.length; i++) {
    if (!mask[i]) continue;
    const step = Math.min(steps - 1, Math.floor((steps * (values[i]! - low)) / range));
    canvas.pixels[i] = Math.round(dark + ((light - dark) * step) / (steps - 1));
  }
}

/** Points in coordinates along and across a direction, about the middle of the canvas. */
function rotated(angle: number): (along: number, across: number) => [x: number, y: number] {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return (along, across) => [
    CANVAS / 2 + along * cos - across * sin,
    CANVAS / 2 + along * sin + across * cos,
  ];
}

/** Parallel lines over the garment, sometimes in two directions. */
export function hatch(canvas: Canvas, mask: Uint8Array, ink: number, random: Random): void {
  const spacing = random.between(1.4, 5) * SCALE;
  const pen = Math.min(0.7 * spacing, random.logBetween(0.35, 1.6) * SCALE);
  const rounds = random.chance(0.3) ? 2 : 1;
  let angle = random.chance(0.5) ? random.between(0, Math.PI) : (Math.PI / 4) * random.below(4);
  const reach = CANVAS * 0.75;
  for (let round = 0; round < rounds; round++, angle += Math.PI / 2) {
    const point = rotated(angle);
    for (let offset = -reach; offset < reach; offset += spacing * random.between(0.85, 1.15)) {
      const tilt = random.between(-0.03, 0.03) * reach;
      canvas.line([...point(-reach, offset - tilt), ...point(reach, offset + tilt)], pen, ink, mask);
    }
  }
}

/** Filled in by moving the pen to and fro, with gaps. */
export function scrawl(canvas: Canvas, mask: Uint8Array, random: Random): void {
  const pen = random.logBetween(1, 4) * SCALE;
  const ink = 70 + random.below(186);
  const point = rotated(random.between(0, Math.PI));
  const reach = CANVAS * 0.7;
  const line: Line = [];
  let side = 1;
  for (let offset = -reach; offset < reach; offset += pen * random.between(0.5, 1.3), side = -side) {
    line.push(...point(side * reach * random.between(0.85, 1), offset));
  }
  canvas.line(line, pen, ink, mask);
}
