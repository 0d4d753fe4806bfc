/** The test images, to start a drawing from. Sheets are loaded as they are needed. */
import { cropImage, placeOf, type SheetLayout } from '../../../data/sprites.ts';

/** Addresses of the sheets and of the labels, and how the images lie on the sheets. */
export interface ImageSheets extends SheetLayout {
  readonly sheets: readonly string[];
  /** One byte an image, the class. */
  readonly labels: string;
}

export interface TestImage {
  readonly id: number;
  /** 28×28 greys. */
  readonly pixels: Uint8Array;
}

export class Gallery {
  readonly #images: ImageSheets;
  #labels: Promise<Uint8Array> | null = null;
  readonly #sheets = new Map<number, Promise<ImageData>>();

  constructor(images: ImageSheets) {
    this.#images = images;
  }

  /** Images of a class from number `from` on, and where to go on after them; null at the end. */
  async ofClass(
    label: number,
    from: number,
    count: number,
  ): Promise<{ images: TestImage[]; next: number | null }> {
    const labels = await this.#allLabels();
    const images: TestImage[] = [];
    for (let id = from; id < this.#images.count; id++) {
      if (labels[id] !== label) continue;
      if (images.length === count) return { images, next: id };
      const place = placeOf(id, this.#images);
      images.push({ id, pixels: cropImage(await this.#sheet(place.sheet), place) });
    }
    return { images, next: null };
  }

  async #allLabels(): Promise<Uint8Array> {
    this.#labels ??= fetchOk(this.#images.labels).then(
      async (response) => new Uint8Array(await response.arrayBuffer()),
    );
    try {
      return await this.#labels;
    } catch (error) {
      this.#labels = null; // So that it is fetched again when it is asked for again.
      throw error;
    }
  }

  async #sheet(number: number): Promise<ImageData> {
    const sheet = this.#sheets.get(number) ?? pixelsAt(this.#images.sheets[number]!);
    this.#sheets.set(number, sheet);
    try {
      return await sheet;
    } catch (error) {
      this.#sheets.delete(number);
      throw error;
    }
  }
}

async function fetchOk(url: string): Promise<Response> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response;
}

/** The pixels of a picture as they are in the file. */
async function pixelsAt(url: string): Promise<ImageData> {
  const blob = await (await fetchOk(url)).blob();
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}
