import { expect, it } from 'vitest';
import { TEMPLATES } from '../../../../../src/components/demos/client/draw/templates.ts';
import { CLASS_COUNT } from '../../../../../src/data/dataset.ts';
import { inkBox } from '../../../../../src/drawing/preparation.ts';
import { PAD, rasterise } from '../../../../../src/drawing/strokes.ts';

it('there is an outline for each class, large, and whole on the pad', () => {
  expect(TEMPLATES.length).toBe(CLASS_COUNT);
  for (const template of TEMPLATES) {
    const box = inkBox(rasterise(template))!;
    expect(Math.min(box.left, box.top)).toBeGreaterThan(0);
    expect(Math.max(box.right, box.bottom)).toBeLessThan(PAD);
    expect(Math.max(box.right - box.left, box.bottom - box.top)).toBeGreaterThan(0.7 * PAD);
  }
});

it('garments are symmetric, shoes point left', () => {
  const shoes = new Set([5, 7, 9]);
  TEMPLATES.forEach((template, label) => {
    const { pixels } = rasterise(template);
    let [left, right] = [0, 0];
    for (let y = PAD / 2; y < PAD; y++) {
      // The lower a shoe's side, the nearer to its toe.
      const row = pixels.subarray(y * PAD, (y + 1) * PAD);
      left += row.subarray(0, PAD / 2).filter(Boolean).length;
      right += row.subarray(PAD / 2).filter(Boolean).length;
    }
    const top = (from: number, to: number) => {
      for (let y = 0; y < PAD; y++) if (pixels.subarray(y * PAD + from, y * PAD + to).some(Boolean)) return y;
      return PAD;
    };
    if (shoes.has(label)) expect(top(0, PAD / 4)).toBeGreaterThan(top((3 * PAD) / 4, PAD));
    else expect(Math.abs(left - right) / (left + right)).toBeLessThan(0.05);
  });
});
