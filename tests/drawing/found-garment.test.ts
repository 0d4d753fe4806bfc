import { describe, expect, it } from 'vitest';
import { findGarment, type FoundGarment } from '../../src/drawing/found-garment.ts';
import { Random } from '../../src/math/random.ts';

const SIDE = 160;

/** A T-shirt: sleeves, a body, an open neck. Twice as large as it is far from the middle at `size` 1. */
function isShirt(x: number, y: number, middle = 80, top = 30, size = 1): boolean {
  const [u, v] = [Math.abs(x - middle) / size, (y - top) / size];
  if (v < 0 || v >= 100 || (u < 14 && v < 10 - u / 2)) return false;
  return u < 30 || (v < 35 && u < 50 && v > (u - 30) * 0.4);
}
/** Its outline, three pixels wide. */
const isOutline = (x: number, y: number): boolean =>
  isShirt(x, y) && [[-3, 0], [3, 0], [0, -3], [0, 3]].some(([dx, dy]) => !isShirt(x + dx!, y + dy!)); // prettier-ignore

type Colour = readonly [red: number, green: number, blue: number, alpha?: number];
const grey = (value: number): Colour => [value, value, value];
type Paint = (x: number, y: number) => Colour;

/** Four bytes per pixel. */
function made(paint: Paint): Uint8Array {
  const rgba = new Uint8Array(4 * SIDE * SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const [red, green, blue, alpha = 255] = paint(i % SIDE, Math.floor(i / SIDE));
    rgba.set([red, green, blue, alpha].map((value) => Math.min(255, Math.max(0, Math.round(value)))), 4 * i); // prettier-ignore
  }
  return rgba;
}

const find = (paint: Paint, options = {}): FoundGarment => findGarment(made(paint), SIDE, SIDE, options);

/** Intersection over union of the mask with the right one. */
function overlap({ mask }: FoundGarment, isRight: (x: number, y: number) => boolean = isShirt): number {
  let [both, either] = [0, 0];
  mask.forEach((value, i) => {
    const right = isRight(i % SIDE, Math.floor(i / SIDE));
    both += Number(value > 0 && right);
    either += Number(value > 0 || right);
  });
  return both / either;
}

const middle = ({ image }: FoundGarment): number => image![14 * 28 + 14]!;

/** A shirt of a colour on a ground. */
const on =
  (ground: Paint, shirt: Colour): Paint =>
  (x, y) =>
    isShirt(x, y) ? shirt : ground(x, y);
const BLUE: Colour = [40, 60, 160];
const grain = (amount: number): ((paint: Paint) => Paint) => {
  const random = new Random(1);
  return (paint) => (x, y) => {
    const speck = amount * (random.uniform() + random.uniform() - 1);
    const [red, green, blue] = paint(x, y);
    return [red + speck, green + speck, blue + speck];
  };
};
/** How much of its surroundings the shirt covers, moved by 5 and 6 pixels: 0 … 1. */
function shadow(x: number, y: number): number {
  let covered = 0;
  for (let v = -8; v <= 8; v += 2)
    for (let u = -8; u <= 8; u += 2) covered += Number(isShirt(x + u - 5, y + v - 6));
  return covered / 81;
}

describe('a garment is found', () => {
  const GROUNDS: Record<string, Paint> = {
    white: on(() => grey(255), BLUE),
    black: on(() => grey(0), [200, 190, 90]),
    coloured: on(() => [240, 190, 60], BLUE),
    'coloured, beside a garment of its brightness': on(() => [90, 150, 90], [190, 100, 120]),
    'white, with a grain': grain(16)(on(() => grey(245), BLUE)),
    'a gradient': on((x) => grey(250 - x * 0.6), BLUE),
    'a gradient in colour, aslant': on((x, y) => [250 - 0.3 * x, 200 - 0.4 * y, 120 + 0.5 * x], [60, 30, 40]),
    'darker towards the corners': on((x, y) => grey(250 - 0.006 * ((x - 80) ** 2 + (y - 80) ** 2)), BLUE),
    'a shadow on white': on((x, y) => grey(255 - 110 * shadow(x, y)), BLUE),
    'a shadow on a colour': on((x, y) => [1, 1, 1].map((_, c) => [230, 220, 200][c]! * (1 - 0.4 * shadow(x, y))) as unknown as Colour, BLUE), // prettier-ignore
    'a frame at the border': on((x, y) => (Math.min(x, y, SIDE - 1 - x, SIDE - 1 - y) < 3 ? grey(30) : grey(255)), BLUE), // prettier-ignore
    'a frame further in': on((x, y) => { const deep = Math.min(x, y, SIDE - 1 - x, SIDE - 1 - y); return deep >= 5 && deep < 7 ? [180, 30, 30] : grey(255); }, BLUE), // prettier-ignore
    'a watermark in the corner': on((x, y) => (y > 148 && y < 156 && x > 120 && x < 156 && x % 4 < 2 ? grey(120) : grey(255)), BLUE), // prettier-ignore
    transparency: on(() => [0, 0, 0, 0], BLUE),
    'transparency that hides other colours': on((x) => [x, 90, 200, 0], [200, 180, 40]),
    'transparency, the garment white': on(() => [255, 255, 255, 0], grey(255)),
    'transparency, the garment black': on(() => [0, 0, 0, 0], grey(0)),
    'nearly white, the garment white': on(() => grey(232), grey(255)),
    'nearly black, the garment black': on(() => grey(30), grey(0)),
  };
  it.each(Object.entries(GROUNDS))('on %s', (_, paint) => {
    const found = find(paint);
    expect(overlap(found)).toBeGreaterThanOrEqual(0.9);
    expect(found.warnings).toEqual([]);
    // It does not vanish into black, and what is around it does.
    expect(middle(found)).toBeGreaterThan(60);
    expect(found.image!.slice(0, 3)).toEqual(new Uint8Array(3));
  });

  it.each<[string, Paint]>([
    ['dark on white', (x, y) => grey(isOutline(x, y) ? 0 : 255)],
    ['light on black', (x, y) => grey(isOutline(x, y) ? 255 : 0)],
    ['in a colour on transparency', (x, y) => (isOutline(x, y) ? [30, 90, 200] : [0, 0, 0, 0])],
    ['white on transparency', (x, y) => (isOutline(x, y) ? [255, 255, 255] : [255, 255, 255, 0])],
  ])('as a line %s', (_, paint) => {
    const found = find(paint);
    expect(overlap(found, isOutline)).toBeGreaterThanOrEqual(0.9);
    expect(found.warnings).toEqual([]);
    expect(middle(found)).toBe(0);
    expect(Math.max(...found.image!)).toBeGreaterThan(120);
  });

  it('lighter where it is darker in a picture on white, as the dataset was made', () => {
    const striped = find((x, y) => grey(isShirt(x, y) ? (y < 80 ? 20 : 150) : 255));
    expect(striped.polarity).toBe('negative');
    expect(striped.image![8 * 28 + 14]).toBeGreaterThan(middle({ ...striped, image: striped.image }) - 1);
    expect(striped.image![24 * 28 + 14]).toBeLessThan(130);
  });

  it('without being eaten where it is itself soft and pale', () => {
    const pale: Paint = (x, y) => grey(isShirt(x, y) ? 236 - 30 * Math.min(1, (y - 30) / 100) : 255);
    expect(overlap(find(pale))).toBeGreaterThanOrEqual(0.9);
  });
});

it('the garment without a thing beside it, below its sleeve', () => {
  const inTag = (x: number, y: number): boolean => x >= 15 && x < 42 && y >= 100 && y < 150;
  const found = find((x, y) => (isShirt(x, y) ? BLUE : inTag(x, y) ? grey(40) : grey(255)));
  expect(overlap(found)).toBeGreaterThanOrEqual(0.9);
});

describe('the page is told', () => {
  const two: Paint = (x, y) =>
    isShirt(x, y, 48, 20, 0.9) ? BLUE : isShirt(x, y, 128, 60, 0.55) ? grey(40) : grey(255);

  it('that there is more than one, of which the largest is taken', () => {
    const found = find(two);
    expect(found.warnings).toEqual(['several']);
    expect(overlap(found, (x, y) => isShirt(x, y, 48, 20, 0.9))).toBeGreaterThanOrEqual(0.9);
  });

  it('that the garment goes beyond the picture', () => {
    expect(find((x, y) => (isShirt(x, y, 80, 90) ? BLUE : grey(255))).warnings).toEqual(['border']);
  });

  it('nothing where it was cut out closely', () => {
    const rgba = made(on(() => grey(255), BLUE));
    const close = new Uint8Array(4 * 100 * 100);
    for (let y = 0; y < 100; y++) close.set(rgba.subarray(4 * ((y + 30) * SIDE + 30), 4 * ((y + 30) * SIDE + 130)), 400 * y); // prettier-ignore
    expect(findGarment(close, 100, 100)).toMatchObject({ warnings: [], box: { left: 1, top: 0, right: 100, bottom: 100 } }); // prettier-ignore
  });

  it('that there is no ground', () => {
    const random = new Random(2);
    const noisy = find((x, y) => (isShirt(x, y) ? BLUE : grey(random.between(0, 255))));
    expect(noisy.warnings).toContain('noGround');
    const halves = find((x, y) =>
      isShirt(x, y) ? BLUE : x < 70 ? [200, 30, 30] : y < 90 ? grey(240) : [20, 120, 20],
    );
    expect(halves.warnings).toContain('noGround');
  });

  it.each<[string, Paint]>([
    ['one colour', () => grey(255)],
    ['transparency', () => [0, 0, 0, 0]],
    ['a gradient', (x) => grey(200 - x / 2)],
  ])('that there is nothing: %s', (_, paint) => {
    expect(find(paint)).toMatchObject({ warnings: ['nothing'], box: null, image: null });
  });
});

describe('the reader corrects', () => {
  const half: Paint = (x, y) => (isShirt(x, y) ? (x < 80 ? grey(0) : grey(150)) : grey(255));
  const pixel = ({ image }: FoundGarment, x: number, y: number): number => image![y * 28 + x]!;

  it('the threshold, and is told the one that was chosen', () => {
    const found = find(half);
    expect(find(half, { threshold: found.threshold })).toEqual(found);
    // Only the dark half is farther from white.
    expect(find(half, { threshold: 130 }).box).toMatchObject({ right: 80 });
  });

  it('which parts are light', () => {
    expect(pixel(find(half), 10, 20)).toBeGreaterThan(pixel(find(half), 18, 20));
    expect(pixel(find(half, { invert: true }), 10, 20)).toBeLessThan(
      pixel(find(half, { invert: true }), 18, 20),
    );
  });

  it('the direction, and the side', () => {
    const [plain, mirrored, turned] = [find(half), find(half, { mirror: true }), find(half, { turn: 1 })];
    expect(pixel(mirrored, 18, 20)).toBeGreaterThan(pixel(mirrored, 10, 20));
    // What was on the left is above; mask and box stay where the picture has them.
    expect(pixel(turned, 10, 10)).toBeGreaterThan(pixel(turned, 10, 18));
    expect(turned.mask).toEqual(plain.mask);
    expect(find(half, { turn: 4 })).toEqual(plain);
    expect(find(half, { turn: -1 })).toEqual(find(half, { turn: 3 }));
  });

  it('the part of the picture', () => {
    const crop = { left: 80, top: 0, right: 160, bottom: 160 };
    const found = find(half, { crop });
    expect(found.box!.left).toBeGreaterThanOrEqual(80);
    expect(found.mask).toHaveLength(SIDE * SIDE);
    expect(find(half, { crop: { left: -50, top: -50, right: 900, bottom: 900 } })).toEqual(find(half));
  });
});

it('says when the pixels do not fit the size', () => {
  expect(() => findGarment(new Uint8Array(16), 3, 3)).toThrow('A picture of 3×3 pixels cannot have 4.');
});
