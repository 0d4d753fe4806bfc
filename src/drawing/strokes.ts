/**
 * Drawings as data. A drawing is a list of actions; rasterising it takes integer and IEEE-exact arithmetic alone, so
 * the same actions give the same pixels in Node and in every browser, and the pad shows what the network gets.
 */
import type { Grey } from './preparation.ts';
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

/** The part of the pad that changed; `right` and `bottom` are the first column and row that did not. */
export interface Dirty {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const EVERYTHING: Dirty = { left: 0, top: 0, right: PAD, bottom: PAD };
/** To be extended. */
const nothing = (): Dirty => ({ left: PAD, top: PAD, right: 0, bottom: 0 });

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

/** Carries out one action on the pad's pixels and returns the part that it changed. */
export function apply(pixels: Uint8Array, action: Action): Dirty {
  switch (action.kind) {
    case 'stroke': {
      const pen = new Pen(action);
      return pen.paint(pixels, pixels, pen.add(action.points), action.closed);
    }
    case 'fill':
      return fill(pixels, action);
    case 'picture':
      return drawPicture(pixels, action);
    case 'clear':
      pixels.fill(0);
      return EVERYTHING;
    case 'group':
      for (const each of action.actions) apply(pixels, each);
      return EVERYTHING;
  }
}

/**
 * A stroke that is being drawn. Its coverage is collected in a mask, so that a line that crosses itself is not blended
 * twice, and a line drawn bit by bit looks exactly like the same line replayed.
 */
export class Pen {
  private readonly coverage = new Uint8Array(PAD * PAD);
  private readonly points: number[] = [];
  private readonly ink: number;
  private readonly mirror: boolean;

  constructor({ ink, mirror }: Pick<Stroke, 'ink' | 'mirror'>) {
    this.ink = ink;
    this.mirror = mirror ?? false;
  }

  /** Continues the line to further points (x, y, diameter; …) and returns the part of the pad that they touch. */
  add(points: readonly number[]): Dirty {
    const dirty = nothing();
    for (let i = 0; i + 2 < points.length; i += 3) {
      const to: Dot = [points[i]!, points[i + 1]!, points[i + 2]! / 2];
      const n = this.points.length;
      const from: Dot = n ? [this.points[n - 3]!, this.points[n - 2]!, this.points[n - 1]! / 2] : to;
      this.points.push(points[i]!, points[i + 1]!, points[i + 2]!);
      this.segment(from, to, dirty);
      if (this.mirror) {
        this.segment([PAD - from[0], from[1], from[2]], [PAD - to[0], to[1], to[2]], dirty);
      }
    }
    return dirty;
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
   * Blends the line over `ground` into `pixels` (they may be the same array) within `dirty`.
   * With `closed`, what the line encloses is covered as well.
   */
  paint(pixels: Uint8Array, ground: Uint8Array, dirty: Dirty, closed = false): Dirty {
    const area = closed ? this.enclose(dirty) : dirty;
    for (let y = area.top; y < area.bottom; y++) {
      for (let i = y * PAD + area.left; i < y * PAD + area.right; i++) {
        const cover = this.coverage[i]!;
        const below = ground[i]!;
        pixels[i] = below + Math.round(((this.ink - below) * cover) / 255);
      }
    }
    return area;
  }

  /** Covers a segment of changing width with round ends; its edge is softened over one pixel. */
  private segment(from: Dot, to: Dot, dirty: Dirty): void {
    const reach = Math.max(from[2], to[2]) + 1;
    const left = Math.max(0, Math.floor(Math.min(from[0], to[0]) - reach));
    const right = Math.min(PAD, Math.ceil(Math.max(from[0], to[0]) + reach));
    const top = Math.max(0, Math.floor(Math.min(from[1], to[1]) - reach));
    const bottom = Math.min(PAD, Math.ceil(Math.max(from[1], to[1]) + reach));
    if (left >= right || top >= bottom) return;
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
        this.coverage[i] = Math.max(this.coverage[i]!, Math.round(255 * cover));
      }
    }
    extend(dirty, { left, top, right, bottom });
  }

  /** Draws the line back to its beginning and covers what it encloses (even-odd; the line softens the edge). */
  private enclose(dirty: Dirty): Dirty {
    const area = { ...dirty };
    extend(area, this.add(this.points.slice(0, 3)));
    const outline = this.points.filter((_, i) => i % 3 < 2);
    const fill = (from: number, to: number, y: number): void => {
      this.coverage.fill(255, from, to);
      extend(area, { left: from - y * PAD, top: y, right: to - y * PAD, bottom: y + 1 });
    };
    forEachSpanInside([outline], PAD, fill);
    if (this.mirror) forEachSpanInside([outline], PAD, fill, (x) => PAD - x);
    return area;
  }
}

type Dot = readonly [x: number, y: number, radius: number];

function extend(dirty: Dirty, by: Dirty): void {
  dirty.left = Math.min(dirty.left, by.left);
  dirty.top = Math.min(dirty.top, by.top);
  dirty.right = Math.max(dirty.right, by.right);
  dirty.bottom = Math.max(dirty.bottom, by.bottom);
}

function forEachNeighbour(pixel: number, visit: (pixel: number) => void): void {
  const x = pixel % PAD;
  if (x > 0) visit(pixel - 1);
  if (x < PAD - 1) visit(pixel + 1);
  if (pixel >= PAD) visit(pixel - PAD);
  if (pixel < PAD * (PAD - 1)) visit(pixel + PAD);
}

/** Floods from a pixel; the softened rim of the lines around the area is covered too, so that no dark seam stays. */
function fill(pixels: Uint8Array, { x, y, ink }: Fill): Dirty {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  if (column < 0 || row < 0 || column >= PAD || row >= PAD) return { left: 0, top: 0, right: 0, bottom: 0 };
  const start = row * PAD + column;
  const grey = pixels[start]!;
  const inside = new Uint8Array(PAD * PAD);
  const area = [start];
  inside[start] = 1;
  const visit = (pixel: number): void => {
    if (inside[pixel] || Math.abs(pixels[pixel]! - grey) > FILL_TOLERANCE) return;
    inside[pixel] = 1;
    area.push(pixel);
  };
  for (let n = 0; n < area.length; n++) forEachNeighbour(area[n]!, visit);
  const dirty = nothing();
  const paint = (pixel: number): void => void (pixels[pixel] = ink);
  for (const pixel of area) {
    paint(pixel);
    forEachNeighbour(pixel, paint);
    const [left, top] = [pixel % PAD, Math.floor(pixel / PAD)];
    extend(dirty, {
      left: Math.max(0, left - 1),
      top: Math.max(0, top - 1),
      right: Math.min(PAD, left + 2),
      bottom: Math.min(PAD, top + 2),
    });
  }
  return dirty;
}

/** Enlarges a square image to the whole pad, without smoothing. */
function drawPicture(pixels: Uint8Array, { side, pixels: text }: Picture): Dirty {
  const source = atob(text);
  for (let y = 0; y < PAD; y++) {
    const offset = Math.floor((y * side) / PAD) * side;
    for (let x = 0; x < PAD; x++) {
      pixels[y * PAD + x] = source.charCodeAt(offset + Math.floor((x * side) / PAD));
    }
  }
  return EVERYTHING;
}

/** A square image as an action. */
export function picture(side: number, pixels: ArrayLike<number>): Picture {
  return {
    kind: 'picture',
    side,
    pixels: btoa(Array.from(pixels, (pixel) => String.fromCharCode(pixel)).join('')),
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
  const { kind, ink, points, mirror, closed, x, y, side, pixels, actions } = (entry ?? {}) as Record<
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
      return isPicture(side as number, pixels) ? { kind, side: side as number, pixels } : null;
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
