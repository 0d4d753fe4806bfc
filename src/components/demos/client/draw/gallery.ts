/** Test images of a class, some at a time, to be put on the pad. */
import { className } from '../../../../i18n/classes.ts';
import { draw as texts } from '../../../../i18n/draw.ts';
import type { Lang } from '../../../../i18n/languages.ts';
import { element } from '../page-parts.ts';
import type { ImageSheets } from '../../../../client/image-set.ts';
import { greyCanvas } from './thumbnail.ts';

const THUMBNAILS = 24;

interface GalleryListener {
  onChoice(pixels: Uint8Array): void;
  /** More images have come. */
  onImages(): void;
  onFailure(): void;
}

export class Gallery {
  readonly #lang: Lang;
  readonly #images: ImageSheets;
  readonly #listener: GalleryListener;
  readonly #class = element<HTMLSelectElement>('gallery-class');
  readonly #more = element<HTMLButtonElement>('gallery-more');
  readonly #thumbs = element('thumbs');
  /** Where the next images are looked for; null when all are there. */
  #next: number | null = 0;
  /** Counts the classes shown: images that come for one before the last are too late. */
  #shown = 0;

  constructor(lang: Lang, images: ImageSheets, listener: GalleryListener) {
    this.#lang = lang;
    this.#images = images;
    this.#listener = listener;
    element('gallery').addEventListener('toggle', () => {
      if (!this.#thumbs.childElementCount) this.#showClass();
    });
    this.#class.addEventListener('change', () => this.#showClass());
    this.#more.addEventListener('click', () => void this.#showMore());
  }

  #showClass(): void {
    this.#thumbs.replaceChildren();
    this.#next = 0;
    this.#shown++;
    void this.#showMore();
  }

  async #showMore(): Promise<void> {
    const label = Number(this.#class.value);
    const shown = this.#shown;
    if (this.#next === null) return;
    this.#more.disabled = true;
    try {
      const { images, next } = await this.#images.ofClass(label, this.#next, THUMBNAILS);
      if (shown !== this.#shown) return;
      this.#next = next;
      this.#thumbs.append(...images.map(({ id, pixels }) => this.#thumbnail(id, label, pixels)));
      this.#listener.onImages();
    } catch {
      if (shown === this.#shown) this.#listener.onFailure();
    } finally {
      if (shown === this.#shown) this.#more.disabled = this.#next === null;
    }
  }

  #thumbnail(id: number, label: number, pixels: Uint8Array): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset['testid'] = 'thumb';
    button.dataset['image'] = String(id);
    const name = className(label, this.#lang);
    button.setAttribute('aria-label', texts(this.#lang, 'galleryImage', { id, name }));
    button.append(greyCanvas(pixels));
    button.addEventListener('click', () => this.#listener.onChoice(pixels));
    return button;
  }
}
