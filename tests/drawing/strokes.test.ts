import { describe, expect, it } from 'vitest';
import { prepare } from '../../src/drawing/preparation.ts';
import {
  apply,
  PAD,
  parseDrawing,
  Pen,
  picture,
  rasterise,
  visible,
  type Action,
} from '../../src/drawing/strokes.ts';

const at = (pixels: ArrayLike<number>, x: number, y: number) => pixels[y * PAD + x]!;
const sum = (pixels: Iterable<number>) => [...pixels].reduce((total, pixel) => total + pixel, 0);
const line: Action = { kind: 'stroke', ink: 200, points: [100, 100, 20, 300, 100, 20] };
const square = [100, 100, 10, 300, 100, 10, 300, 300, 10, 100, 300, 10];

describe('what is visible of a drawing', () => {
  const clear: Action = { kind: 'clear' };
  const template: Action = { kind: 'group', actions: [clear, line] };

  it('begins with the last action that wiped the pad, or the one before it', () => {
    const drawn = [line, clear, line, template, line];
    expect(visible(drawn)).toEqual([template, line]);
    expect(visible(drawn, 2)).toEqual([clear, line, template, line]);
    expect(visible(drawn, 9)).toEqual(drawn);
    expect(rasterise(visible(drawn)).pixels).toEqual(rasterise(drawn).pixels);
  });

  it('is all of it where nothing wiped the pad', () => {
    const strokes: Action = { kind: 'group', actions: [line, line] };
    expect(visible([line, strokes])).toEqual([line, strokes]);
    expect(visible([])).toEqual([]);
  });
});

describe('a stroke', () => {
  it('covers its width and length with round, softened ends', () => {
    const { pixels } = rasterise([line]);
    const area = 200 * 20 + Math.PI * 10 * 10;
    expect(sum(pixels) / 200).toBeGreaterThan(area * 0.995);
    expect(sum(pixels) / 200).toBeLessThan(area * 1.005);
    expect(at(pixels, 200, 100)).toBe(200);
    expect(at(pixels, 200, 89)).toBe(0);
    expect(at(pixels, 88, 100)).toBe(0);
  });

  it('does not blend itself twice where it crosses itself', () => {
    const twice: Action = { kind: 'stroke', ink: 120, points: [100, 100.5, 1, 300, 100.5, 1, 100, 100.5, 1] };
    const once: Action = { kind: 'stroke', ink: 120, points: [100, 100.5, 1, 300, 100.5, 1] };
    expect(rasterise([twice]).pixels).toEqual(rasterise([once]).pixels);
  });

  it('looks the same drawn bit by bit and replayed', () => {
    const points = Array.from({ length: 90 }, (_, i) => [
      200 + 5 * (i % 30),
      150 + 3 * i,
      4 + (i % 9),
    ]).flat();
    const live = new Uint8Array(PAD * PAD);
    const ground = live.slice();
    const pen = new Pen({ ink: 180, mirror: true });
    for (let i = 0; i < points.length; i += 9) pen.paint(live, ground, pen.add(points.slice(i, i + 9)));
    expect(live).toEqual(rasterise([{ kind: 'stroke', ink: 180, points, mirror: true }]).pixels);
  });

  it('is drawn a second time when mirrored', () => {
    const { pixels } = rasterise([
      { kind: 'stroke', ink: 90, points: [40, 60, 30, 50, 200, 30], mirror: true },
    ]);
    for (let i = 0; i < PAD; i++) expect(at(pixels, i, 100)).toBe(at(pixels, PAD - 1 - i, 100));
    expect(at(pixels, 45, 100)).toBe(90);
  });

  it('darkens where its ink is darker, and is an eraser with ink 0', () => {
    const { pixels } = rasterise([line, { kind: 'stroke', ink: 0, points: [100, 100, 60, 300, 100, 60] }]);
    expect(sum(pixels)).toBe(0);
  });

  it('fills what it encloses when closed', () => {
    const { pixels } = rasterise([{ kind: 'stroke', ink: 70, points: square, closed: true }]);
    expect(at(pixels, 200, 200)).toBe(70);
    expect(at(pixels, 98, 200)).toBe(70);
    expect(at(pixels, 90, 200)).toBe(0);
    expect(at(pixels, 310, 200)).toBe(0);
  });

  it('knows when its end is back at its beginning', () => {
    const pen = new Pen({ ink: 70 });
    pen.add([100, 100, 10]);
    expect(pen.returns()).toBe(false);
    pen.add([300, 100, 10, 300, 300, 10]);
    expect(pen.returns()).toBe(false);
    pen.add([104, 118, 10]);
    expect(pen.returns()).toBe(true);
  });

  it('may leave the pad', () => {
    const outside: Action = { kind: 'stroke', ink: 200, points: [-50, 280, 20, PAD + 50, 280, 20] };
    expect(sum(rasterise([outside]).pixels) / 200).toBeCloseTo(20 * PAD, -2);
  });
});

describe('fill', () => {
  it('fills an outline up to and under its softened rim, and nothing outside', () => {
    const outline: Action = { kind: 'stroke', ink: 200, points: [...square, 100, 100, 10] };
    const pixels = new Uint8Array(PAD * PAD);
    apply(pixels, outline);
    apply(pixels, { kind: 'fill', ink: 90, x: 200, y: 200 });
    for (let x = 106; x < 294; x++) expect(at(pixels, x, 200)).toBeGreaterThanOrEqual(90);
    expect(at(pixels, 200, 100)).toBe(200);
    expect(at(pixels, 200, 50)).toBe(0);
  });

  it('fills the whole pad where nothing stops it, and does nothing beside the pad', () => {
    expect(sum(rasterise([{ kind: 'fill', ink: 3, x: 0, y: PAD - 1 }]).pixels)).toBe(3 * PAD * PAD);
    expect(sum(rasterise([{ kind: 'fill', ink: 3, x: -1, y: 5 }]).pixels)).toBe(0);
  });
});

it('a group draws what it holds, one after another', () => {
  const fill: Action = { kind: 'fill', ink: 9, x: 5, y: 5 };
  const group: Action = { kind: 'group', actions: [{ kind: 'clear' }, line] };
  expect(rasterise([fill, group]).pixels).toEqual(rasterise([line]).pixels);
});

describe('a picture', () => {
  it('of 28×28 that touches the edges comes back unchanged as the network’s image', () => {
    const pixels = Uint8Array.from({ length: 784 }, (_, i) => 1 + ((i * 37) % 255));
    expect(prepare(rasterise([line, picture(28, pixels)]))).toEqual(pixels);
  });
});

describe('parseDrawing', () => {
  const drawing: Action[] = [
    { kind: 'stroke', ink: 200, points: square, mirror: true, closed: true },
    { kind: 'fill', ink: 90, x: 200, y: 200 },
    picture(3, [0, 1, 2, 3, 4, 5, 6, 7, 255]),
    picture(1, [9], 'border'),
    { kind: 'clear' },
    { kind: 'group', actions: [{ kind: 'clear' }, line] },
    line,
  ];

  it('gives back what was stored as JSON', () => {
    expect(parseDrawing(JSON.parse(JSON.stringify(drawing)))).toEqual(drawing);
  });

  it.each([
    ['no list', { kind: 'clear' }],
    ['an unknown kind', [{ kind: 'spray' }]],
    ['nothing', [null]],
    ['a group that holds what is none', [{ kind: 'group', actions: [line, { kind: 'spray' }] }]],
    ['a group of nothing', [{ kind: 'group' }]],
    ['ink out of range', [{ ...line, ink: 256 }]],
    ['half a point', [{ ...line, points: [1, 2] }]],
    ['a point that is no number', [{ ...line, points: [1, 2, 'x'] }]],
    ['a point at infinity', [{ ...line, points: [1, 2, Infinity] }]],
    ['a picture of another size', [{ ...picture(2, [1, 2, 3, 4]), side: 3 }]],
    ['a picture that is not base64', [{ kind: 'picture', side: 1, pixels: '%%==' }]],
    ['a picture larger than the pad', [{ kind: 'picture', side: 1e6, pixels: '' }]],
  ])('refuses %s', (_, value) => {
    expect(() => parseDrawing(value)).toThrow(TypeError);
  });
});
