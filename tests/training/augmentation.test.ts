import { describe, expect, test } from 'vitest';
import { eraseRectangle, photoAugment, relight } from '../../src/training/augmentation.ts';
import { mirror, move, warp } from '../../src/training/image-geometry.ts';
import type { PhotoAugmentation } from '../../src/training/recipe-schema.ts';
import { Random } from '../../src/math/random.ts';

const SIDE = 28;
const random = new Random(5);
const noise = (): Uint8Array => Uint8Array.from({ length: SIDE * SIDE }, () => random.below(256));
/** A small square well inside the image. */
const square = (): Uint8Array =>
  Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
    const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
    return x >= 8 && x < 12 && y >= 10 && y < 14 ? 200 : 0;
  });
const still: PhotoAugmentation = {
  kind: 'photos',
  flip: 0,
  shift: 0,
  rotation: 0,
  scale: 0,
  brightness: 0,
  contrast: 0,
  erasing: 0,
};

describe('moving an image', () => {
  test('mirrors left and right', () => {
    const image = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    mirror(image, 3);
    expect([...image]).toEqual([3, 2, 1, 6, 5, 4, 9, 8, 7]);
  });

  test.each([
    [1, 0, [0, 1, 2, 0, 4, 5, 0, 7, 8]],
    [-2, 0, [3, 0, 0, 6, 0, 0, 9, 0, 0]],
    [0, 1, [0, 0, 0, 1, 2, 3, 4, 5, 6]],
    [-1, -1, [5, 6, 0, 8, 9, 0, 0, 0, 0]],
    [3, 0, [0, 0, 0, 0, 0, 0, 0, 0, 0]],
  ])('moves it right by %i and down by %i, black coming in', (right, down, expected) => {
    const image = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    move(image, 3, right, down);
    expect([...image]).toEqual(expected);
  });

  test('a warp by nothing changes nothing, one by whole pixels moves them', () => {
    const image = noise();
    const before = image.slice();
    warp(image, SIDE, { angle: 0, zoom: 1, right: 0, down: 0 });
    expect(image).toEqual(before);
    warp(image, SIDE, { angle: 0, zoom: 1, right: 3, down: -2 });
    move(before, SIDE, 3, -2);
    expect(image).toEqual(before);
  });

  test('a quarter turn is exact, clockwise', () => {
    const image = noise();
    const before = image.slice();
    warp(image, SIDE, { angle: Math.PI / 2, zoom: 1, right: 0, down: 0 });
    for (let y = 0; y < SIDE; y++) {
      for (let x = 0; x < SIDE; x++) expect(image[y * SIDE + x]).toBe(before[(SIDE - 1 - x) * SIDE + y]);
    }
  });

  test('zoom makes it larger, a half turn and back leaves the middle where it was', () => {
    const mass = (image: Uint8Array): number => image.reduce((sum, pixel) => sum + pixel, 0);
    const image = square();
    warp(image, SIDE, { angle: 0, zoom: 1.5, right: 0, down: 0 });
    expect(mass(image) / mass(square())).toBeCloseTo(2.25, 1);
    warp(image, SIDE, { angle: 0.4, zoom: 1 / 1.5, right: 0, down: 0 });
    expect(mass(image) / mass(square())).toBeCloseTo(1, 1);
  });
});

describe('light', () => {
  test('changes the garment and never the ground', () => {
    const image = Uint8Array.from([0, 100, 200, 0, 255, 1]);
    relight(image, 1.2, 1);
    expect([...image]).toEqual([0, 120, 240, 0, 255, 1]);
  });

  test('contrast moves greys about the garment’s mean', () => {
    const image = Uint8Array.from([0, 100, 200, 0]);
    relight(image, 1, 0.5);
    expect([...image]).toEqual([0, 125, 175, 0]);
    relight(image, 1, 100);
    expect([...image]).toEqual([0, 1, 255, 0]);
  });

  test('leaves an empty image alone', () => {
    const image = new Uint8Array(4);
    relight(image, 2, 2);
    expect([...image]).toEqual([0, 0, 0, 0]);
  });
});

describe('random erasing', () => {
  test('fills a rectangle of 2 to 33 % with noise', () => {
    const random = new Random(11);
    for (let round = 0; round < 200; round++) {
      const image = new Uint8Array(SIDE * SIDE);
      const marks = image.slice();
      // The noise holds zeros too: what it changes of two different grounds is the rectangle.
      const [one, other] = [image, marks.fill(255)];
      const before = random.state();
      eraseRectangle(one, SIDE, random);
      eraseRectangle(other, SIDE, new Random(before));
      const erased = [...one.keys()].filter((i) => one[i] === other[i]);
      const [xs, ys] = [erased.map((i) => i % SIDE), erased.map((i) => Math.floor(i / SIDE))];
      const area = (Math.max(...xs) - Math.min(...xs) + 1) * (Math.max(...ys) - Math.min(...ys) + 1);
      expect(erased.length).toBe(area);
      expect(area / (SIDE * SIDE)).toBeGreaterThan(0.01);
      expect(area / (SIDE * SIDE)).toBeLessThan(0.36);
    }
  });
});

describe('augmented photographs', () => {
  const all: PhotoAugmentation = {
    ...still,
    ...{ flip: 0.5, shift: 2, rotation: 8, scale: 0.1, brightness: 0.2, contrast: 0.2, erasing: 0.3 },
  };
  const batch = () => {
    const source = new Random(9);
    const pixels = Uint8Array.from({ length: 20 * SIDE * SIDE }, () => source.below(256));
    return { pixels, labels: Uint8Array.from({ length: 20 }, (_, i) => i % 10) };
  };

  test('follow from the seed', () => {
    const [one, other, third] = [batch(), batch(), batch()];
    photoAugment(all)(one, 1);
    photoAugment(all)(other, 1);
    photoAugment(all)(third, 2);
    expect(one).toEqual(other);
    expect(one.pixels).not.toEqual(third.pixels);
    expect(one.labels).toEqual(batch().labels);
  });

  test('without any strength are what they were', () => {
    const one = batch();
    photoAugment(still)(one, 1);
    expect(one).toEqual(batch());
  });

  test('each setting does what it says: half are mirrored, moves go as far as allowed', () => {
    const size = SIDE * SIDE;
    const image = square();
    const many = { pixels: new Uint8Array(400 * size), labels: new Uint8Array(400) };
    for (let n = 0; n < 400; n++) many.pixels.set(image, n * size);
    const left = (n: number): number => many.pixels.subarray(n * size, (n + 1) * size).indexOf(200) % SIDE;
    photoAugment({ ...still, flip: 0.5 })(many, 3);
    const mirrored = many.labels.reduce((sum, _, n) => sum + Number(left(n) === 16), 0);
    expect(mirrored).toBeGreaterThan(160);
    expect(mirrored).toBeLessThan(240);

    for (let n = 0; n < 400; n++) many.pixels.set(image, n * size);
    photoAugment({ ...still, shift: 2 })(many, 4);
    expect(new Set(Array.from(many.labels, (_, n) => left(n)))).toEqual(new Set([6, 7, 8, 9, 10]));
  });

  test('are changed more where the class says so', () => {
    const size = SIDE * SIDE;
    const image = square();
    const many = {
      pixels: new Uint8Array(400 * size),
      labels: Uint8Array.from({ length: 400 }, (_, n) => n % 2),
    };
    for (let n = 0; n < 400; n++) many.pixels.set(image, n * size);
    photoAugment({ ...still, shift: 2, classStrength: { 1: 2 } })(many, 4);
    const moves = [0, 1].map((label) =>
      Math.max(
        ...Array.from(many.labels.keys())
          .filter((n) => many.labels[n] === label)
          .map((n) => Math.abs((many.pixels.subarray(n * size, (n + 1) * size).indexOf(200) % SIDE) - 8)),
      ),
    );
    expect(moves).toEqual([2, 4]);
  });
});
