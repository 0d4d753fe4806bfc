import { describe, expect, it } from 'vitest';
import { fromText, toText } from '../../../../../src/components/demos/client/draw/drawing-link.ts';
import { TEMPLATES } from '../../../../../src/components/demos/client/draw/templates.ts';
import { parseDrawing, picture } from '../../../../../src/drawing/strokes.ts';

describe('a drawing as text', () => {
  it('comes back as it was, and fits an address', async () => {
    for (const template of TEMPLATES) {
      const text = await toText(template);
      expect(text).toMatch(/^[\w-]+$/);
      expect(text.length).toBeLessThan(2000);
      expect(await fromText(text)).toEqual(parseDrawing(template));
    }
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
    const json = new Blob(['{"kind":"clear"}']).stream().pipeThrough(new CompressionStream('deflate-raw'));
    const other = Buffer.from(await new Response(json).arrayBuffer()).toString('base64url');
    await expect(fromText(other)).rejects.toThrow('list of actions');
  });
});
