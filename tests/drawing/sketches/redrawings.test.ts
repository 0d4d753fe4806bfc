import { IMAGE_PIXELS, NO_CLASS } from '../../../src/data/dataset.ts';
import { describe, expect, test } from 'vitest';
import { redraw, redrawAll, type OriginalDrawing } from '../../../src/drawing/sketches/redrawings.ts';
import { Random } from '../../../src/math/random.ts';
import { PAD, rasterise } from '../../../src/drawing/strokes.ts';

/** Trousers: half an outline, mirrored, and a filling. */
const trousers: OriginalDrawing = {
  class: 1,
  actions: [
    {
      kind: 'stroke',
      ink: 200,
      mirror: true,
      points: [280, 80, 12, 180, 80, 12, 160, 480, 12, 250, 480, 12, 280, 200, 12],
    },
    { kind: 'fill', ink: 120, x: 230, y: 150 },
  ],
};
const star: OriginalDrawing = {
  class: null,
  actions: [{ kind: 'stroke', ink: 250, points: [100, 100, 20, 300, 400, 20, 500, 100, 20] }],
};

describe('a drawing drawn again', () => {
  test('follows from the seed, and differs from every other copy', () => {
    const [one, other] = [redrawAll([trousers, star], 5, 3), redrawAll([trousers, star], 5, 3)];
    expect(other).toEqual(one);
    expect([...one.labels]).toEqual([1, 1, 1, 1, 1, ...Array<number>(5).fill(NO_CLASS)]);
    const images = Array.from({ length: 10 }, (_, n) =>
      one.pixels.subarray(n * IMAGE_PIXELS, (n + 1) * IMAGE_PIXELS).join(),
    );
    expect(new Set(images).size).toBe(10);
    expect(redrawAll([trousers], 5, 4).pixels).not.toEqual(one.pixels.subarray(0, 5 * IMAGE_PIXELS));
  });

  test('stays on the pad, in pens and greys that the pad has, without mirrors', () => {
    for (let seed = 0; seed < 50; seed++) {
      for (const action of redraw([...trousers.actions, ...star.actions], new Random(seed))) {
        expect(action.ink).toBeGreaterThanOrEqual(40);
        expect(action.ink).toBeLessThanOrEqual(255);
        if (action.kind === 'fill') continue;
        expect(action.mirror).not.toBe(true);
        action.points.forEach((value, i) => {
          expect(value).toBeGreaterThan(i % 3 === 2 ? 1 : 0);
          expect(value).toBeLessThanOrEqual(i % 3 === 2 ? 140 : PAD);
          expect(Number.isInteger(value)).toBe(true);
        });
      }
    }
  });

  test('keeps its filling inside: what was closed stays closed', () => {
    for (let seed = 0; seed < 50; seed++) {
      const { pixels } = rasterise(redraw(trousers.actions, new Random(seed)));
      expect([pixels[0], pixels[PAD - 1], pixels.at(-1)]).toEqual([0, 0, 0]);
      const filled = pixels.filter((value) => value > 0).length / pixels.length;
      expect(filled).toBeGreaterThan(0.1);
    }
  });

  test('an eraser stays one', () => {
    const rubbed = redraw([...star.actions, { ...star.actions[0]!, ink: 0 }], new Random(1));
    expect(rubbed.at(-1)!.ink).toBe(0);
  });

  test('is left out where its line no longer holds the filling', () => {
    const leaking: OriginalDrawing = {
      class: 3,
      actions: [star.actions[0]!, { kind: 'fill', ink: 90, x: 300, y: 150 }],
    };
    expect(redrawAll([leaking], 4, 1).labels).toHaveLength(0);
  });
});
