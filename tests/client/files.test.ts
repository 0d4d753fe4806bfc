import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { pixelsAt } from '../../src/client/files.ts';

/** What the browser gives of a canvas of two pixels. */
let read: number[];

beforeEach(() => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('')));
  vi.stubGlobal('createImageBitmap', () => Promise.resolve({ width: 2, height: 1 }));
  vi.stubGlobal(
    'OffscreenCanvas',
    class {
      getContext = () => ({
        drawImage: () => undefined,
        getImageData: () => ({ data: Uint8ClampedArray.from(read) }),
      });
    },
  );
});
afterEach(() => vi.unstubAllGlobals());

it('reads greys as they are', async () => {
  read = [7, 7, 7, 255, 9, 9, 9, 255];
  expect((await pixelsAt('x')).data).toEqual(Uint8ClampedArray.from(read));
});

it.each([
  ['noise in one channel', [7, 7, 8, 255, 9, 9, 9, 255]],
  ['noise in the opacity', [7, 7, 7, 254, 9, 9, 9, 255]],
  ['a white canvas', [255, 255, 255, 255, 255, 255, 255, 255]],
  ['an empty canvas', [0, 0, 0, 0, 0, 0, 0, 0]],
])('refuses %s, as protection against fingerprinting gives it', async (_, given) => {
  read = given;
  await expect(pixelsAt('x')).rejects.toThrow('other pixels');
});
