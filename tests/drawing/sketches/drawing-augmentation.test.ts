import { type Batch, IMAGE_PIXELS, IMAGE_SIZE, NO_CLASS } from '../../../src/data/dataset.ts';
import { describe, expect, test } from 'vitest';
import { drawingAugment } from '../../../src/drawing/sketches/drawing-augmentation.ts';
import { inkBox } from '../../../src/drawing/preparation.ts';

const SIZE = IMAGE_PIXELS;

/** Something like a T-shirt, with a light print. */
function shirt(): Uint8Array {
  const image = new Uint8Array(SIZE);
  for (let y = 0; y < IMAGE_SIZE; y++) {
    for (let x = 0; x < IMAGE_SIZE; x++) {
      const sleeves = y < 10;
      const inside = sleeves || (x >= 7 && x < 21);
      const print = x >= 11 && x < 17 && y >= 12 && y < 18;
      if (inside) image[y * IMAGE_SIZE + x] = print ? 220 : 130;
    }
  }
  return image;
}

function shirts(count: number): Batch {
  const pixels = new Uint8Array(count * SIZE);
  for (let n = 0; n < count; n++) pixels.set(shirt(), n * SIZE);
  return { pixels, labels: new Uint8Array(count) };
}

const imageOf = ({ pixels }: Batch, n: number): Uint8Array => pixels.subarray(n * SIZE, (n + 1) * SIZE);
const isShirt = (image: Uint8Array): boolean => image.every((pixel, i) => pixel === shirt()[i]);

describe('drawings made of photographs', () => {
  test('follow from the seed', () => {
    const augment = drawingAugment({ kind: 'drawings', clean: 0.3, none: 0.2 });
    const [one, other, third] = [shirts(40), shirts(40), shirts(40)];
    augment(one, 5);
    augment(other, 5);
    augment(third, 6);
    expect(other).toEqual(one);
    expect(third.pixels).not.toEqual(one.pixels);
  });

  test('leave a part clean and make a part into no garment', () => {
    const batch = shirts(1000);
    drawingAugment({ kind: 'drawings', clean: 0.4, none: 0.1 })(batch, 1);
    let [clean, none] = [0, 0];
    batch.labels.forEach((label, n) => {
      clean += Number(isShirt(imageOf(batch, n)));
      none += Number(label === NO_CLASS);
      expect([0, NO_CLASS]).toContain(label);
    });
    expect(clean).toBeGreaterThan(350);
    expect(clean).toBeLessThan(450);
    expect(none).toBeGreaterThan(65);
    expect(none).toBeLessThan(135);
  });

  test('are as the pad prepares them: the longer side from edge to edge, in the middle', () => {
    const batch = shirts(200);
    drawingAugment({ kind: 'drawings', clean: 0, none: 0 })(batch, 2);
    for (let n = 0; n < 200; n++) {
      const image = imageOf(batch, n);
      const box = inkBox({ width: IMAGE_SIZE, height: IMAGE_SIZE, pixels: image })!;
      // The faintest border may be rounded away.
      expect(Math.max(box.right - box.left, box.bottom - box.top)).toBeGreaterThanOrEqual(IMAGE_SIZE - 3);
      expect(isShirt(image)).toBe(false);
    }
  });

  test('are of many kinds: outlines and areas, thin and thick, light and dark', () => {
    const batch = shirts(300);
    drawingAugment({ kind: 'drawings', clean: 0, none: 0 })(batch, 3);
    const inked = Array.from(
      { length: 300 },
      (_, n) => imageOf(batch, n).reduce((c, p) => c + Number(p > 40), 0) / SIZE,
    );
    const empty = inked.filter((share) => share < 0.3).length;
    const full = inked.filter((share) => share > 0.55).length;
    expect(empty).toBeGreaterThan(40);
    expect(full).toBeGreaterThan(60);
    const lightest = Array.from({ length: 300 }, (_, n) => Math.max(...imageOf(batch, n)));
    expect(Math.min(...lightest)).toBeLessThan(120);
    expect(Math.max(...lightest)).toBeGreaterThan(240);
  });

  test('may be icons, of a part of the images and of their classes; other things are icons too then', () => {
    const drawn = (none: number, icons?: number): Batch => {
      const batch = shirts(200);
      drawingAugment({ kind: 'drawings', clean: 0, none, ...(icons !== undefined && { icons }) })(batch, 4);
      return batch;
    };
    const differing = (one: Batch, other: Batch): number =>
      Array.from({ length: 200 }, (_, n) => n).filter(
        (n) => imageOf(one, n).join() !== imageOf(other, n).join(),
      ).length;
    expect(drawn(0, 0.3).labels).toEqual(new Uint8Array(200));
    // The other drawings stay what they are without icons: figures of networks that know none can be repeated.
    expect(differing(drawn(0), drawn(0, 0))).toBe(0);
    expect(differing(drawn(0), drawn(0, 0.3))).toBeGreaterThan(35);
    expect(differing(drawn(0), drawn(0, 0.3))).toBeLessThan(85);
    expect(differing(drawn(1), drawn(1, 0.3))).toBeGreaterThan(80);
    expect(drawn(1, 0.3).labels.every((label) => label === NO_CLASS)).toBe(true);
  });

  test('leave alone what holds no garment to draw', () => {
    const batch = { pixels: new Uint8Array(2 * SIZE), labels: Uint8Array.from([4, 3]) };
    drawingAugment({ kind: 'drawings', clean: 0, none: 0 })(batch, 1);
    expect(batch.pixels.every((pixel) => pixel === 0)).toBe(true);
    expect([...batch.labels]).toEqual([4, 3]);
  });

  test('are marked as redrawn, and nothing else is', () => {
    const batch = { ...shirts(200), redrawn: new Uint8Array(200) };
    const before = batch.pixels.slice();
    drawingAugment({ kind: 'drawings', clean: 0.5, none: 0.1 })(batch, 5);
    for (let n = 0; n < 200; n++) {
      const same = imageOf(batch, n).every((pixel, i) => pixel === before[n * SIZE + i]);
      expect(batch.redrawn[n]).toBe(Number(!same));
    }
  });

  test('may be those of another hand, with their own classes', () => {
    const redrawings = { pixels: new Uint8Array(2 * SIZE).fill(9, 0, SIZE), labels: Uint8Array.from([7, 3]) };
    redrawings.pixels.fill(5, SIZE);
    const batch = { ...shirts(500), redrawn: new Uint8Array(500) };
    drawingAugment({ kind: 'drawings', clean: 0.5, none: 0, byHand: 0.3 }, redrawings)(batch, 6);
    const count = (label: number): number => batch.labels.filter((each) => each === label).length;
    expect(count(7) + count(3)).toBeGreaterThan(110);
    expect(count(7) + count(3)).toBeLessThan(190);
    for (let n = 0; n < 500; n++) {
      if (batch.labels[n] === 0) continue;
      expect(batch.redrawn[n]).toBe(1);
      expect(imageOf(batch, n).every((pixel) => pixel === (batch.labels[n] === 7 ? 9 : 5))).toBe(true);
    }
    expect(() => drawingAugment({ kind: 'drawings', clean: 0, none: 0, byHand: 0.1 })).toThrow(
      'there are none',
    );
  });

  test('that are no garments differ from each other', () => {
    const batch = shirts(100);
    drawingAugment({ kind: 'drawings', clean: 0, none: 1 })(batch, 4);
    expect(batch.labels.every((label) => label === NO_CLASS)).toBe(true);
    const images = new Set(Array.from({ length: 100 }, (_, n) => imageOf(batch, n).join()));
    expect(images.size).toBe(100);
  });
});
