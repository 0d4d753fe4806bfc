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
  const crop = options.crop ? common(options.crop, whole) : whole;
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
  const ground = fitGround(rgba, width, height, borderPlaces(width, height));
  const { colours, noise } = ground;
  const threshold = options.threshold ?? Math.round(Math.max(14, 3 * noise + 8));
  const mask = new Uint8Array(width * height);
  for (let i = 0; i < mask.length; i++) {
    const distance = Math.max(
      Math.abs(rgba[4 * i]! - colours[3 * i]!),
      Math.abs(rgba[4 * i + 1]! - colours[3 * i + 1]!),
      Math.abs(rgba[4 * i + 2]! - colours[3 * i + 2]!),
    );
    if (distance > threshold) mask[i] = 255;
  }
  return { mask, threshold, ground };
}

/** Positions of the pixels within two of the border. */
function borderPlaces(width: number, height: number): number[] {
  const places: number[] = [];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (Math.min(x, y, width - 1 - x, height - 1 - y) < 2) places.push(i);
    }
  }
  return places;
}

/** Parts of a garment are at most this far apart, as a share of the picture's longer side. */
const GAP = 0.04;
/** Another part of at least this size beside the largest is another garment, not dirt or a watermark. */
const ANOTHER = 0.3;

/** The largest garment of the mask, with all that lies within its box. */
function chooseGarment(
  mask: Uint8Array,
  width: number,
  height: number,
): { mask: Uint8Array; isSeveral: boolean } {
  const reach = Math.max(1, Math.round((GAP / 2) * Math.max(width, height)));
  const groups = regions(dilated(mask, width, height, reach), width, height).sort(
    (a, b) => boxArea(b.box) - boxArea(a.box),
  );
  const [largest, ...others] = groups;
  const kept = new Uint8Array(mask.length);
  if (!largest) return { mask: kept, isSeveral: false };
  const isWithin = ({ box }: Region): boolean => {
    const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
    return x > largest.box.left && x < largest.box.right && y > largest.box.top && y < largest.box.bottom;
  };
  for (const { places } of [largest, ...others.filter(isWithin)]) for (const i of places) kept[i] = mask[i]!;
  const isSeveral = others.some(
    (other) => !isWithin(other) && boxArea(other.box) > ANOTHER * boxArea(largest.box),
  );
  return { mask: kept, isSeveral };
}

/** The part of the border's pixels from which a garment is said to go beyond it. */
const CONTACT = 0.03;

function touches(mask: Uint8Array, width: number, height: number): boolean {
  let contact = 0;
  for (let x = 0; x < width; x++) {
    contact += Number(mask[x]! > 0) + Number(mask[(height - 1) * width + x]! > 0);
  }
  for (let y = 0; y < height; y++) {
    contact += Number(mask[y * width]! > 0) + Number(mask[(y + 1) * width - 1]! > 0);
  }
  return contact > CONTACT * 2 * (width + height);
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
