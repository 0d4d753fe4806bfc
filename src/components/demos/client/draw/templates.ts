/** An outline per class to start from, in the order of the labels. Shoes point left, as nearly all of the dataset's do. */
import type { Action } from '../../../../drawing/strokes.ts';

type Line = readonly (readonly [x: number, y: number])[];

const INK = 210;
const SIZE = 14;

/** A line from point to point. */
const line = (points: Line, size = SIZE): Action => ({
  kind: 'stroke',
  ink: INK,
  points: points.flatMap(([x, y]) => [x, y, size]),
});

/** The left half of something symmetric; its right half comes with it. */
const half = (points: Line, size = SIZE): Action => ({ ...line(points, size), mirror: true }) as Action;

/** A smooth line through the points (Catmull-Rom). */
function smooth(points: Line): Line {
  const steps = 8;
  const at = (i: number) => points[Math.min(points.length - 1, Math.max(0, i))]!;
  const rounded = (value: number) => Math.round(value * 4) / 4;
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

/** The left half of a garment with long sleeves, from the collar to the middle of its hem. */
const longSleeves = (hem: number): Line => [
  [218, 76],
  [152, 102],
  [112, 240],
  [76, 452],
  [128, 470],
  [172, 260],
  [168, hem - 6],
  [280, hem],
];

export const TEMPLATES: readonly (readonly Action[])[] = [
  // T-shirt/top
  [
    half(
      smooth([
        [218, 82],
        [240, 112],
        [280, 124],
      ]),
    ),
    half([
      [218, 82],
      [150, 108],
      [56, 200],
      [112, 260],
      [166, 218],
      [164, 486],
      [280, 492],
    ]),
  ],
  // Trouser
  [
    half([
      [280, 52],
      [204, 52],
      [190, 190],
      [172, 512],
      [252, 512],
      [280, 236],
    ]),
    half(
      [
        [202, 86],
        [280, 86],
      ],
      8,
    ),
  ],
  // Pullover
  [
    half(
      smooth([
        [218, 76],
        [242, 104],
        [280, 112],
      ]),
    ),
    half(longSleeves(500)),
    half(
      [
        [169, 466],
        [280, 472],
      ],
      8,
    ),
  ],
  // Dress
  [
    half(
      smooth([
        [226, 44],
        [244, 96],
        [280, 112],
      ]),
    ),
    half([
      [226, 44],
      [200, 52],
      [196, 140],
      [220, 224],
      [140, 508],
      [280, 520],
    ]),
    half(
      [
        [220, 224],
        [280, 232],
      ],
      8,
    ),
  ],
  // Coat
  [
    half(longSleeves(524)),
    half([
      [218, 76],
      [236, 160],
      [280, 236],
    ]),
    line([
      [280, 236],
      [280, 524],
    ]),
    half(
      [
        [200, 380],
        [246, 392],
      ],
      8,
    ),
  ],
  // Sandal
  [
    line([
      [44, 420],
      [60, 446],
      [300, 448],
      [380, 420],
      [400, 450],
      [508, 450],
      [512, 330],
      [440, 316],
    ]),
    line(
      smooth([
        [44, 420],
        [180, 404],
        [320, 372],
        [440, 316],
      ]),
    ),
    line(
      smooth([
        [92, 412],
        [150, 330],
        [232, 398],
      ]),
    ),
    line(
      smooth([
        [330, 366],
        [352, 250],
        [450, 214],
        [512, 332],
      ]),
    ),
  ],
  // Shirt
  [
    half([
      [218, 76],
      [232, 138],
      [280, 104],
    ]),
    half(longSleeves(500)),
    line(
      [
        [280, 104],
        [280, 500],
      ],
      8,
    ),
    ...[160, 226, 292, 358, 424].map((y) => line([[292, y]], 12)),
  ],
  // Sneaker
  [
    line([
      [46, 412],
      [54, 440],
      [512, 440],
      [518, 400],
    ]),
    line(
      smooth([
        [46, 412],
        [70, 372],
        [160, 344],
        [250, 296],
        [318, 226],
      ]),
    ),
    line(
      smooth([
        [318, 226],
        [360, 262],
        [430, 262],
        [494, 222],
        [516, 300],
        [518, 400],
      ]),
    ),
    line(
      [
        [46, 412],
        [518, 402],
      ],
      8,
    ),
    line(
      [
        [210, 318],
        [244, 348],
      ],
      8,
    ),
    line(
      [
        [246, 296],
        [280, 326],
      ],
      8,
    ),
    line(
      [
        [280, 264],
        [316, 294],
      ],
      8,
    ),
  ],
  // Bag
  [
    half([
      [280, 232],
      [84, 232],
      [64, 500],
      [280, 506],
    ]),
    half(
      smooth([
        [170, 232],
        [176, 120],
        [222, 74],
        [280, 66],
      ]),
    ),
    half(
      [
        [80, 290],
        [280, 300],
      ],
      8,
    ),
  ],
  // Ankle boot
  [
    line([
      [48, 440],
      [58, 486],
      [336, 486],
      [352, 462],
      [388, 462],
      [392, 492],
      [498, 492],
      [502, 380],
    ]),
    line(
      smooth([
        [48, 440],
        [76, 392],
        [180, 352],
        [252, 296],
        [280, 68],
      ]),
    ),
    line(
      smooth([
        [280, 68],
        [380, 80],
        [488, 68],
        [494, 240],
        [502, 380],
      ]),
    ),
    line(
      [
        [48, 440],
        [300, 444],
        [502, 440],
      ],
      8,
    ),
  ],
];
