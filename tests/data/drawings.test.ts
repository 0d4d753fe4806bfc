import { IMAGE_PIXELS } from '../../src/data/dataset.ts';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CommittedDrawing,
  DRAWING_SETS,
  type DrawingSetName,
  parseDrawingSet,
  STYLES,
} from '../../src/data/drawings/set.ts';
import { readDrawings } from '../../src/runs/dataset.ts';
import { type Grey, inkBox, prepare } from '../../src/drawing/preparation.ts';
import { PAD, parseDrawing, rasterise, type Action } from '../../src/drawing/strokes.ts';

const actions: Action[] = [
  { kind: 'stroke', ink: 200, points: [100, 100, 20, 300, 120, 24], mirror: true, closed: true },
  { kind: 'fill', ink: 120, x: 280, y: 280 },
];
const drawing = { id: 'a-shirt', class: 6, hand: 'neat', styles: ['outline', 'thin'], actions };
const set = (...drawings: unknown[]) => ({ schemaVersion: 1, set: 'development', drawings });

describe('a set of drawings', () => {
  it('is read, in actions that the pad knows', () => {
    const parsed = parseDrawingSet('development', set(drawing));
    expect(parseDrawing(parsed.drawings[0]!.actions)).toEqual(actions);
  });

  it.each([
    ['another version', { ...set(drawing), schemaVersion: 2 }],
    ['another set', { ...set(drawing), set: 'last-look' }],
    ['one id twice', set(drawing, drawing)],
    ['no such class', set({ ...drawing, class: 10 })],
    ['an unknown style', set({ ...drawing, styles: ['baroque'] })],
    ['a style twice', set({ ...drawing, styles: ['thin', 'thin'] })],
    ['ambiguous and no garment', set({ ...drawing, class: null, ambiguous: true })],
    ['half a point', set({ ...drawing, actions: [{ kind: 'stroke', ink: 9, points: [1, 2, 9, 4] }] })],
    ['a pen the pad lacks', set({ ...drawing, actions: [{ kind: 'stroke', ink: 9, points: [1, 2, 150] }] })],
    ['fractions', set({ ...drawing, actions: [{ kind: 'stroke', ink: 9, points: [1.5, 2, 9] }] })],
    ['a picture', set({ ...drawing, actions: [{ kind: 'picture', side: 1, pixels: '/w==' }] })],
    ['no actions', set({ ...drawing, actions: [] })],
  ])('is refused with %s', (_, value) => {
    expect(() => parseDrawingSet('development', value)).toThrow(/^The drawings development\.json are not/);
  });
});

describe('the committed drawings', () => {
  const sets = {} as Record<DrawingSetName, CommittedDrawing[]>;
  let all: CommittedDrawing[];
  let pads: Grey[];
  beforeAll(async () => {
    for (const name of DRAWING_SETS) sets[name] = await readDrawings(name);
    all = Object.values(sets).flat();
    pads = all.map((each) => rasterise(each.actions));
  });
  /** Of each class those that can be told apart. */
  const byClass = (drawings: readonly CommittedDrawing[]): CommittedDrawing[][] =>
    Array.from({ length: 10 }, (_, label) =>
      drawings.filter((each) => each.class === label && !each.ambiguous),
    );
  const others = (drawings: readonly CommittedDrawing[]): number =>
    drawings.filter((each) => each.class === null).length;

  it('are enough of every class', () => {
    for (const drawings of byClass(sets['last-look'])) {
      expect(drawings.length).toBeGreaterThanOrEqual(15);
      expect(new Set(drawings.map(({ hand }) => hand))).toEqual(new Set(['neat', 'sloppy']));
      expect(new Set(drawings.flatMap(({ styles }) => styles))).toEqual(new Set(STYLES));
    }
    expect(others(sets['last-look'])).toBeGreaterThanOrEqual(20);
    for (const drawings of byClass(sets.development)) expect(drawings.length).toBeGreaterThanOrEqual(8);
    expect(others(sets.development)).toBeGreaterThanOrEqual(10);
    for (const drawings of byClass(sets.teaching)) expect(drawings.length).toBeGreaterThanOrEqual(10);
  });

  it('are ambiguous in few cases, all of them plain tops with long sleeves', () => {
    const ambiguous = all.filter((each) => each.ambiguous);
    expect(ambiguous.length).toBeLessThanOrEqual(15);
    for (const each of ambiguous) expect([2, 4, 6]).toContain(each.class);
  });

  it('are all different, by name and to the network', () => {
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    const images = pads.map((pad) => prepare(pad)!);
    for (const image of images) expect(image).toHaveLength(IMAGE_PIXELS);
    expect(new Set(images.map((image) => image.join())).size).toBe(all.length);
  });

  it('are of the styles they say', () => {
    for (const [n, { id, styles, actions }] of all.entries()) {
      const pens = actions.flatMap((action) =>
        action.kind === 'stroke' ? action.points.filter((_, i) => i % 3 === 2) : [],
      );
      const { left, top, right, bottom } = inkBox(pads[n]!)!;
      const longer = Math.max(right - left, bottom - top);
      const away = Math.hypot((left + right - PAD) / 2, (top + bottom - PAD) / 2);
      if (styles.includes('thin')) expect(Math.max(...pens), id).toBeLessThanOrEqual(6);
      if (styles.includes('thick')) expect(Math.max(...pens), id).toBeGreaterThanOrEqual(36);
      if (styles.includes('off-centre')) expect(away, id).toBeGreaterThan(60);
      expect(longer < PAD / 2, id).toBe(styles.includes('small'));
    }
  });
});
