/**
 * What the generator draws for a seed is part of the published runs: `sketch` was trained on it, and the thresholds in
 * their drawings.json are calibrated on it. A change that draws anything else makes those figures unrepeatable.
 */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { knownImages } from '../../../src/data/dataset.ts';
import { Canvas } from '../../../src/drawing/sketches/canvas.ts';
import { drawingAugment } from '../../../src/drawing/sketches/drawing-augmentation.ts';
import { redrawAll } from '../../../src/drawing/sketches/redrawings.ts';
import { scribble } from '../../../src/drawing/sketches/scribbles.ts';
import { sketch } from '../../../src/drawing/sketches/sketch.ts';
import { Random } from '../../../src/math/random.ts';

const SEEDS = Number(process.env['SEEDS'] ?? 60);

function hashOf(draw: (add: (pixels: Uint8Array) => void) => void): string {
  const hash = createHash('sha256');
  draw((pixels) => hash.update(pixels));
  return hash.digest('hex').slice(0, 16);
}

/** The hash of canvases drawn on with so many seeds. */
const canvases = (draw: (canvas: Canvas, random: Random) => void): string =>
  hashOf((add) => {
    const canvas = new Canvas();
    for (let seed = 0; seed < SEEDS; seed++) {
      canvas.clear();
      draw(canvas, new Random(seed));
      add(canvas.pixels);
    }
  });

test.each(Array.from({ length: 10 }, (_, label) => label))('sketches of class %i', (label) => {
  const hashes = knownImages().map((photo) =>
    canvases((canvas, random) => sketch(photo, label, canvas, random)),
  );
  expect(hashes).toMatchSnapshot();
});

test('scribbles', () => {
  expect(canvases(scribble)).toMatchSnapshot();
});

test('drawings by hand, redrawn', () => {
  const redrawings = redrawAll(
    [
      { class: 1, actions: [{ kind: 'stroke', ink: 200, mirror: true, points: [280, 80, 12, 180, 80, 12, 160, 480, 12, 250, 480, 12, 280, 200, 12] }, { kind: 'fill', ink: 120, x: 230, y: 150 }] }, // prettier-ignore
      { class: null, actions: [{ kind: 'stroke', ink: 250, points: [100, 100, 20, 300, 400, 20, 500, 100, 20] }] }, // prettier-ignore
    ],
    10,
    7,
  );
  expect(
    hashOf((add) => {
      add(redrawings.labels);
      add(redrawings.pixels);
      const pixels = new Uint8Array(SEEDS * 784);
      const labels = Uint8Array.from({ length: SEEDS }, (_, n) => n % 10);
      for (let n = 0; n < SEEDS; n++) pixels.set(knownImages()[n % 3]!, n * 784);
      drawingAugment({ kind: 'drawings', clean: 0.1, none: 0.2, byHand: 0.2 }, redrawings)(
        { pixels, labels },
        3,
      );
      add(labels);
      add(pixels);
    }),
  ).toMatchSnapshot();
});
