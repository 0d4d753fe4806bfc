/** Pictures that the reader brings: chosen, photographed, pasted or dropped, and where their background ends. */
import { draw as texts } from '../../../../i18n/draw.ts';
import type { Lang } from '../../../../i18n/languages.ts';
import type { Action } from '../../../../drawing/strokes.ts';
import { element } from '../page-parts.ts';
import { photoAction, PhotoError, readPhoto, type Photo } from './picture.ts';
import { bindRange } from './toolbar.ts';

interface PictureListener {
  /** A picture is to be put on the pad. */
  onPicture(action: Action): void;
  /** The picture that is there is to be put there in another way. */
  onThreshold(action: Action): void;
  /** The sentence that tells why a picture cannot be taken; null when another is tried. */
  onMessage(sentence: string | null): void;
}

export class PictureInput {
  readonly #lang: Lang;
  readonly #listener: PictureListener;
  readonly #threshold = element<HTMLInputElement>('threshold');
  /** What was put on the pad last, if it was a picture and nothing has been drawn since. */
  #last: { photo: Photo; action: Action } | null = null;

  /** @param surface on which pictures can be dropped; the whole page takes them, and this shows it */
  constructor(root: ParentNode, surface: Element, lang: Lang, listener: PictureListener) {
    this.#lang = lang;
    this.#listener = listener;
    bindRange('threshold', (threshold) => this.#separate(threshold));
    for (const input of root.querySelectorAll<HTMLInputElement>('[data-photo]')) {
      input.addEventListener('change', () => {
        const file = input.files?.[0];
        input.value = '';
        if (file) void this.#take(file);
      });
    }
    document.addEventListener('paste', (event) => this.#takeFrom(event, event.clipboardData));
    document.addEventListener('dragover', (event) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      surface.classList.add('over');
    });
    document.addEventListener('dragleave', (event) => {
      if (!event.relatedTarget) surface.classList.remove('over');
    });
    document.addEventListener('drop', (event) => {
      surface.classList.remove('over');
      this.#takeFrom(event, event.dataTransfer);
    });
  }

  /** Tells what was done last, and so whether there is a background to be separated. */
  drawn(last: Action | undefined): void {
    if (this.#last?.action !== last) this.#last = null;
    element('threshold-row').hidden = !this.#last;
  }

  #takeFrom(event: Event, data: DataTransfer | null): void {
    const file = data?.files[0];
    if (!file) return;
    event.preventDefault();
    void this.#take(file);
  }

  async #take(file: Blob): Promise<void> {
    this.#listener.onMessage(null);
    try {
      const photo = await readPhoto(file);
      const action = photoAction(photo, this.#threshold.valueAsNumber) ?? photoAction(photo, 0);
      if (!action) {
        this.#listener.onMessage(texts(this.#lang, 'blankPicture'));
        return;
      }
      this.#last = { photo, action };
      this.#listener.onPicture(action);
    } catch (error) {
      if (!(error instanceof PhotoError)) throw error;
      this.#listener.onMessage(texts(this.#lang, error.fault, { limit: error.limit }));
    }
  }

  #separate(threshold: number): void {
    if (!this.#last) return;
    const action = photoAction(this.#last.photo, threshold);
    this.#listener.onMessage(action ? null : texts(this.#lang, 'blankImage'));
    if (!action) return;
    this.#last = { photo: this.#last.photo, action };
    this.#listener.onThreshold(action);
  }
}
