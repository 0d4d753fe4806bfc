/** A small pad to draw on: pens and areas as those of strokes.ts, at a fraction of its size, since speed counts here. */
import { IMAGE_SIZE } from '../../data/images.ts';
import { prepare } from '../preparation.ts';
import type { Line } from './contours.ts';

/** Side in pixels. */
export const CANVAS = 96;
const SIZE = CANVAS * CANVAS;

export class Canvas {
  readonly pixels = new Uint8Array(SIZE);
  readonly #coverage = new Uint8Array(SIZE);

  clear(): void {
    this.pixels.fill(0);
  }

  /**
   * Draws a line with a round pen.
   * @param inside only where this is not 0, if it is given
   */
  line(points: Line, diameter: number, ink: number, inside?: Uint8Array): void {
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
      // Of each row only what the pen can reach from the line, however long it is and wherever it ends.
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
    this.#blend(ink, inside, first * CANVAS, last * CANVAS);
  }

  /**
   * Fills what closed lines enclose; holes stay open (even-odd).
   * @param within only where this is not 0, if it is given
   * @returns what they enclose: 1, else 0
   */
  area(lines: readonly Line[], ink: number, within?: Uint8Array): Uint8Array {
    const inside = enclosed(lines);
    for (let i = 0; i < SIZE; i++) if (inside[i] && (!within || within[i])) this.pixels[i] = ink;
    return inside;
  }

  /** What the network gets for the drawing; null where nothing is drawn. */
  prepared(): Uint8Array | null {
    return prepare({ width: CANVAS, height: CANVAS, pixels: this.pixels });
  }

  /** Lays the ink over what the line covers, from one pixel to another. */
  #blend(ink: number, inside: Uint8Array | undefined, from: number, to: number): void {
    const { pixels } = this;
    const coverage = this.#coverage;
    for (let i = from; i < to; i++) {
      const cover = coverage[i]!;
      if (cover === 0) continue;
      coverage[i] = 0;
      if (inside && !inside[i]) continue;
      const below = pixels[i]!;
      pixels[i] = below + Math.round(((ink - below) * cover) / 255);
    }
  }
}

/** The pixels that closed lines enclose: 1, else 0. */
export function enclosed(lines: readonly Line[]): Uint8Array {
  const inside = new Uint8Array(SIZE);
  const crossings: number[][] = Array.from({ length: CANVAS }, () => []);
  for (const line of lines) {
    for (let i = 0, j = line.length - 2; i < line.length; j = i, i += 2) {
      const [x0, y0, x1, y1] = [line[j]!, line[j + 1]!, line[i]!, line[i + 1]!];
      const [from, to] = y0 < y1 ? [y0, y1] : [y1, y0];
      const last = Math.min(CANVAS, Math.ceil(to - 0.5));
      for (let y = Math.max(0, Math.ceil(from - 0.5)); y < last; y++) {
        crossings[y]!.push(x0 + ((y + 0.5 - y0) / (y1 - y0)) * (x1 - x0));
      }
    }
  }
  crossings.forEach((row, y) => {
    row.sort((a, b) => a - b);
    for (let i = 0; i + 1 < row.length; i += 2) {
      const from = Math.max(0, Math.ceil(row[i]! - 0.5));
      const to = Math.min(CANVAS, Math.ceil(row[i + 1]! - 0.5));
      if (from < to) inside.fill(1, y * CANVAS + from, y * CANVAS + to);
    }
  });
  return inside;
}

/** Canvas pixels for one of the dataset's: what is drawn turned and with a thick pen still fits. */
export const SCALE = (0.8 * CANVAS) / (IMAGE_SIZE + 4);
