/** Square images moved about, in place; what comes in from outside is black. */

/** Left becomes right. */
export function mirror(image: Uint8Array, side: number): void {
  for (let row = 0; row < image.length; row += side) image.subarray(row, row + side).reverse();
}

/** By whole pixels. */
export function move(image: Uint8Array, side: number, right: number, down: number): void {
  const source = image.slice();
  image.fill(0);
  const [from, to] = [Math.max(0, -right), Math.min(side, side - right)];
  if (from >= to) return;
  for (let y = Math.max(0, down); y < Math.min(side, side + down); y++) {
    const row = (y - down) * side;
    image.set(source.subarray(row + from, row + to), y * side + from + right);
  }
}

/** How an image is shown to a network whose predictions for several views are averaged. */
export interface View {
  readonly mirrored: boolean;
  /** Pixels. */
  readonly right: number;
  readonly down: number;
}

/** Every view that an ensemble averages, the image as it is first. @param shift moved by so many pixels in four directions */
export function viewsOf({ flips, shift = 0 }: { flips: boolean; shift?: number | undefined }): View[] {
  const moves =
    shift > 0
      ? [
          [0, 0],
          [shift, 0],
          [-shift, 0],
          [0, shift],
          [0, -shift],
        ]
      : [[0, 0]];
  return (flips ? [false, true] : [false]).flatMap((mirrored) =>
    moves.map(([right, down]) => ({ mirrored, right: right!, down: down! })),
  );
}

/** Images, one after another, in a view of their own: the images are left as they are. */
export function seenAs(
  images: Uint8Array,
  side: number,
  { mirrored, right, down }: View,
): Uint8Array<ArrayBuffer> {
  const result = Uint8Array.from(images);
  for (let at = 0; at < result.length; at += side * side) {
    const image = result.subarray(at, at + side * side);
    if (mirrored) mirror(image, side);
    if (right !== 0 || down !== 0) move(image, side, right, down);
  }
  return result;
}

export interface Warp {
  /** Radians; positive turns clockwise. */
  readonly angle: number;
  /** More than 1 enlarges. */
  readonly zoom: number;
  /** Pixels. */
  readonly right: number;
  readonly down: number;
}

/** Turns and zooms about the centre, then moves; bilinear. */
export function warp(image: Uint8Array, side: number, { angle, zoom, right, down }: Warp): void {
  // A black frame around the source saves a bounds check for every pixel.
  const wide = side + 4;
  const source = new Uint8Array(wide * wide);
  for (let y = 0; y < side; y++) {
    source.set(image.subarray(y * side, (y + 1) * side), (y + 2) * wide + 2);
  }
  const centre = (side - 1) / 2;
  const [cos, sin] = [Math.cos(angle) / zoom, Math.sin(angle) / zoom];
  for (let y = 0, i = 0; y < side; y++) {
    const dy = y - centre - down;
    for (let x = 0; x < side; x++, i++) {
      const dx = x - centre - right;
      const fromX = Math.min(side + 1, Math.max(-2, cos * dx + sin * dy + centre)) + 2;
      const fromY = Math.min(side + 1, Math.max(-2, cos * dy - sin * dx + centre)) + 2;
      const left = Math.min(wide - 2, fromX | 0);
      const top = Math.min(wide - 2, fromY | 0);
      const [partX, partY] = [fromX - left, fromY - top];
      const at = top * wide + left;
      const upper = source[at]! + (source[at + 1]! - source[at]!) * partX;
      const below = source[at + wide]!;
      const lower = below + (source[at + wide + 1]! - below) * partX;
      image[i] = Math.round(upper + (lower - upper) * partY);
    }
  }
}
