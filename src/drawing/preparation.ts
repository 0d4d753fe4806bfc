/**
 * Turns a drawing into an image for the network in the way of the dataset's photographs: cropped to its ink, scaled to 28
 * pixels on the longer side by averaging, and centred. Works on grey arrays, so Node and every browser agree.
 */
import { IMAGE_PIXELS, IMAGE_SIZE } from '../data/dataset.ts';

/** A grey image, row by row: 0 is the black ground, 255 the lightest garment. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array | Uint8ClampedArray;
}

/** A box in pixels: `left` and `top` belong to it, `right` and `bottom` are the first that do not. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The smallest box around everything that is not black; null for an empty image. */
export function inkBox({ width, height, pixels }: Grey): Box | null {
  if (pixels.length !== width * height) {
    throw new RangeError(`An image of ${width}×${height} pixels cannot have ${pixels.length}.`);
  }
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    const row = y * width;
    let first = 0;
    while (first < width && pixels[row + first] === 0) first++;
    if (first === width) continue;
    let last = width - 1;
    while (pixels[row + last] === 0) last--;
    left = Math.min(left, first);
    right = Math.max(right, last + 1);
    top = Math.min(top, y);
    bottom = y + 1;
  }
  return bottom === 0 ? null : { left, top, right, bottom };
}

/**
 * The network's 28×28 image of a drawing, 0 to 255; null if nothing is drawn.
 * An image of the dataset that is enlarged by a whole factor, with ink at two opposite edges, comes back unchanged.
 */
export function prepare(image: Grey): Uint8Array<ArrayBuffer> | null {
  const box = inkBox(image);
  if (!box) return null;
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  const [columns, rows] = [width, height].map((side) => cells(side, Math.max(width, height))) as [
    number,
    number,
  ];

  // First along the rows, then down the columns of the result: [column][source row].
  const narrow = Array.from({ length: columns }, () => new Float64Array(height));
  for (let y = 0; y < height; y++) {
    const start = (box.top + y) * image.width;
    const row = image.pixels.subarray(start + box.left, start + box.right);
    sums(row, columns).forEach((sum, x) => (narrow[x]![y] = sum));
  }
  const area = (width / columns) * (height / rows);
  const [left, top] = [margin(columns), margin(rows)];
  const result = new Uint8Array(IMAGE_PIXELS);
  narrow.forEach((column, x) => {
    sums(column, rows).forEach(
      (sum, y) => (result[(top + y) * IMAGE_SIZE + left + x] = Math.round(sum / area)),
    );
  });
  return result;
}

/** How many of the 28 pixels a side takes; a whole number, as in the dataset. */
const cells = (side: number, longer: number): number => Math.max(1, Math.round((IMAGE_SIZE * side) / longer));

/** Free pixels before so many; the odd one comes before them, as in nearly all of the dataset's images. */
const margin = (count: number): number => Math.ceil((IMAGE_SIZE - count) / 2);

/** Sums over equal parts of a line; a value that a border runs through is shared. */
function sums(line: ArrayLike<number>, parts: number): Float64Array {
  const before = new Float64Array(line.length + 1);
  for (let i = 0; i < line.length; i++) before[i + 1] = before[i]! + line[i]!;
  const upTo = (border: number): number => {
    const position = (border * line.length) / parts;
    const whole = Math.floor(position);
    return before[whole]! + (position - whole) * (line[whole] ?? 0);
  };
  return Float64Array.from({ length: parts }, (_, i) => upTo(i + 1) - upTo(i));
}
