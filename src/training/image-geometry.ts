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
