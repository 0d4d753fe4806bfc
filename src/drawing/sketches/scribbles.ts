/** Drawings that are no garments, for a network to be unsure about. */
import type { Random } from '../../math/random.ts';
import { CANVAS, type Canvas, SCALE } from './canvas.ts';
import type { Line } from './shapes.ts';
import { resample, simplify, wobble } from './lines.ts';

/** Room for a thick pen, in canvas pixels. */
const EDGE = 8;
const anywhere = (random: Random): number => random.between(EDGE, CANVAS - EDGE);

/** A circle's part: middle, radii, from and to in turns, clockwise from the right. */
const arc = (x: number, y: number, across: number, down: number, from = 0, to = 1): Line =>
  Array.from({ length: 25 }, (_, i) => 2 * Math.PI * (from + ((to - from) * i) / 24)).flatMap((angle) => [
    x + across * Math.cos(angle),
    y + down * Math.sin(angle),
  ]);

/** Digits, letters and signs, each of one or more strokes, in a box of 0 to 1. */
const SIGNS: readonly (readonly Line[])[] = [
  [arc(0.5, 0.5, 0.33, 0.5)], // 0
  [[0.25, 0.2, 0.5, 0, 0.5, 1]], // 1
  [[...arc(0.5, 0.28, 0.35, 0.28, -0.5, 0.1), 0.1, 1, 0.9, 1]], // 2
  [[...arc(0.45, 0.25, 0.35, 0.25, -0.4, 0.25), ...arc(0.45, 0.75, 0.4, 0.25, -0.25, 0.4)]], // 3
  [
    [0.6, 0, 0.1, 0.65, 0.95, 0.65],
    [0.65, 0.4, 0.65, 1],
  ], // 4
  [[0.85, 0, 0.25, 0, 0.2, 0.45, ...arc(0.5, 0.7, 0.38, 0.3, -0.35, 0.4)]], // 5
  [[0.75, 0, 0.25, 0.5, ...arc(0.5, 0.72, 0.3, 0.28, 0.5, 1.5)]], // 6
  [[0.1, 0, 0.9, 0, 0.35, 1]], // 7
  [arc(0.5, 0.25, 0.28, 0.25), arc(0.5, 0.75, 0.35, 0.25)], // 8
  [arc(0.5, 0.3, 0.3, 0.3), [0.8, 0.3, 0.75, 0.7, 0.5, 1]], // 9
  [
    [0.1, 1, 0.5, 0, 0.9, 1],
    [0.27, 0.6, 0.73, 0.6],
  ], // A
  [
    [0.2, 0, 0.2, 1],
    [0.8, 0, 0.25, 0.5, 0.85, 1],
  ], // K
  [[0.1, 1, 0.1, 0, 0.5, 0.6, 0.9, 0, 0.9, 1]], // M
  [arc(0.5, 0.5, 0.4, 0.5, 0.12, 0.88)], // C
  [
    [0.1, 0.1, 0.9, 0.9],
    [0.9, 0.1, 0.1, 0.9],
  ], // ×
  [[0, 0.55, 0.35, 0.95, 1, 0.05]], // a tick
  [
    [0, 0.5, 1, 0.5],
    [0.65, 0.2, 1, 0.5, 0.65, 0.8],
  ], // an arrow
  [
    arc(0.5, 0.5, 0.5, 0.5),
    arc(0.33, 0.36, 0.04, 0.06),
    arc(0.67, 0.36, 0.04, 0.06),
    arc(0.5, 0.55, 0.28, 0.22, 0.05, 0.45),
  ], // a face
  [
    [
      0.5, 0, 0.62, 0.38, 1, 0.38, 0.69, 0.6, 0.81, 1, 0.5, 0.76, 0.19, 1, 0.31, 0.6, 0, 0.38, 0.38, 0.38,
      0.5, 0,
    ],
  ], // a star
  [
    [
      0.5,
      1,
      0.05,
      0.45,
      ...arc(0.27, 0.27, 0.25, 0.27, 0.45, 1),
      ...arc(0.73, 0.27, 0.25, 0.27, 0.5, 1.05),
      0.5,
      1,
    ],
  ], // a heart
  [
    [0, 0.45, 0.5, 0, 1, 0.45],
    [0.12, 0.4, 0.12, 1, 0.88, 1, 0.88, 0.4],
    [0.42, 1, 0.42, 0.68, 0.6, 0.68, 0.6, 1],
  ], // a house
  [[0.5, 1, 0.5, 0.6], arc(0.5, 0.32, 0.38, 0.32)], // a tree
  [
    Array.from({ length: 90 }, (_, i) => i / 89).flatMap((t) => [
      0.5 + 0.5 * t * Math.cos(19 * t),
      0.5 + 0.5 * t * Math.sin(19 * t),
    ]),
  ], // a spiral
  [[0.5, 0, 1, 1, 0, 1, 0.5, 0]], // a triangle
  [arc(0.5, 0.5, 0.5, 0.5)], // a ring
];

/** Draws something on the canvas, which must be clear. */
export function scribble(canvas: Canvas, random: Random): void {
  const kind = random.uniform();
  const pen = 0.5 * SCALE * Math.exp(random.uniform() * Math.log(9));
  const ink = 110 + random.below(146);
  if (kind < 0.4) sign(canvas, pen, ink, random);
  else if (kind < 0.75) tangle(canvas, pen, ink, random);
  else if (kind < 0.83) strokes(canvas, pen, ink, random);
  else if (kind < 0.91) page(canvas, random);
  else noise(canvas, random);
}

function sign(canvas: Canvas, pen: number, ink: number, random: Random): void {
  const size = random.between(0.4, 0.7) * CANVAS;
  const [wide, angle] = [random.between(0.65, 1.2), random.between(-0.35, 0.35)];
  const [cos, sin] = [size * Math.cos(angle), size * Math.sin(angle)];
  const unsteady = random.between(0.1, 1.2) * SCALE;
  for (const line of SIGNS[random.below(SIGNS.length)]!) {
    const placed = line.map((_, i) => {
      const even = i - (i % 2);
      const [x, y] = [wide * (line[even]! - 0.5), line[even + 1]! - 0.5];
      return CANVAS / 2 + (i % 2 === 0 ? cos * x - sin * y : sin * x + cos * y);
    });
    canvas.line(simplify(wobble(resample(placed, SCALE, false), unsteady, random), 0.15), pen, ink);
  }
}

/** A pen that wanders about. */
function tangle(canvas: Canvas, pen: number, ink: number, random: Random): void {
  const lines = 1 + random.below(3);
  const bend = random.between(0.1, 1.2);
  for (let each = 0; each < lines; each++) {
    let [x, y] = [anywhere(random), anywhere(random)];
    let [heading, turn] = [2 * Math.PI * random.uniform(), 0];
    const line: Line = [x, y];
    for (let step = 20 + random.below(140); step > 0; step--) {
      turn = 0.8 * turn + bend * random.between(-0.5, 0.5);
      heading += turn;
      x += 3 * Math.cos(heading);
      y += 3 * Math.sin(heading);
      // At the edge it turns back.
      if (x < EDGE || x > CANVAS - EDGE || y < EDGE || y > CANVAS - EDGE) {
        heading = Math.atan2(CANVAS / 2 - y, CANVAS / 2 - x) + random.between(-0.6, 0.6);
        x = Math.min(CANVAS - EDGE, Math.max(EDGE, x));
        y = Math.min(CANVAS - EDGE, Math.max(EDGE, y));
      }
      line.push(x, y);
    }
    canvas.line(line, pen, ink);
  }
}

/** A few straight strokes or dots anywhere. */
function strokes(canvas: Canvas, pen: number, ink: number, random: Random): void {
  const dots = random.chance(0.3);
  for (let each = 1 + random.below(6); each > 0; each--) {
    const [x, y] = [anywhere(random), anywhere(random)];
    const end = dots ? [x, y] : [anywhere(random), anywhere(random)];
    canvas.line([x, y, ...end], pen, ink);
  }
}

/** Everything covered, evenly or by strokes up and down. */
function page(canvas: Canvas, random: Random): void {
  canvas.pixels.fill(60 + random.below(196));
  if (random.chance(0.5)) return;
  for (let each = 2 + random.below(12); each > 0; each--) {
    const x = random.below(CANVAS);
    canvas.line([x, 0, x + random.between(-15, 15), CANVAS], random.between(1.5, 10), random.below(256));
  }
}

/** Grains of one size. */
function noise(canvas: Canvas, random: Random): void {
  const grain = 1 << random.below(5);
  const [dense, light] = [random.between(0.05, 1), 60 + random.below(196)];
  const across = CANVAS / grain;
  for (let cell = 0; cell < across * across; cell++) {
    const grey = random.chance(dense) ? random.below(light) : 0;
    const [x, y] = [(cell % across) * grain, Math.floor(cell / across) * grain];
    for (let row = y; row < y + grain; row++)
      canvas.pixels.fill(grey, row * CANVAS + x, row * CANVAS + x + grain);
  }
}
