/** Drawings of things that are not garments, for a network to be unsure about. */
import type { Random } from '../../math/random.ts';
import { CANVAS, type Canvas, SCALE } from './canvas.ts';
import { resample, simplify, wobble } from './lines.ts';
import { type Line, spread } from './shapes.ts';

/** Room for a thick pen, in canvas pixels. */
const EDGE = 8;
const anywhere = (random: Random): number => random.between(EDGE, CANVAS - EDGE);

/** Part of an ellipse: its middle, its radii, and from and to in turns, clockwise from the right. */
function arc(x: number, y: number, across: number, down: number, from: number, to: number): Line {
  return Array.from({ length: 25 }, (_, i) => 2 * Math.PI * (from + ((to - from) * i) / 24)).flatMap(
    (angle) => [x + across * Math.cos(angle), y + down * Math.sin(angle)],
  );
}

/**
 * A sign per line, in a box of 0 to 1: strokes separated by a bar, each of points x,y and of arcs (x,y,across,down) or
 * (x,y,across,down,from,to).
 */
const SIGNS: readonly (readonly Line[])[] = `
0: (0.5,0.5,0.33,0.5)
1: 0.25,0.2 0.5,0 0.5,1
2: (0.5,0.28,0.35,0.28,-0.5,0.1) 0.1,1 0.9,1
3: (0.45,0.25,0.35,0.25,-0.4,0.25) (0.45,0.75,0.4,0.25,-0.25,0.4)
4: 0.6,0 0.1,0.65 0.95,0.65 | 0.65,0.4 0.65,1
5: 0.85,0 0.25,0 0.2,0.45 (0.5,0.7,0.38,0.3,-0.35,0.4)
6: 0.75,0 0.25,0.5 (0.5,0.72,0.3,0.28,0.5,1.5)
7: 0.1,0 0.9,0 0.35,1
8: (0.5,0.25,0.28,0.25) | (0.5,0.75,0.35,0.25)
9: (0.5,0.3,0.3,0.3) | 0.8,0.3 0.75,0.7 0.5,1
A: 0.1,1 0.5,0 0.9,1 | 0.27,0.6 0.73,0.6
K: 0.2,0 0.2,1 | 0.8,0 0.25,0.5 0.85,1
M: 0.1,1 0.1,0 0.5,0.6 0.9,0 0.9,1
C: (0.5,0.5,0.4,0.5,0.12,0.88)
×: 0.1,0.1 0.9,0.9 | 0.9,0.1 0.1,0.9
tick: 0,0.55 0.35,0.95 1,0.05
arrow: 0,0.5 1,0.5 | 0.65,0.2 1,0.5 0.65,0.8
face: (0.5,0.5,0.5,0.5) | (0.33,0.36,0.04,0.06) | (0.67,0.36,0.04,0.06) | (0.5,0.55,0.28,0.22,0.05,0.45)
star: 0.5,0 0.62,0.38 1,0.38 0.69,0.6 0.81,1 0.5,0.76 0.19,1 0.31,0.6 0,0.38 0.38,0.38 0.5,0
heart: 0.5,1 0.05,0.45 (0.27,0.27,0.25,0.27,0.45,1) (0.73,0.27,0.25,0.27,0.5,1.05) 0.5,1
house: 0,0.45 0.5,0 1,0.45 | 0.12,0.4 0.12,1 0.88,1 0.88,0.4 | 0.42,1 0.42,0.68 0.6,0.68 0.6,1
tree: 0.5,1 0.5,0.6 | (0.5,0.32,0.38,0.32)
spiral: ${spread(90, 0, 1)
  .map((t) => [0.5 + 0.5 * t * Math.cos(19 * t), 0.5 + 0.5 * t * Math.sin(19 * t)])
  .join(' ')}
triangle: 0.5,0 1,1 0,1 0.5,0
ring: (0.5,0.5,0.5,0.5)`
  .split(/\n.+: /)
  .slice(1)
  .map((sign) => sign.split(' | ').map((stroke) => stroke.split(' ').flatMap(parsePart)));

function parsePart(part: string): Line {
  if (!part.startsWith('(')) return part.split(',').map(Number);
  const [x, y, across, down, from = 0, to = 1] = part.slice(1, -1).split(',').map(Number);
  return arc(x!, y!, across!, down!, from, to);
}

/** Draws something on the canvas, which must be clear. */
export function scribble(canvas: Canvas, random: Random): void {
  const kind = random.uniform();
  const pen = 0.5 * SCALE * random.logBetween(1, 9);
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
