/** A small canvas with pens and areas like the pad's in strokes.ts; smaller, since speed counts here. */
import { IMAGE_SIZE } from '../../data/dataset.ts';
import { prepare } from '../preparation.ts';
import { forEachSpanInside } from '../scanlines.ts';
import type { Line } from './shapes.ts';

/** Side in pixels. */
export const CANVAS = 96;
const SIZE = CANVAS * CANVAS;

export class Canvas {
  readonly pixels = new Uint8Array(SIZE);
  readonly #coverage = new Uint8Array(SIZE);

  clear(): void {
    this.pixels.fill(0);
  }

  /** Draws a line with a round pen. @param mask only where this is not 0, if given */
  line(points: Line, diameter: number, ink: number, mask?: Uint8Array): void {
    const radius = diameter / 2;
    const reach = radius + 1;
    // A pen thinner than a pixel covers no pixel whole.
    const full = 255 * Math.min(1, diameter);
    const [core, rim] = [Math.max(0, radius - 0.5) ** 2, (radius + 0.5) ** 2];
    const coverage = this.#coverage;
    let [first, last] = [CANVAS, 0];
    for (let i = 0; i + 1 < points.length; i += 2) {
      const [x1, y1] = [points[i]!, points[i + 1]!];
      const [x0, y0] = i > 0 ? [points[i - 2]!, points[i - 1]!] : [x1, y1];
      const [dx, dy] = [x1 - x0, y1 - y0];
      const squared = dx * dx + dy * dy;
      const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
      const right = Math.min(CANVAS, Math.ceil(Math.max(x0, x1) + reach));
      const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
      const bottom = Math.min(CANVAS, Math.ceil(Math.max(y0, y1) + reach));
      [first, last] = [Math.min(first, top), Math.max(last, bottom)];
      // In each row only what the pen can reach from the line, however long it is.
      const [slope, spread] =
        dy === 0 ? [0, Infinity] : [dx / dy, (reach * Math.sqrt(squared)) / Math.abs(dy)];
      for (let y = top; y < bottom; y++) {
        const py = y + 0.5 - y0;
        const middle = x0 + slope * py;
        const from = Math.max(left, Math.floor(middle - spread));
        const to = Math.min(right, Math.ceil(middle + spread));
        for (let x = from; x < to; x++) {
          const px = x + 0.5 - x0;
          const along = squared === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / squared));
          const [ex, ey] = [px - along * dx, py - along * dy];
          const distance = ex * ex + ey * ey;
          if (distance >= rim) continue;
          const cover = distance <= core ? full : Math.min(full, 255 * (radius + 0.5 - Math.sqrt(distance)));
          const at = y * CANVAS + x;
          if (cover > coverage[at]!) coverage[at] = cover;
        }
      }
    }
    this.#blend(ink, mask, first * CANVAS, last * CANVAS);
  }

  /**
   * Fills what closed lines enclose.
   * @param mask only where this is not 0, if given
   * @returns what they enclose, see {@link enclosed}
   */
  area(lines: readonly Line[], ink: number, mask?: Uint8Array): Uint8Array {
    const inside = enclosed(lines);
    for (let i = 0; i < SIZE; i++) if (inside[i] && (!mask || mask[i])) this.pixels[i] = ink;
    return inside;
  }

  /** Blends ink over the pixels where `mask` is not 0. @param coverOf 0 none … 1 all; of no effect below 0 */
  shade(ink: number, mask: Uint8Array, coverOf: (i: number) => number): void {
    for (let i = 0; i < SIZE; i++) {
      const cover = mask[i] ? Math.min(1, coverOf(i)) : 0;
      if (cover <= 0) continue;
      const below = this.pixels[i]!;
      this.pixels[i] = below + Math.round((ink - below) * cover);
    }
  }

  /** The network's image of the drawing; null if nothing is drawn. */
  prepared(): Uint8Array | null {
    return prepare({ width: CANVAS, height: CANVAS, pixels: this.pixels });
  }

  /** Blends ink over what the line covers, from one pixel to another. */
  #blend(ink: number, mask: Uint8Array | undefined, from: number, to: number): void {
    const { pixels } = this;
    const coverage = this.#coverage;
    for (let i = from; i < to; i++) {
      const cover = coverage[i]!;
      if (cover === 0) continue;
      coverage[i] = 0;
      if (mask && !mask[i]) continue;
      const below = pixels[i]!;
      pixels[i] = below + Math.round(((ink - below) * cover) / 255);
    }
  }
}

/** 1 for pixels that closed lines enclose, else 0; holes stay open (even-odd). */
export function enclosed(lines: readonly Line[]): Uint8Array {
  const inside = new Uint8Array(SIZE);
  forEachSpanInside(lines, CANVAS, (from, to) => inside.fill(1, from, to));
  return inside;
}

/** Canvas pixels per pixel of the dataset, so that rotated drawings with a thick pen still fit. */
export const SCALE = (0.8 * CANVAS) / (IMAGE_SIZE + 4);
