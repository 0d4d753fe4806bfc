/** Ways to fill a garment on the canvas: with the photograph's greys and seams, with hatching, by a pen moved to and fro. */
import type { Random } from '../../math/random.ts';
import { about, between, chance } from './chance.ts';
import { CANVAS, type Canvas, SCALE } from './canvas.ts';
import type { Line } from './contours.ts';
import { blurred } from './field.ts';
import type { Placement } from './placement.ts';

/** Lines where the photograph has seams, folds, zips and prints: where it differs from its surroundings. */
export function seams(
  canvas: Canvas,
  { read }: Placement,
  field: Float32Array,
  inside: Uint8Array,
  ink: number,
  random: Random,
): void {
  const around = blurred(blurred(blurred(field)));
  // Most seams and folds are dark.
  const light = chance(random, 0.35) ? 1 : 0;
  const difference = field.map((value, i) => {
    const lighter = value - around[i]!;
    return lighter > 0 ? light * lighter : -lighter;
  });
  const values = read(difference);
  const from = between(random, 5, 16);
  const steep = between(random, 0.06, 0.25);
  for (let i = 0; i < values.length; i++) {
    if (!inside[i]) continue;
    const cover = Math.min(1, (values[i]! - from) * steep);
    if (cover <= 0) continue;
    const below = canvas.pixels[i]!;
    canvas.pixels[i] = below + Math.round((ink - below) * cover);
  }
}

/** The photograph in two to four greys, or shaded in many. */
export function greys(
  canvas: Canvas,
  { read }: Placement,
  field: Float32Array,
  inside: Uint8Array,
  random: Random,
): void {
  let soft = field;
  for (let round = random.below(4); round > 0; round--) soft = blurred(soft);
  const values = read(soft);
  const steps = chance(random, 0.2) ? 64 : 2 + random.below(3);
  const [dark, light] = [between(random, 40, 130), between(random, 170, 255)];
  let [low, high] = [255, 0];
  for (let i = 0; i < values.length; i++) {
    if (!inside[i]) continue;
    low = Math.min(low, values[i]!);
    high = Math.max(high, values[i]!);
  }
  const range = Math.max(1, high - low);
  for (let i = 0; i < values.length; i++) {
    if (!inside[i]) continue;
    const step = Math.min(steps - 1, Math.floor((steps * (values[i]! - low)) / range));
    canvas.pixels[i] = Math.round(dark + ((light - dark) * step) / (steps - 1));
  }
}

/** Parallel lines over the garment, sometimes two ways. */
export function hatch(canvas: Canvas, inside: Uint8Array, ink: number, random: Random): void {
  const spacing = between(random, 1.4, 5) * SCALE;
  const pen = Math.min(0.7 * spacing, about(random, 0.35, 1.6) * SCALE);
  const rounds = chance(random, 0.3) ? 2 : 1;
  let angle = chance(random, 0.5) ? between(random, 0, Math.PI) : (Math.PI / 4) * random.below(4);
  const reach = CANVAS * 0.75;
  for (let round = 0; round < rounds; round++, angle += Math.PI / 2) {
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    for (let offset = -reach; offset < reach; offset += spacing * between(random, 0.85, 1.15)) {
      const tilt = between(random, -0.03, 0.03) * reach;
      const end = (along: number, aside: number): [number, number] => [
        CANVAS / 2 + along * cos - aside * sin,
        CANVAS / 2 + along * sin + aside * cos,
      ];
      canvas.line([...end(-reach, offset - tilt), ...end(reach, offset + tilt)], pen, ink, inside);
    }
  }
}

/** Filled in by moving the pen to and fro, with bare places left. */
export function scrawl(canvas: Canvas, inside: Uint8Array, random: Random): void {
  const pen = about(random, 1, 4) * SCALE;
  const ink = 70 + random.below(186);
  const angle = between(random, 0, Math.PI);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const reach = CANVAS * 0.7;
  const line: Line = [];
  let side = 1;
  for (let offset = -reach; offset < reach; offset += pen * between(random, 0.5, 1.3), side = -side) {
    const along = side * reach * between(random, 0.85, 1);
    line.push(CANVAS / 2 + along * cos - offset * sin, CANVAS / 2 + along * sin + offset * cos);
  }
  canvas.line(line, pen, ink, inside);
}
