import { describe, expect, it } from 'vitest';
import {
  type Answers,
  intersectionOverUnion,
  picturesTable,
  type ShownPicture,
} from '../../bench/pictures/evaluation.ts';
import { NAMED_PICTURES, WEIGHTS } from '../../bench/pictures/names.ts';
import { composePhotograph, GROUNDS } from '../../bench/pictures/photographs.ts';
import { renderPicture } from '../../bench/pictures/renderings.ts';
import { findGarment } from '../../src/drawing/found-garment.ts';

const count = (names = ''): number =>
  names
    .split(' ')
    .reduce((sum, name) => sum + (name === '' ? 0 : name.endsWith('*') ? WEIGHTS.length : 1), 0);

describe('the table of names', () => {
  it.each(NAMED_PICTURES.map((named) => [named.set, named] as const))(
    '%s',
    (_, { garments, ambiguous = {}, others = '' }) => {
      const all = [...Object.values(garments), ...Object.values(ambiguous), others].flatMap((names) =>
        names.split(' '),
      );
      expect(new Set(all).size).toBe(all.length);
      const [clear, unclear] = [garments, ambiguous].map((by) =>
        Object.values(by).reduce((sum, names) => sum + count(names), 0),
      ) as [number, number];
      expect(unclear / (clear + unclear)).toBeLessThanOrEqual(0.05);
    },
  );
});

describe('a photograph that is put together', () => {
  /** A light block in the middle of 28×28. */
  const image = Uint8Array.from({ length: 784 }, (_, i) =>
    i % 28 > 7 && i % 28 < 20 && i > 28 * 3 && i < 28 * 25 ? 180 : 0,
  );

  it.each(GROUNDS)('%s: follows from the seed, and its garment is found', (ground) => {
    const photograph = composePhotograph(image, ground, 3);
    expect(composePhotograph(image, ground, 3)).toEqual(photograph);
    const { rgba, width, height, mask } = photograph;
    expect(intersectionOverUnion(findGarment(rgba, width, height).mask, mask)).toBeGreaterThan(0.9);
  });
});

describe('renderings', () => {
  const picture = { set: 'made', name: 'square', class: 8, ambiguous: false, file: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><path d="M1 1h2v2h-2z" fill="#204060"/></svg>') }; // prettier-ignore

  it.each([
    ['on white', [255, 255, 255, 255], [32, 64, 96, 255]],
    ['on transparency', [0, 0, 0, 0], [32, 64, 96, 255]],
    ['inverted', [0, 0, 0, 255], [223, 191, 159, 255]],
    ['white cut-out', [255, 255, 255, 0], [255, 255, 255, 255]],
  ] as const)('%s', async (rendering, corner, middle) => {
    const { rgba, width, height } = await renderPicture(picture, rendering);
    expect([width, height]).toEqual([280, 280]);
    const at = (x: number, y: number) => [...rgba.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)];
    expect([at(5, 5), at(140, 140)]).toEqual([corner, middle]);
  });
});

it('counts right answers by set, rendering and class, ambiguous ones and other things apart', () => {
  const found = findGarment(composePhotograph(new Uint8Array(784).fill(180), 'white', 1).rgba, 168, 168);
  const shown = (label: number | null, ambiguous = false): ShownPicture => ({ set: 'ph', name: 'x', rendering: 'inverted', class: label, ambiguous, found }); // prettier-ignore
  const answers = {
    network: { source: { name: 'net' } },
    predicted: Uint8Array.of(8, 8, 3, 3, 8),
    confident: [true, false, true, true, false],
  } as unknown as Answers;
  const lines = picturesTable([shown(8), shown(8), shown(8), shown(3, true), shown(null)], [answers]);
  const line = (title: string) => lines.find((each) => each.startsWith(title))?.slice(title.length).trim().replaceAll(/\s+/g, ' '); // prettier-ignore
  expect(line('Icons and emoji, top-1')).toBe('3 2 (66.7%)');
  expect(line('  ph')).toBe('3 2 (66.7%)');
  expect(line('  inverted')).toBe('3 2 (66.7%)');
  expect(line('  Bag')).toBe('3 2 (66.7%)');
  expect(line('  Dress')).toBeUndefined();
  expect(line('Ambiguous ones, top-1')).toBe('1 1 (100.0%)');
  expect(line('Rejected, and rightly so: other things')).toBe('1 1 (100.0%)');
  expect(line('Rejected wrongly: garments')).toBe('3 1 (33.3%)');
});
