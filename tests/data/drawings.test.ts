import { describe, expect, it } from 'vitest';
import { parseDrawingSet, writeDrawingSet } from '../../src/data/drawings/set.ts';
import { parseDrawing, type Action } from '../../src/model/strokes.ts';

const actions: Action[] = [
  { kind: 'stroke', ink: 200, points: [100, 100, 20, 300, 120, 24], mirror: true, closed: true },
  { kind: 'fill', ink: 120, x: 280, y: 280 },
];
const drawing = { id: 'a-shirt', class: 6, hand: 'neat', styles: ['outline', 'thin'], actions };
const set = (...drawings: unknown[]) => ({ schemaVersion: 1, set: 'development', drawings });

describe('a set of drawings', () => {
  it('is read as it was written, in actions that the pad knows', () => {
    const parsed = parseDrawingSet('development', set(drawing));
    expect(parseDrawingSet('development', JSON.parse(writeDrawingSet(parsed)))).toEqual(parsed);
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
