import { describe, expect, it } from 'vitest';
import { fromText, toText } from '../../../../../src/components/demos/client/draw/drawing-link.ts';
import { TEMPLATES } from '../../../../../src/components/demos/client/draw/templates.ts';
import { prepare } from '../../../../../src/drawing/preparation.ts';
import {
  parseDrawing,
  picture,
  rasterise,
  type Action,
  type Stroke,
} from '../../../../../src/drawing/strokes.ts';
import { Random } from '../../../../../src/math/random.ts';

/** Two strokes as links were before they were packed. */
const OLD =
  'PczBCoMwEATQf5nzUjZpAzW_It6qsMQmsomgFP_dWNHDMAwDr_0hSPzAIxdNoQdBYoC3hglTklgyfGuY6Yh905P5YR29zuXuoyN8RTUpfNG53-iGBxnHi22qulTd1V7_vXU7';

/** A line as a hand draws it, of so many points. */
function handLine(n: number, count: number): Stroke {
  const random = new Random(n);
  let [x, y, angle, turn, speed] = [100 + 40 * n, 120 + 30 * n, n, 0, 6];
  const points = Array.from({ length: count }, () => {
    turn = 0.95 * turn + 0.08 * (random.uniform() - 0.5);
    angle += turn + 0.15 * (random.uniform() - 0.5);
    speed = Math.min(14, Math.max(1, speed + 1.5 * (random.uniform() - 0.5)));
    x += speed * Math.cos(angle);
    y += speed * Math.sin(angle);
    return [Math.round(4 * x) / 4, Math.round(4 * y) / 4, 28];
  });
  return { kind: 'stroke', ink: 210, points: points.flat() };
}

const deflated = async (bytes: Uint8Array<ArrayBuffer>): Promise<string> => {
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  return Buffer.from(await new Response(stream).arrayBuffer()).toString('base64url');
};

describe('a drawing as text', () => {
  it('comes back as it was, and fits an address', async () => {
    for (const template of TEMPLATES) {
      const text = await toText(template);
      expect(text).toMatch(/^[\w.-]+$/);
      expect(text.length).toBeLessThan(2000);
      expect(await fromText(text)).toEqual(parseDrawing(template));
    }
  });

  it('is short, and finer than eye and network see where it is shortened further', async () => {
    const strokes = Array.from({ length: 8 }, (_, n) => handLine(n, 130));
    const text = await toText(strokes);
    expect(text.length).toBeLessThan(1900);
    expect(await fromText(text)).toEqual(strokes);
    const coarse = await toText(strokes, 1);
    expect(coarse.length).toBeLessThan(0.8 * text.length);
    const [before, after] = [strokes, await fromText(coarse)].map((drawing) => prepare(rasterise(drawing))!);
    before!.forEach((grey, i) => expect(Math.abs(grey - after![i]!)).toBeLessThan(8));
  });

  it('of an older link, which is deflated JSON, still opens', async () => {
    expect(await fromText(OLD)).toEqual([
      { kind: 'stroke', ink: 210, points: [100, 100, 28, 300.25, 400, 28, 500, 100, 28], mirror: true },
      { kind: 'fill', ink: 90, x: 250, y: 250 },
    ]);
  });

  it('holds every kind of action', async () => {
    const drawing: Action[] = [
      { kind: 'stroke', ink: 0, points: [-40, 700.25, 3.5, 0, 0, 140], mirror: true, closed: true },
      { kind: 'fill', ink: 255, x: 0.5, y: 559.75 },
      { kind: 'stroke', ink: 7, points: [] },
      { kind: 'group', actions: [{ kind: 'clear' }, picture(2, [0, 127, 128, 255], 'several')] },
      { kind: 'stroke', ink: 90, points: [1, 2, 3] },
    ];
    // What came before a wipe is not visible.
    expect(await fromText(await toText(drawing))).toEqual(drawing.slice(3));
    expect(await fromText(await toText(drawing.slice(0, 3)))).toEqual(drawing.slice(0, 3));
  });

  it('holds pictures', async () => {
    const image = picture(
      28,
      Uint8Array.from({ length: 784 }, (_, i) => (i * i) % 256),
    );
    expect(await fromText(await toText([image]))).toEqual([image]);
  });

  it('is refused when it was cut off, changed, or is something else', async () => {
    const text = await toText(TEMPLATES[0]!);
    await expect(fromText(text.slice(0, text.length / 2))).rejects.toThrow();
    await expect(fromText('')).rejects.toThrow();
    await expect(fromText('%%%')).rejects.toThrow();
    await expect(fromText('1.')).rejects.toThrow();
    // 2³⁰ actions, in six bytes.
    await expect(fromText(`1.${await deflated(Uint8Array.of(8, 128, 128, 128, 128, 16))}`)).rejects.toThrow(
      'cut off',
    );
    const other = new TextEncoder().encode('{"kind":"clear"}');
    await expect(fromText(await deflated(other))).rejects.toThrow('list of actions');
  });
});
