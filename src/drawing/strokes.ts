/**
 * Drawings as data. A drawing is a list of actions; rasterising it takes integer and IEEE-exact arithmetic alone, so
 * the same actions give the same pixels in Node and in every browser, and the pad shows what the network gets.
 */
import type { Box, Grey } from './preparation.ts';
import { forEachSpanInside } from './scanlines.ts';

/** Side of the pad in its own pixels: twenty for each of the network's. */
export const PAD = 560;

/** A line of the pen, or of the eraser, which is a pen with ink 0. */
export interface Stroke {
  readonly kind: 'stroke';
  /** 0 black ground … 255 lightest garment. */
  readonly ink: number;
  /** x, y, diameter; x, y, diameter; … in the pad's pixels. */
  readonly points: readonly number[];
  /** Drawn a second time, mirrored at the pad's vertical middle. */
  readonly mirror?: boolean;
  /** The line's first and last point are joined and what they enclose is filled. */
  readonly closed?: boolean;
}

/** Everything of about the same grey that is connected with the pixel at x, y gets the ink. */
export interface Fill {
  readonly kind: 'fill';
  readonly ink: number;
  readonly x: number;
  readonly y: number;
}

/** A square image over the whole pad, which replaces what was there. */
export interface Picture {
  readonly kind: 'picture';
  readonly side: number;
  /** side × side greys, row by row, in base64: actions stay plain JSON. */
  readonly pixels: string;
  /** What was wrong with the picture it was found in, as found-garment.ts names it. */
  readonly warning?: string;
}

/** The empty pad. */
export interface Clear {
  readonly kind: 'clear';
}

/** Several at once: a single step for undo. */
export interface Group {
  readonly kind: 'group';
  readonly actions: readonly Action[];
}

export type Action = Stroke | Fill | Picture | Clear | Group;

const EVERYTHING: Box = { left: 0, top: 0, right: PAD, bottom: PAD };

/** Greys that differ by no more than this count as one area for the fill tool. */
const FILL_TOLERANCE = 12;

/** The pixels of a drawing. */
export function rasterise(actions: readonly Action[]): Grey {
  const pixels = new Uint8Array(PAD * PAD);
  for (const action of actions) apply(pixels, action);
  return { width: PAD, height: PAD, pixels };
}

/** Whether an action replaces everything that was there before. */
function wipes(action: Action): boolean {
  return (
    action.kind === 'clear' ||
    action.kind === 'picture' ||
    (action.kind === 'group' && action.actions.some(wipes))
  );
}

/**
 * The end of a drawing, which looks the same without what came before.
 * @param wiped how many of the last wipes of the pad to keep: with 1, undo ends at the last one, with 2 before it
 */
export function visible(actions: readonly Action[], wiped = 1): readonly Action[] {
  const places = actions.flatMap((action, i) => (wipes(action) ? [i] : []));
  return actions.slice(places.at(-wiped) ?? 0);
}

/** Carries out one action on the pad's pixels. */
export function apply(pixels: Uint8Array, action: Action): void {
  switch (action.kind) {
    case 'stroke': {
      const pen = new Pen(action);
      const line = pen.add(action.points);
      // Once: what is painted twice is blended twice.
      pen.paint(pixels, pixels, action.closed ? pen.enclose() : line);
      break;
    }
    case 'fill':
      fill(pixels, action);
      break;
    case 'picture':
      drawPicture(pixels, action);
      break;
    case 'clear':
      pixels.fill(0);
      break;
    case 'group':
      for (const each of action.actions) apply(pixels, each);
  }
}

/**
 * A stroke that is being drawn. Its coverage is collected in a mask, so that a line that crosses itself is not blended
 * twice, and a line drawn bit by bit looks exactly like the same line replayed.
 */
export class Pen {
  readonly points: number[] = [];
  readonly #coverage = new Uint8Array(PAD * PAD);
  readonly #ink: number;
  readonly #mirror: boolean;

  constructor({ ink, mirror = false }: Pick<Stroke, 'ink' | 'mirror'>) {
    this.#ink = ink;
    this.#mirror = mirror;
  }

  /** Continues the line to further points (x, y, diameter; …) and returns the part of the pad that they touch. */
  add(points: readonly number[]): Box {
    let touched: Box = { left: PAD, top: PAD, right: 0, bottom: 0 };
    for (let i = 0; i + 2 < points.length; i += 3) {
      this.points.push(points[i]!, points[i + 1]!, points[i + 2]!);
      const last = this.points.length - 3;
      touched = around(touched, this.#line(Math.max(0, last - 3), last));
    }
    return touched;
  }

  /** Whether the line has left its beginning and ends near it again. */
  returns(): boolean {
    const [x0, y0, size] = this.points;
    if (x0 === undefined || y0 === undefined || size === undefined) return false;
    const distance = (i: number) => Math.hypot(this.points[i]! - x0, this.points[i + 1]! - y0);
    const near = Math.max(size, PAD / 20);
    let farthest = 0;
    for (let i = 0; i < this.points.length; i += 3) farthest = Math.max(farthest, distance(i));
    return farthest > 2 * near && distance(this.points.length - 3) <= near;
  }

  /**
   * Draws the line back to its beginning and covers what it encloses (even-odd; the line softens the edge).
   * @returns the part of the pad to paint
   */
  enclose(): Box {
    if (this.points.length) this.#line(this.points.length - 3, 0);
    const outline = this.points.filter((_, i) => i % 3 < 2);
    const cover = (from: number, to: number) => this.#coverage.fill(255, from, to);
    forEachSpanInside([outline], PAD, cover);
    if (this.#mirror) forEachSpanInside([outline], PAD, cover, (x) => PAD - x);
    return EVERYTHING;
  }

  /** Blends the line over `ground` into `pixels` (they may be the same array) within `area`, and returns that. */
  paint(pixels: Uint8Array, ground: Uint8Array, area: Box): Box {
    for (let y = area.top; y < area.bottom; y++) {
      for (let i = y * PAD + area.left; i < y * PAD + area.right; i++) {
        const below = ground[i]!;
        pixels[i] = below + Math.round(((this.#ink - below) * this.#coverage[i]!) / 255);
      }
    }
    return area;
  }

  /** Covers the line between two points, given by their places in `points`, and its mirror image. */
  #line(from: number, to: number): Box {
    const dot = (i: number): Dot => [this.points[i]!, this.points[i + 1]!, this.points[i + 2]! / 2];
    const mirrored = ([x, y, radius]: Dot): Dot => [PAD - x, y, radius];
    const touched = this.#segment(dot(from), dot(to));
    return this.#mirror ? around(touched, this.#segment(mirrored(dot(from)), mirrored(dot(to)))) : touched;
  }

  /** Covers a segment of changing width with round ends; its edge is softened over one pixel. */
  #segment(from: Dot, to: Dot): Box {
    const reach = Math.max(from[2], to[2]) + 1;
    const left = Math.max(0, Math.floor(Math.min(from[0], to[0]) - reach));
    const right = Math.min(PAD, Math.ceil(Math.max(from[0], to[0]) + reach));
    const top = Math.max(0, Math.floor(Math.min(from[1], to[1]) - reach));
    const bottom = Math.min(PAD, Math.ceil(Math.max(from[1], to[1]) + reach));
    const [dx, dy, dr] = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
    const squared = dx * dx + dy * dy;
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) {
        const [px, py] = [x + 0.5 - from[0], y + 0.5 - from[1]];
        const t = squared === 0 ? 0 : Math.min(1, Math.max(0, (px * dx + py * dy) / squared));
        const [ex, ey] = [px - t * dx, py - t * dy];
        const radius = from[2] + t * dr;
        // A pen thinner than a pixel covers no pixel whole.
        const cover = Math.min(1, 2 * radius, radius + 0.5 - Math.sqrt(ex * ex + ey * ey));
        if (cover <= 0) continue;
        const i = y * PAD + x;
        this.#coverage[i] = Math.max(this.#coverage[i]!, Math.round(255 * cover));
      }
    }
    return { left, top, right, bottom };
  }
}

type Dot = readonly [x: number, y: number, radius: number];

/** The box around two. */
const around = (a: Box, b: Box): Box => ({
  left: Math.min(a.left, b.left),
  top: Math.min(a.top, b.top),
  right: Math.max(a.right, b.right),
  bottom: Math.max(a.bottom, b.bottom),
});

function forEachNeighbour(pixel: number, visit: (pixel: number) => void): void {
  const x = pixel % PAD;
  if (x > 0) visit(pixel - 1);
  if (x < PAD - 1) visit(pixel + 1);
  if (pixel >= PAD) visit(pixel - PAD);
  if (pixel < PAD * (PAD - 1)) visit(pixel + PAD);
}

/** Floods from a pixel; the softened rim of the lines around the area is covered too, so that no dark seam stays. */
function fill(pixels: Uint8Array, { x, y, ink }: Fill): void {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  if (column < 0 || row < 0 || column >= PAD || row >= PAD) return;
  const start = row * PAD + column;
  const grey = pixels[start]!;
  const inside = new Uint8Array(PAD * PAD);
  const area: number[] = [];
  const visit = (pixel: number): void => {
    if (inside[pixel] || Math.abs(pixels[pixel]! - grey) > FILL_TOLERANCE) return;
    inside[pixel] = 1;
    area.push(pixel);
  };
  visit(start);
  for (let n = 0; n < area.length; n++) forEachNeighbour(area[n]!, visit);
  const paint = (pixel: number): void => void (pixels[pixel] = ink);
  for (const pixel of area) {
    paint(pixel);
    forEachNeighbour(pixel, paint);
  }
}

/** Enlarges a square image to the whole pad, without smoothing. */
function drawPicture(pixels: Uint8Array, { side, pixels: text }: Picture): void {
  const source = atob(text);
  for (let y = 0; y < PAD; y++) {
    const offset = Math.floor((y * side) / PAD) * side;
    for (let x = 0; x < PAD; x++) {
      pixels[y * PAD + x] = source.charCodeAt(offset + Math.floor((x * side) / PAD));
    }
  }
}

/** A square image as an action. */
export function picture(side: number, pixels: ArrayLike<number>, warning?: string): Picture {
  return {
    kind: 'picture',
    side,
    pixels: btoa(Array.from(pixels, (pixel) => String.fromCharCode(pixel)).join('')),
    ...(warning && { warning }),
  };
}

/**
 * A drawing from outside (a link, a file, the browser's storage), checked.
 * @throws TypeError if it is not a list of actions as described here
 */
export function parseDrawing(value: unknown): Action[] {
  if (!Array.isArray(value)) throw new TypeError('A drawing is a list of actions.');
  return value.map((entry: unknown, i) => {
    const action = parseAction(entry);
    if (!action) throw new TypeError(`Action ${i + 1} of the drawing is not one that the pad knows.`);
    return action;
  });
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Math.abs(value) < 1e4;
const isInk = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255;

function parseAction(entry: unknown): Action | null {
  const { kind, ink, points, mirror, closed, x, y, side, pixels, warning, actions } = (entry ?? {}) as Record<
    string,
    unknown
  >;
  switch (kind) {
    case 'stroke':
      if (!isInk(ink) || !Array.isArray(points) || points.length % 3 || !points.every(isNumber)) return null;
      return { kind, ink, points, ...(mirror === true && { mirror }), ...(closed === true && { closed }) };
    case 'fill':
      return isInk(ink) && isNumber(x) && isNumber(y) ? { kind, ink, x, y } : null;
    case 'picture':
      if (typeof pixels !== 'string' || !Number.isInteger(side)) return null;
      if (!isPicture(side as number, pixels)) return null;
      return { kind, side: side as number, pixels, ...(typeof warning === 'string' && { warning }) };
    case 'clear':
      return { kind };
    case 'group': {
      if (!Array.isArray(actions)) return null;
      const parsed = actions.map(parseAction);
      return parsed.every((action) => action !== null) ? { kind, actions: parsed } : null;
    }
    default:
      return null;
  }
}

function isPicture(side: number, pixels: string): boolean {
  if (side < 1 || side > PAD || !/^[A-Za-z0-9+/]*={0,2}$/.test(pixels)) return false;
  const padding = pixels.endsWith('==') ? 2 : pixels.endsWith('=') ? 1 : 0;
  return pixels.length % 4 === 0 && (pixels.length / 4) * 3 - padding === side * side;
}
