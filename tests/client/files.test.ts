import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { pixelsOf } from '../../src/client/files.ts';
import { sha256 } from '../../src/math/arrays.ts';

/** What the browser gives of a canvas of two pixels. */
let read: number[];

beforeEach(() => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('')));
  vi.stubGlobal('createImageBitmap', () => Promise.resolve({ width: 2, height: 1, close: () => undefined }));
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

/** A sheet whose two pixels are published as 7 and 9. */
const sheet = async () => ({ url: 'x', pixels: await sha256(Uint8Array.of(7, 9)) });

it('reads greys as they are', async () => {
  read = [7, 7, 7, 255, 9, 9, 9, 255];
  expect((await pixelsOf(await sheet())).data).toEqual(Uint8ClampedArray.from(read));
});

it.each([
  ['noise in one channel', [7, 7, 8, 255, 9, 9, 9, 255]],
  ['noise that is grey', [7, 7, 7, 255, 8, 8, 8, 255]],
  ['noise in the opacity', [7, 7, 7, 254, 9, 9, 9, 255]],
  ['a white canvas', [255, 255, 255, 255, 255, 255, 255, 255]],
  ['an empty canvas', [0, 0, 0, 0, 0, 0, 0, 0]],
])('refuses %s, as protection against fingerprinting gives it', async (_, given) => {
  read = given;
  await expect(pixelsOf(await sheet())).rejects.toThrow('other pixels');
});
