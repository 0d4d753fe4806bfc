/**
 * Finds the garment in a picture that somebody brings (a photo, an icon, a cut-out) and makes of it what the dataset has:
 * one light garment on black, its longer side 28 pixels. Works on arrays, so Node and every browser agree.
 */
import { fitGround, type Ground } from './ground.ts';
import { type Box, type Grey, inkBox, prepare } from './preparation.ts';
import { boxArea, dilated, type Region, regions } from './regions.ts';

/** Pictures are to be brought to at most this many pixels on the longer side; smaller ones are not to be enlarged. */
export const PICTURE_SIDE = 280;

/** Side of the square with the garment that is put on the pad, and the garment's longer side in it. */
const [SQUARE, GARMENT] = [140, 112];

/** What the reader corrects; everything else is found. */
export interface PictureOptions {
  /** How much a pixel must differ from the ground, or how opaque it must be: 0 everything … 255 nothing. */
  readonly threshold?: number;
  /** Light parts of the garment become dark, and dark ones light. */
  readonly invert?: boolean;
  /** Left and right are exchanged. */
  readonly mirror?: boolean;
  /** Quarter turns, clockwise, before it is mirrored. */
  readonly turn?: number;
  /** Look only at this part, in pixels of the picture; its border then shows the ground. */
  readonly crop?: Box;
}

/**
 * Why the answer may mean nothing: `nothing` there is no garment; `noGround` no plain ground around it; `border` it goes
 * beyond the picture; `several` there is more than one, and the largest was taken.
 */
export type PictureWarning = 'nothing' | 'noGround' | 'border' | 'several';

export interface FoundGarment {
  /** 255 where the garment is, else 0; as large as the picture, which is neither turned nor mirrored here. */
  readonly mask: Uint8Array;
  /** Around the mask, in pixels of the picture; null where nothing is found. */
  readonly box: Box | null;
  /** The given one, or the one that was chosen. */
  readonly threshold: number;
  /** `negative`: dark parts of the picture are light in the image, as on a white ground; `positive`: light ones. */
  readonly polarity: 'negative' | 'positive';
  readonly warnings: readonly PictureWarning[];
  /** The garment for the pad, turned and mirrored, on black; a square of {@link SQUARE} pixels. */
  readonly square: Grey;
  /** The network's image, 28×28; null where nothing is found. */
  readonly image: Uint8Array<ArrayBuffer> | null;
}

/**
 * @param rgba four bytes per pixel, row by row, colours not multiplied by alpha
 * @throws RangeError if there are not width × height pixels
 */
export function findGarment(
  rgba: ArrayLike<number>,
  width: number,
  height: number,
  options: PictureOptions = {},
): FoundGarment {
  if (rgba.length !== 4 * width * height) {
    throw new RangeError(`A picture of ${width}×${height} pixels cannot have ${rgba.length / 4}.`);
  }
  const whole: Box = { left: 0, top: 0, right: width, bottom: height };
  const chosen = options.crop ? common(options.crop, whole) : whole;
  const crop = withoutFrame(rgba, width, chosen);
  const part = cut(rgba, width, crop);
  const [w, h] = [crop.right - crop.left, crop.bottom - crop.top];
  const found = isCutOut(part) ? findOpaque(part, options) : findOnGround(part, w, h, options);
  const { mask: kept, isSeveral } = chooseGarment(found.mask, w, h);
  const warnings: PictureWarning[] = [];
  const inside = inkBox({ width: w, height: h, pixels: kept });
  if (!inside) warnings.push('nothing');
  if (found.ground && found.ground.share < LEAST_GROUND) warnings.push('noGround');
  else if (found.ground && touches(kept, w, h)) warnings.push('border');
  if (isSeveral) warnings.push('several');
  const { greys, polarity } = greyGarment(part, kept, found.ground, options.invert);
  const square = inSquare({ width: w, height: h, pixels: greys }, inside, options);
  const mask = new Uint8Array(width * height);
  for (let y = 0; y < h; y++) mask.set(kept.subarray(y * w, (y + 1) * w), (y + crop.top) * width + crop.left);
  return {
    mask,
    box: inkBox({ width, height, pixels: mask }),
    threshold: found.threshold,
    polarity,
    warnings,
    square,
    image: prepare(square),
  };
}

/** A picture's pixels outside of its garment. */
interface Separated {
  mask: Uint8Array;
  threshold: number;
  /** null where alpha decides. */
  ground: Ground | null;
}

/** A frame ends within this part of the picture's shorter side, and the ground is looked at a little further in. */
const [FRAME, BEHIND] = [0.07, 0.09];
/** Colours this far apart are a frame and its ground. */
const APART = 24;

/** The part of a picture within a thin frame, at its border or a little further in; the same part where there is none. */
function withoutFrame(rgba: ArrayLike<number>, width: number, part: Box): Box {
  const side = Math.min(part.right - part.left, part.bottom - part.top);
  const inset = (by: number): Box => ({
    left: part.left + by,
    top: part.top + by,
    right: part.right - by,
    bottom: part.bottom - by,
  });
  const ground = ring(rgba, width, inset(Math.round(BEHIND * side)));
  if (side < 32 || ground.share < LEAST_GROUND) return part;
  for (let by = Math.round(FRAME * side); by >= 0; by--) {
    const { colour, share } = ring(rgba, width, inset(by));
    const isFrame = colour.some((value, c) => Math.abs(value - ground.colour[c]!) > APART);
    // One more for its soft edge.
    if (isFrame && share > 0.9) return inset(by + 2);
  }
  return part;
}

/** The median colour and alpha along a box's border, and the part of its pixels that are near it. */
function ring(
  rgba: ArrayLike<number>,
  width: number,
  { left, top, right, bottom }: Box,
): { colour: number[]; share: number } {
  const places: number[] = [];
  for (let x = left; x < right; x++) places.push(top * width + x, (bottom - 1) * width + x);
  for (let y = top; y < bottom; y++) places.push(y * width + left, y * width + right - 1);
  const colour = [0, 1, 2, 3].map((c) => {
    const values = places.map((i) => rgba[4 * i + c]!).sort((a, b) => a - b);
    return values[values.length >> 1]!;
  });
  const near = places.filter((i) => colour.every((value, c) => Math.abs(rgba[4 * i + c]! - value) <= APART));
  return { colour, share: near.length / places.length };
}

const common = (a: Box, b: Box): Box => {
  const [left, top] = [Math.max(a.left, b.left), Math.max(a.top, b.top)];
  return {
    left: Math.min(left, b.right - 1),
    top: Math.min(top, b.bottom - 1),
    right: Math.max(left + 1, Math.min(a.right, b.right)),
    bottom: Math.max(top + 1, Math.min(a.bottom, b.bottom)),
  };
};

function cut(rgba: ArrayLike<number>, width: number, { left, top, right, bottom }: Box): Uint8Array {
  const result = new Uint8Array(4 * (right - left) * (bottom - top));
  let to = 0;
  for (let y = top; y < bottom; y++) {
    for (let i = 4 * (y * width + left); i < 4 * (y * width + right); i++) result[to++] = rgba[i]!;
  }
  return result;
}

/** Whether alpha tells the garment from the ground: enough is transparent to be a ground, and not everything. */
function isCutOut(rgba: Uint8Array): boolean {
  let clear = 0;
  for (let i = 3; i < rgba.length; i += 4) if (rgba[i]! < 128) clear++;
  return clear > 0.04 * (rgba.length / 4) && clear < rgba.length / 4;
}

function findOpaque(rgba: Uint8Array, { threshold = 127 }: PictureOptions): Separated {
  const mask = Uint8Array.from({ length: rgba.length / 4 }, (_, i) =>
    rgba[4 * i + 3]! > threshold ? 255 : 0,
  );
  return { mask, threshold, ground: null };
}

/** Less of the border than this is no ground. */
const LEAST_GROUND = 0.6;

function findOnGround(rgba: Uint8Array, width: number, height: number, options: PictureOptions): Separated {
  const ground = groundOf(rgba, width, height);
  const { colours, noise } = ground;
  const threshold = options.threshold ?? Math.round(Math.max(10, 3 * noise + 6));
  const mask = new Uint8Array(width * height);
  for (let i = 0; i < mask.length; i++)
    if (difference(rgba, 4 * i, colours, 3 * i) > threshold) mask[i] = 255;
  for (const { places } of regions(mask, width, height)) {
    if (places.length < SPECK * mask.length) for (const i of places) mask[i] = 0;
  }
  return { mask: withoutShadow(rgba, mask, ground, width), threshold, ground };
}

/** The greatest difference of the three channels of two colours. */
function difference(a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number): number {
  return Math.max(Math.abs(a[i]! - b[j]!), Math.abs(a[i + 1]! - b[j + 1]!), Math.abs(a[i + 2]! - b[j + 2]!));
}

/** Smaller parts of a picture, alone on its ground, are grain or dust. */
const SPECK = 0.0002;

/** The darkest shadow, as a share of the ground's light. */
const DARKEST = 0.35;
/** Shadows change by no more than this from pixel to pixel, and garments begin with more. */
const SOFT = 9;

/**
 * The mask without shadows: what is reached from the ground in small steps and has its hue, only darker. The mask stays as
 * it is where that would eat into a garment that is itself soft: what remains must have sharper edges than before.
 */
function withoutShadow(
  rgba: Uint8Array,
  mask: Uint8Array,
  { colours, noise }: Ground,
  width: number,
): Uint8Array {
  const result = mask.slice();
  const neighbours = (i: number): number[] => {
    const x = i % width;
    return [
      x > 0 ? i - 1 : i,
      x < width - 1 ? i + 1 : i,
      i >= width ? i - width : i,
      i + width < mask.length ? i + width : i,
    ];
  };
  const isShade = (i: number): boolean => {
    const parts = [0, 1, 2].map((c) => (rgba[4 * i + c]! + 1) / (colours[3 * i + c]! + 1));
    const [least, most] = [Math.min(...parts), Math.max(...parts)];
    return least > DARKEST && most < 1.02 && most - least < 0.07;
  };
  const step = SOFT + noise;
  const open: number[] = [];
  result.forEach((value, i) => {
    if (!value && neighbours(i).some((next) => result[next])) open.push(i);
  });
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    for (const next of neighbours(i)) {
      if (!result[next] || difference(rgba, 4 * i, rgba, 4 * next) > step || !isShade(next)) continue;
      result[next] = 0;
      open.push(next);
    }
  }
  /** How much the garment differs from the ground beside it, two pixels apart. */
  const sharpness = (of: Uint8Array): number => {
    let [sum, count] = [0, 0];
    of.forEach((value, i) => {
      if (!value) return;
      neighbours(i).forEach((next) => {
        if (of[next]) return;
        const inner = 2 * i - next;
        const inward = inner >= 0 && inner < of.length && of[inner] ? inner : i;
        sum += difference(rgba, 4 * inward, rgba, 4 * next);
        count++;
      });
    });
    return count ? sum / count : 0;
  };
  const left = (of: Uint8Array): number => of.reduce((sum, value) => sum + Number(value > 0), 0);
  return left(result) > 0.3 * left(mask) && sharpness(result) > 1.3 * sharpness(mask) ? result : mask;
}

/** The ground by the picture's border; where a garment covers most of that, by four corners that are alike. */
function groundOf(rgba: Uint8Array, width: number, height: number): Ground {
  const places = Array.from({ length: width * height }, (_, i) => i);
  const within = (i: number): [across: number, down: number] => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return [Math.min(x, width - 1 - x), Math.min(y, height - 1 - y)];
  };
  const border = fitGround(rgba, width, height, places.filter((i) => Math.min(...within(i)) < 2)); // prettier-ignore
  if (border.share >= LEAST_GROUND) return border;
  const reach = 0.03 * Math.min(width, height);
  const corners = fitGround(rgba, width, height, places.filter((i) => Math.max(...within(i)) < reach), 0); // prettier-ignore
  return corners.share > 0.95 ? corners : border;
}

/** Parts of a garment are at most this far apart, as a share of the picture's longer side; two of a pair a little more. */
const [GAP, PARTED] = [0.04, 0.08];
/** Another part of at least this size beside the largest is another garment, not dirt or a watermark. */
const ANOTHER = 0.3;
/** A watermark is this near to two sides of the picture, as a share of its shorter side. */
const CORNER = 0.08;

/** The largest garment of the mask, with all that belongs to it. */
function chooseGarment(
  mask: Uint8Array,
  width: number,
  height: number,
): { mask: Uint8Array; isSeveral: boolean } {
  const side = Math.max(width, height);
  const reach = Math.max(1, Math.round((GAP / 2) * side));
  const groups = regions(dilated(mask, width, height, reach), width, height).sort(
    (a, b) => boxArea(b.box) - boxArea(a.box),
  );
  const [largest, ...others] = groups;
  const kept = new Uint8Array(mask.length);
  if (!largest) return { mask: kept, isSeveral: false };
  const corner = CORNER * Math.min(width, height);
  const isWatermark = ({ box }: Region): boolean =>
    boxArea(box) < 0.1 * boxArea(largest.box) &&
    Math.min(box.left, width - box.right) < corner &&
    Math.min(box.top, height - box.bottom) < corner;
  const isPart = ({ box }: Region): boolean =>
    isWithin(box, largest.box) ||
    isBelow(box, largest.box, 0.75 * GAP * side) ||
    isPair(box, largest.box, PARTED * side);
  const parts = others.filter((other) => isPart(other) && !isWatermark(other));
  for (const { places } of [largest, ...parts]) for (const i of places) kept[i] = mask[i]!;
  const isSeveral = others.some(
    (other) => !parts.includes(other) && boxArea(other.box) > ANOTHER * boxArea(largest.box),
  );
  return { mask: kept, isSeveral };
}

/** How far two boxes overlap across and down; less than 0 where they are so far apart. */
const overlap = (a: Box, b: Box) => ({
  across: Math.min(a.right, b.right) - Math.max(a.left, b.left),
  down: Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
});

/** Whether most of a box lies in another: half of what lies beside a sleeve may be above the hem. */
function isWithin(box: Box, other: Box): boolean {
  const { across, down } = overlap(box, other);
  return across > 0 && down > 0 && across * down > 0.6 * boxArea(box);
}

/** Whether a box is above or below another one, hardly apart: a skirt and its top, the halves of a briefcase. */
function isBelow(a: Box, b: Box, apart: number): boolean {
  const { across, down } = overlap(a, b);
  return -down < apart && across > 0.6 * Math.min(a.right - a.left, b.right - b.left);
}

/** Whether two boxes are a pair side by side, such as flip-flops from above: upright, and of one size. */
function isPair(a: Box, b: Box, apart: number): boolean {
  const alike = (one: number, other: number): boolean => Math.abs(one - other) < 0.15 * Math.max(one, other);
  const [wide, high] = [b.right - b.left, b.bottom - b.top];
  return -overlap(a, b).across < apart && high > 1.5 * wide && alike(a.right - a.left, wide) && alike(a.top, b.top) && alike(a.bottom, b.bottom); // prettier-ignore
}

/** The part of a side from which a garment touches it, and the part from which it certainly goes on beyond it. */
const [TOUCHED, CUT] = [0.08, 0.6];

/** Whether the garment seems to go beyond the picture: not where it was merely cut out closely, at two opposite sides. */
function touches(mask: Uint8Array, width: number, height: number): boolean {
  const contact = (length: number, place: (n: number) => number): number =>
    Array.from({ length }, (_, n) => Number(mask[place(n)]! > 0)).reduce((sum, each) => sum + each, 0) /
    length;
  const top = contact(width, (x) => x);
  const bottom = contact(width, (x) => (height - 1) * width + x);
  const left = contact(height, (y) => y * width);
  const right = contact(height, (y) => (y + 1) * width - 1);
  const most = Math.max(top, bottom, left, right);
  const isClose = (top > 0 && bottom > 0) || (left > 0 && right > 0);
  return most > CUT || (most > TOUCHED && !isClose);
}

/** Rec. 601, as image libraries convert to grey. */
const luminance = (red: number, green: number, blue: number): number =>
  0.299 * red + 0.587 * green + 0.114 * blue;

/** The lightest parts of a garment become at least this light. */
const LIGHT = 200;
/** A garment of no more than this on transparency is a light one. */
const DIM = 60;

/** The garment's greys, lighter than the ground. */
function greyGarment(
  rgba: Uint8Array,
  mask: Uint8Array,
  ground: Ground | null,
  invert = false,
): { greys: Uint8Array; polarity: FoundGarment['polarity'] } {
  const places: number[] = [];
  const lights = new Float32Array(mask.length);
  let [own, below] = [0, 0];
  mask.forEach((value, i) => {
    if (!value) return;
    places.push(i);
    lights[i] = luminance(rgba[4 * i]!, rgba[4 * i + 1]!, rgba[4 * i + 2]!);
    own += lights[i]!;
    if (ground)
      below += luminance(
        ...(ground.colours.subarray(3 * i, 3 * i + 3) as unknown as [number, number, number]),
      );
  });
  const brightest = (values: number[]): number =>
    values.sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? 0;
  let negative = ground ? own < below : brightest(places.map((i) => 255 - lights[i]!)) > DIM;
  if (invert) negative = !negative;
  const value = (i: number): number => (negative ? 255 - lights[i]! : lights[i]!);
  const gain = Math.min(4, Math.max(1, LIGHT / Math.max(1, brightest(places.map(value)))));
  const greys = new Uint8Array(mask.length);
  // What belongs to the garment must not vanish into black.
  for (const i of places) greys[i] = Math.min(255, Math.max(1, Math.round(gain * value(i))));
  return { greys, polarity: negative ? 'negative' : 'positive' };
}

/** A part of an image, turned, mirrored and brought to GARMENT pixels on its longer side by averaging, in the middle. */
function inSquare(image: Grey, box: Box | null, { turn = 0, mirror = false }: PictureOptions): Grey {
  const pixels = new Uint8Array(SQUARE * SQUARE);
  if (!box) return { width: SQUARE, height: SQUARE, pixels };
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  const scale = GARMENT / Math.max(width, height);
  const [columns, rows] = [width, height].map((side) => Math.max(1, Math.round(side * scale))) as [
    number,
    number,
  ];
  const across = weights(width, columns);
  const down = weights(height, rows);
  const quarter = ((turn % 4) + 4) % 4;
  const [wide, high] = quarter % 2 ? [rows, columns] : [columns, rows];
  const [left, top] = [Math.floor((SQUARE - wide) / 2), Math.floor((SQUARE - high) / 2)];
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      let sum = 0;
      for (const [sy, partY] of down[y]!) {
        for (const [sx, partX] of across[x]!) {
          sum += partX * partY * image.pixels[(box.top + sy) * image.width + box.left + sx]!;
        }
      }
      const turnedX = [x, rows - 1 - y, columns - 1 - x, y][quarter]!;
      const tx = mirror ? wide - 1 - turnedX : turnedX;
      const ty = [y, x, rows - 1 - y, columns - 1 - x][quarter]!;
      pixels[(top + ty) * SQUARE + left + tx] = Math.round(sum);
    }
  }
  return { width: SQUARE, height: SQUARE, pixels };
}

/** For each of `parts` equal parts of a side, the pixels in it and how much of the part each of them covers. */
function weights(side: number, parts: number): [pixel: number, share: number][][] {
  const length = side / parts;
  return Array.from({ length: parts }, (_, n) => {
    const [from, to] = [n * length, (n + 1) * length];
    const covered: [number, number][] = [];
    for (let i = Math.floor(from); i < Math.min(side, to); i++) {
      covered.push([i, (Math.min(to, i + 1) - Math.max(from, i)) / length]);
    }
    return covered;
  });
}
