/** Images of the dataset as the site publishes them: on sheets, which are loaded when one of their images is needed. */
import { IMAGE_PIXELS } from '../data/dataset.ts';
import { cropImage, type ImageSet, placeOf } from '../data/sprites.ts';
import { fetchOk, pixelsOf } from './files.ts';
import { once } from './loading.ts';

export interface Sample {
  /** Number within the set. */
  readonly id: number;
  /** 28×28 greys. */
  readonly pixels: Uint8Array;
}

export class ImageSheets {
  readonly #set: ImageSet;
  readonly #labels: () => Promise<Uint8Array>;
  readonly #sheets: (() => Promise<ImageData>)[];

  constructor(set: ImageSet) {
    this.#set = set;
    this.#labels = once(async () => new Uint8Array(await (await fetchOk(set.labels)).arrayBuffer()));
    this.#sheets = set.sheets.map((sheet) => once(() => pixelsOf(sheet)));
  }

  /** The class of each image. */
  labels(): Promise<Uint8Array> {
    return this.#labels();
  }

  async image(id: number): Promise<Uint8Array> {
    const place = placeOf(id, this.#set);
    return cropImage(await this.#sheets[place.sheet]!(), place);
  }

  /** All images, one after another. */
  async all(): Promise<Uint8Array> {
    const { count, perSheet, sheets } = this.#set;
    const images = new Uint8Array(count * IMAGE_PIXELS);
    // One sheet after another, and none is kept: decoded, they take four times as much as their images.
    for (const [number, sheet] of sheets.entries()) {
      const pixels = await pixelsOf(sheet);
      for (let id = number * perSheet; id < Math.min(count, (number + 1) * perSheet); id++) {
        images.set(cropImage(pixels, placeOf(id, this.#set)), id * IMAGE_PIXELS);
      }
    }
    return images;
  }

  /** Images of a class from number `from` on, and the number to continue with; null at the end. */
  async ofClass(
    label: number,
    from: number,
    count: number,
  ): Promise<{ images: Sample[]; next: number | null }> {
    const labels = await this.#labels();
    const images: Sample[] = [];
    for (let id = from; id < this.#set.count; id++) {
      if (labels[id] !== label) continue;
      if (images.length === count) return { images, next: id };
      images.push({ id, pixels: await this.image(id) });
    }
    return { images, next: null };
  }
}
