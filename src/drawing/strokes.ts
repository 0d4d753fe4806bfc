/**
 * Drawings as data. A drawing is a list of actions; rasterising it takes integer and IEEE-exact arithmetic alone, so
 * the same actions give the same pixels in Node and in every browser: the pad shows what the network gets.
 */
import type { Grey } from './preparation.ts';

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

/** Everything of about one grey that hangs together with the pixel at x, y gets the ink. */
export interface Fill {
  readonly kind: 'fill';
  readonly ink: number;
  readonly x: number;
  readonly y: number;
}

/** A square image over the whole pad; it replaces what was there. */
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

/** Several at once: one step to go back. */
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

/** Greys this far apart still count as one area for the fill tool. */
const FILL_TOLERANCE = 12;

/** The pixels of a drawing. */
export function rasterise(actions: readonly Action[]): Grey {
  const pixels = new Uint8Array(PAD * PAD);
  for (const action of actions) apply(pixels, action);
  return { width: PAD, height: PAD, pixels };
}

/** Whether an action leaves nothing of what was there before. */
function wipes(action: Action): boolean {
  return (
    action.kind === 'clear' ||
    action.kind === 'picture' ||
    (action.kind === 'group' && action.actions.some(wipes))
  );
}

/**
 * The end of a drawing that looks the same without what came before.
 * @param wiped how many wipes of the pad to keep, from the last: with 1 the way back ends at it, with 2 before it
 */
export function visible(actions: readonly Action[], wiped = 1): readonly Action[] {
  const places = actions.flatMap((action, i) => (wipes(action) ? [i] : []));
  return actions.slice(places.at(-wiped) ?? 0);
}

/** Carries out one action on the pad's pixels and says where it changed them. */
export function apply(pixels: Uint8Array, action: Action): Dirty {
  switch (action.kind) {
    case 'stroke': {
      const pen = new Pen(action);
      return pen.paint(pixels, pixels, pen.add(action.points), action.closed);
    }
    case 'fill':
      return fill(pixels, action);
    case 'picture':
      return place(pixels, action);
    case 'clear':
      pixels.fill(0);
      return EVERYTHING;
    case 'group':
      for (const each of action.actions) apply(pixels, each);
      return EVERYTHING;
  }
}

/**
 * A stroke in the making: coverage gathers in a mask, so a line that crosses itself is not blended twice, and a line
 * drawn bit by bit looks exactly as the same line replayed.
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

  /** Goes on to further points (x, y, diameter; …) and returns the part of the pad they touch. */
  add(points: readonly number[]): Dirty {
    const dirty: Dirty = { left: PAD, top: PAD, right: 0, bottom: 0 };
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

  /** Whether the line's end has come back near to its beginning, after having gone somewhere. */
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

  /** Covers a line of changing width with round ends; its edge is softened over one pixel. */
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
    const shapes = this.mirror ? [(x: number) => x, (x: number) => PAD - x] : [(x: number) => x];
    for (const place of shapes) {
      for (let y = 0; y < PAD; y++) {
        const crossings = this.crossings(y + 0.5)
          .map(place)
          .sort((a, b) => a - b);
        for (let i = 0; i + 1 < crossings.length; i += 2) {
          const from = Math.max(0, Math.ceil(crossings[i]! - 0.5));
          const to = Math.min(PAD, Math.ceil(crossings[i + 1]! - 0.5));
          if (from >= to) continue;
          this.coverage.fill(255, y * PAD + from, y * PAD + to);
          extend(area, { left: from, top: y, right: to, bottom: y + 1 });
        }
      }
    }
    return area;
  }

  /** Where the closed line crosses the height y. */
  private crossings(y: number): number[] {
    const found: number[] = [];
    const count = this.points.length;
    for (let i = 0; i < count; i += 3) {
      const [x0, y0] = [this.points[i]!, this.points[i + 1]!];
      const [x1, y1] = [this.points[(i + 3) % count]!, this.points[(i + 4) % count]!];
      if (y0 > y !== y1 > y) found.push(x0 + ((y - y0) / (y1 - y0)) * (x1 - x0));
    }
    return found;
  }
}

type Dot = readonly [x: number, y: number, radius: number];

function extend(dirty: Dirty, by: Dirty): void {
  dirty.left = Math.min(dirty.left, by.left);
  dirty.top = Math.min(dirty.top, by.top);
  dirty.right = Math.max(dirty.right, by.right);
  dirty.bottom = Math.max(dirty.bottom, by.bottom);
}

/** Floods from the seed; the softened rim of the lines around it is covered too, so no dark seam stays. */
function fill(pixels: Uint8Array, { x, y, ink }: Fill): Dirty {
  const [column, row] = [Math.floor(x), Math.floor(y)];
  if (column < 0 || row < 0 || column >= PAD || row >= PAD) return { left: 0, top: 0, right: 0, bottom: 0 };
  const seed = pixels[row * PAD + column]!;
  const inside = new Uint8Array(PAD * PAD);
  const open = [row * PAD + column];
  inside[open[0]!] = 1;
  const visit = (i: number) => {
    if (inside[i] || Math.abs(pixels[i]! - seed) > FILL_TOLERANCE) return;
    inside[i] = 1;
    open.push(i);
  };
  const dirty: Dirty = { left: PAD, top: PAD, right: 0, bottom: 0 };
  for (let i = open.pop(); i !== undefined; i = open.pop()) {
    const [px, py] = [i % PAD, Math.floor(i / PAD)];
    if (px > 0) visit(i - 1);
    if (px < PAD - 1) visit(i + 1);
    if (py > 0) visit(i - PAD);
    if (py < PAD - 1) visit(i + PAD);
    extend(dirty, { left: px, top: py, right: px + 1, bottom: py + 1 });
  }
  dirty.left = Math.max(0, dirty.left - 1);
  dirty.top = Math.max(0, dirty.top - 1);
  dirty.right = Math.min(PAD, dirty.right + 1);
  dirty.bottom = Math.min(PAD, dirty.bottom + 1);
  for (let py = dirty.top; py < dirty.bottom; py++) {
    for (let px = dirty.left; px < dirty.right; px++) {
      const i = py * PAD + px;
      const touched =
        inside[i] ||
        (px > 0 && inside[i - 1]) ||
        (px < PAD - 1 && inside[i + 1]) ||
        (py > 0 && inside[i - PAD]) ||
        (py < PAD - 1 && inside[i + PAD]);
      if (touched) pixels[i] = ink;
    }
  }
  return dirty;
}

/** Blows a square image up over the whole pad, pixel by pixel. */
function place(pixels: Uint8Array, { side, pixels: text }: Picture): Dirty {
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
 * A drawing that comes from outside (a link, a file, the browser's storage).
 * @throws TypeError where it is no list of actions as described here.
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
