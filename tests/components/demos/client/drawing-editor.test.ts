import { describe, expect, it } from 'vitest';
import { DrawingEditor } from '../../../../src/components/demos/client/drawing-editor.ts';
import { PAD, rasterise, type Action } from '../../../../src/drawing/strokes.ts';

const at = (drawing: DrawingEditor, x: number, y: number) => drawing.pixels[y * PAD + x];
const pen = { ink: 200, mirror: false };

function drawn(...lines: number[][]): DrawingEditor {
  const drawing = new DrawingEditor();
  for (const line of lines) {
    drawing.begin(pen);
    for (let i = 0; i < line.length; i += 3) drawing.extend(line.slice(i, i + 3));
    drawing.end();
  }
  return drawing;
}

describe('DrawingEditor', () => {
  it('keeps a line as one action that gives the same pixels again', () => {
    const drawing = drawn([100, 100, 20, 200, 100, 20, 200, 300, 20]);
    expect(drawing.actions).toEqual([
      { kind: 'stroke', ink: 200, points: [100, 100, 20, 200, 100, 20, 200, 300, 20] },
    ]);
    expect(drawing.pixels).toEqual(rasterise(drawing.actions).pixels);
  });

  it('goes back and forward, and forgets what was undone once something new is drawn', () => {
    const drawing = drawn([100, 100, 20], [300, 300, 20]);
    drawing.do({ kind: 'clear' });
    expect(at(drawing, 100, 100)).toBe(0);
    expect([drawing.undo(), at(drawing, 300, 300)]).toEqual([true, 200]);
    expect([drawing.undo(), at(drawing, 300, 300), at(drawing, 100, 100)]).toEqual([true, 0, 200]);
    expect([drawing.redo(), at(drawing, 300, 300)]).toEqual([true, 200]);
    drawing.do({ kind: 'fill', ink: 9, x: 0, y: 0 });
    expect(drawing.redo()).toBe(false);
    expect(drawing.canRedo).toBe(false);
    while (drawing.undo());
    expect(drawing.pixels.every((pixel) => pixel === 0)).toBe(true);
    expect(drawing.canUndo).toBe(false);
  });

  it('goes back further than it keeps pixels', () => {
    const drawing = drawn(...Array.from({ length: 40 }, (_, i) => [10 + 13 * i, 50, 8]));
    for (let i = 0; i < 35; i++) drawing.undo();
    expect(drawing.pixels).toEqual(rasterise(drawing.actions).pixels);
    expect(drawing.actions.length).toBe(5);
    expect(at(drawing, 10, 50)).toBe(200);
  });

  it('fills a line that comes back to its beginning, if asked to', () => {
    const square = [100, 100, 9, 300, 100, 9, 300, 300, 9, 100, 300, 9, 100, 104, 9];
    const drawing = new DrawingEditor();
    drawing.begin(pen);
    drawing.extend(square);
    drawing.end(true);
    expect(at(drawing, 200, 200)).toBe(200);
    expect(drawing.actions).toEqual([{ kind: 'stroke', ink: 200, points: square, closed: true }]);
    expect(drawing.pixels).toEqual(rasterise(drawing.actions).pixels);
    expect(at(drawn(square), 200, 200)).toBe(0);
  });

  it('keeps nothing of a pen that touched nothing', () => {
    const drawing = new DrawingEditor();
    drawing.begin(pen);
    drawing.end();
    expect(drawing.canUndo).toBe(false);
    expect(drawing.extend([1, 1, 1])).toBeNull();
  });

  it('takes a stroke back as if it had never begun', () => {
    const drawing = drawn([100, 100, 20], [300, 300, 20]);
    drawing.undo();
    const before = drawing.pixels.slice();
    drawing.begin(pen);
    drawing.extend([90, 90, 60, 200, 200, 60]);
    drawing.cancel();
    expect(drawing.pixels).toEqual(before);
    expect(drawing.actions.length).toBe(1);
    expect([drawing.redo(), at(drawing, 300, 300)]).toEqual([true, 200]);
  });

  it('carries the last action out in another way', () => {
    const drawing = drawn([100, 100, 20]);
    drawing.do({ kind: 'fill', ink: 50, x: 0, y: 0 });
    drawing.redoAs({ kind: 'fill', ink: 90, x: 0, y: 0 });
    expect(drawing.actions.length).toBe(2);
    expect(at(drawing, 0, 0)).toBe(90);
    drawing.undo();
    expect(at(drawing, 0, 0)).toBe(0);
  });

  it('takes another drawing over', () => {
    const other: Action[] = [{ kind: 'fill', ink: 50, x: 0, y: 0 }];
    const drawing = drawn([100, 100, 20]);
    drawing.replace(other);
    expect(drawing.actions).toEqual(other);
    expect(drawing.canRedo).toBe(false);
    drawing.undo();
    expect(at(drawing, 100, 100)).toBe(0);
  });
});
