/** The test images, to start a drawing from. Sheets are loaded as they are needed. */
import { SIDE } from '../../../model/drawing.ts';
import type { ImageSheets } from './setup.ts';

export interface TestImage {
  readonly id: number;
  readonly label: number;
  /** 28×28 greys. */
  readonly pixels: Uint8Array;
}

export class Gallery {
  readonly #sheets: ImageSheets;
  #labels: Promise<Uint8Array> | null = null;
  readonly #pixels = new Map<number, Promise<Uint8ClampedArray>>();

  constructor(sheets: ImageSheets) {
    this.#sheets = sheets;
  }

  /** Images of a class from number `from` on, and where to go on after them; null at the end. */
  async ofClass(
    label: number,
    from: number,
    count: number,
  ): Promise<{ images: TestImage[]; next: number | null }> {
    const labels = await (this.#labels ??= bytesAt(this.#sheets.labels));
    const images: TestImage[] = [];
    for (let id = from; id < this.#sheets.count; id++) {
      if (labels[id] !== label) continue;
      if (images.length === count) return { images, next: id };
      images.push({ id, label, pixels: await this.#image(id) });
    }
    return { images, next: null };
  }

  async #image(id: number): Promise<Uint8Array> {
    const { perSheet, columns, sheets } = this.#sheets;
    const sheet = Math.floor(id / perSheet);
    const known = this.#pixels.get(sheet) ?? pixelsAt(sheets[sheet]!);
    this.#pixels.set(sheet, known);
    const rgba = await known;
    const place = id % perSheet;
    const [left, top] = [(place % columns) * SIDE, Math.floor(place / columns) * SIDE];
    return Uint8Array.from({ length: SIDE * SIDE }, (_, i) => {
      const [x, y] = [left + (i % SIDE), top + Math.floor(i / SIDE)];
      return rgba[4 * (y * columns * SIDE + x)]!; // grey: red is as good as any
    });
  }
}

async function fetchOk(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}

const bytesAt = async (url: string): Promise<Uint8Array> =>
  new Uint8Array(await (await fetchOk(url)).arrayBuffer());

/** The pixels of a picture as they are in the file, four bytes each. */
async function pixelsAt(url: string): Promise<Uint8ClampedArray> {
  const blob = await (await fetchOk(url)).blob();
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
}
