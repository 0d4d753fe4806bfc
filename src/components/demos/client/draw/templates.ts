/**
 * An outline per class to start from, in the order of the labels. Lines are written as in the `points` attribute of
 * SVG, in the pad's pixels. Shoes point left, as nearly all of the dataset's do.
 */
import type { Action, Stroke } from '../../../../drawing/strokes.ts';

type Points = readonly (readonly [x: number, y: number])[];

const INK = 210;
const SIZE = 14;

const parse = (points: string): Points =>
  points.split(' ').map((point) => point.split(',').map(Number) as [number, number]);

const stroke = (points: Points, size: number): Stroke => ({
  kind: 'stroke',
  ink: INK,
  points: points.flatMap(([x, y]) => [x, y, size]),
});

/** A line from point to point. */
const line = (points: string, size = SIZE): Stroke => stroke(parse(points), size);

/** A smooth line through the points. */
const curve = (points: string): Stroke => stroke(smooth(parse(points)), SIZE);

/** The left half of something symmetric; the pad mirrors it. */
const half = (left: Stroke): Stroke => ({ ...left, mirror: true });

/** The points of a Catmull-Rom spline. */
function smooth(points: Points): Points {
  const steps = 8;
  const at = (i: number) => points[Math.min(points.length - 1, Math.max(0, i))]!;
  const rounded = (value: number) => Math.round(value * 4) / 4; // As the pad rounds the pen's points.
  return points.slice(1).flatMap((_, i) => {
    const [before, from, to, after] = [at(i - 1), at(i), at(i + 1), at(i + 2)];
    const coordinate = (axis: 0 | 1, t: number) =>
      0.5 *
      (2 * from[axis] +
        (to[axis] - before[axis]) * t +
        (2 * before[axis] - 5 * from[axis] + 4 * to[axis] - after[axis]) * t * t +
        (3 * from[axis] - before[axis] - 3 * to[axis] + after[axis]) * t * t * t);
    return Array.from({ length: i === points.length - 2 ? steps + 1 : steps }, (_, step) => {
      const t = step / steps;
      return [rounded(coordinate(0, t)), rounded(coordinate(1, t))] as const;
    });
  });
}

/** A garment with long sleeves, from the collar to the middle of its hem. */
const longSleeves = (hem: number): Stroke =>
  half(line(`218,76 152,102 112,240 76,452 128,470 172,260 168,${hem - 6} 280,${hem}`));

/** By class number. */
export const TEMPLATES: readonly (readonly Action[])[] = [
  // T-shirt/top
  [
    half(curve('218,82 240,112 280,124')),
    half(line('218,82 150,108 56,200 112,260 166,218 164,486 280,492')),
  ],
  // Trouser
  [half(line('280,52 204,52 190,190 172,512 252,512 280,236')), half(line('202,86 280,86', 8))],
  // Pullover
  [half(curve('218,76 242,104 280,112')), longSleeves(500), half(line('169,466 280,472', 8))],
  // Dress
  [
    half(curve('226,44 244,96 280,112')),
    half(line('226,44 200,52 196,140 220,224 140,508 280,520')),
    half(line('220,224 280,232', 8)),
  ],
  // Coat
  [
    longSleeves(524),
    half(line('218,76 236,160 280,236')),
    line('280,236 280,524'),
    half(line('200,380 246,392', 8)),
  ],
  // Sandal
  [
    line('44,420 60,446 300,448 380,420 400,450 508,450 512,330 440,316'),
    curve('44,420 180,404 320,372 440,316'),
    curve('92,412 150,330 232,398'),
    curve('330,366 352,250 450,214 512,332'),
  ],
  // Shirt
  [
    half(line('218,76 232,138 280,104')),
    longSleeves(500),
    line('280,104 280,500', 8),
    ...[160, 226, 292, 358, 424].map((y) => line(`292,${y}`, 12)),
  ],
  // Sneaker
  [
    line('46,412 54,440 512,440 518,400'),
    curve('46,412 70,372 160,344 250,296 318,226'),
    curve('318,226 360,262 430,262 494,222 516,300 518,400'),
    line('46,412 518,402', 8),
    line('210,318 244,348', 8),
    line('246,296 280,326', 8),
    line('280,264 316,294', 8),
  ],
  // Bag
  [
    half(line('280,232 84,232 64,500 280,506')),
    half(curve('170,232 176,120 222,74 280,66')),
    half(line('80,290 280,300', 8)),
  ],
  // Ankle boot
  [
    line('48,440 58,486 336,486 352,462 388,462 392,492 498,492 502,380'),
    curve('48,440 76,392 180,352 252,296 280,68'),
    curve('280,68 380,80 488,68 494,240 502,380'),
    line('48,440 300,444 502,440', 8),
  ],
];
