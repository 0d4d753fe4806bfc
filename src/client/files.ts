/** Files that the page fetches, and those that it hands to the reader. */
import type { Sheet } from '../data/sprites.ts';
import { sha256 } from '../math/arrays.ts';

/** @throws Error with the address and the status, where the server does not answer with the file */
export async function fetchOk(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}

/**
 * The pixels of a sheet, exactly as they are in the file.
 * @throws Error where the browser falsifies what is read of a canvas, as protection against fingerprinting
 */
export async function pixelsOf({ url, pixels: expected }: Sheet): Promise<ImageData> {
  const blob = await (await fetchOk(url)).blob();
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  const image = context.getImageData(0, 0, bitmap.width, bitmap.height);
  bitmap.close();
  const grey = greys(image.data);
  // A page that is not served over https has no hashing: there, noise that is grey passes.
  if (!grey || (globalThis.crypto?.subtle && (await sha256(grey)) !== expected)) {
    throw new Error(`${url}: the browser gives other pixels than the file has`);
  }
  return image;
}

/** One byte for each pixel; null where they are not greys, opaque, and not all the same, as a canvas that is withheld. */
function greys(data: Uint8ClampedArray): Uint8Array<ArrayBuffer> | null {
  const grey = new Uint8Array(data.length / 4);
  let varied = false;
  for (let i = 0; i < data.length; i += 4) {
    if (data[i] !== data[i + 1] || data[i] !== data[i + 2] || data[i + 3] !== 255) return null;
    varied ||= data[i] !== data[0];
    grey[i / 4] = data[i]!;
  }
  return varied ? grey : null;
}

/** How many milliseconds an address stays valid: browsers begin to read it some time after the click. */
const VALID = 10_000;

export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), VALID);
}
