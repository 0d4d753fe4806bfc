/** Beside the answer, for those who open it: where the network looked, and which training images look alike. */
import { IMAGE_PIXELS, IMAGE_SIZE } from '../../../../data/images.ts';
import { CLASS_COUNT } from '../../../../data/classes.ts';
import type { Engine } from '../../../../engines/web/client.ts';
import { className } from '../../../../i18n/classes.ts';
import { draw as texts } from '../../../../i18n/draw.ts';
import type { Lang } from '../../../../i18n/languages.ts';
import { nearestImages, occlude, occlusionMap } from '../../../../evaluation/explanation.ts';
import type { ImageSheets } from '../../../../client/image-set.ts';
import { greyCanvas, imageOf } from './thumbnail.ts';

/** So many covered images are asked for at once: between two requests a new stroke gets its turn. */
const CHUNK = 8;
const PIXELS = IMAGE_PIXELS;
/** The pen has to rest this long before anything is computed beside the answer. */
const REST = 400;
const SIMILAR = 6;
/** What the looked-at parts are tinted with: the site's orange. */
const TINT = [240, 138, 60] as const;

/** An image and what was answered for it. */
export interface Answered {
  readonly image: Uint8Array;
  readonly label: number;
  readonly probability: number;
}

export interface Places {
  readonly attention: HTMLDetailsElement;
  readonly similar: HTMLDetailsElement;
}

export class Explanation {
  readonly #engine: Engine;
  readonly #sample: ImageSheets;
  readonly #places: Places;
  readonly #lang: Lang;
  #answered: Answered | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(engine: Engine, sample: ImageSheets, places: Places, lang: Lang) {
    this.#engine = engine;
    this.#sample = sample;
    this.#places = places;
    this.#lang = lang;
    places.attention.addEventListener('toggle', () => this.#schedule(0));
    places.similar.addEventListener('toggle', () => this.#schedule(0));
  }

  /** Explains another answer from now on; null while there is none. */
  of(answered: Answered | null): void {
    this.#answered = answered;
    this.#schedule(REST);
  }

  #schedule(rest: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      void this.#showAttention(this.#answered);
      void this.#showSimilar(this.#answered);
    }, rest);
  }

  async #showAttention(answered: Answered | null): Promise<void> {
    const { attention: place } = this.#places;
    if (!place.open) return;
    const canvas = place.querySelector('canvas')!;
    const context = canvas.getContext('2d', { alpha: false })!;
    if (!answered) {
      context.clearRect(0, 0, IMAGE_SIZE, IMAGE_SIZE);
      place.dataset['state'] = 'empty';
      return;
    }
    place.dataset['state'] = 'busy';
    const { image, label, probability } = answered;
    context.putImageData(imageOf(image), 0, 0);
    const { patches, images } = occlude(image);
    const covered: number[] = [];
    try {
      for (let from = 0; from < patches.length; from += CHUNK) {
        const { probabilities } = await this.#engine.predict(
          images.slice(from * PIXELS, (from + CHUNK) * PIXELS),
        );
        if (answered !== this.#answered) return;
        for (let i = label; i < probabilities.length; i += CLASS_COUNT) covered.push(probabilities[i]!);
      }
    } catch {
      return; // The answer itself says what is wrong with the engine.
    }
    context.putImageData(tinted(image, occlusionMap(probability, patches, covered)), 0, 0);
    place.dataset['state'] = 'ready';
  }

  async #showSimilar(answered: Answered | null): Promise<void> {
    const { similar: place } = this.#places;
    if (!place.open) return;
    const list = place.querySelector('ul')!;
    const failure = place.querySelector<HTMLElement>('[data-failure]')!;
    failure.hidden = true;
    if (!answered) {
      list.replaceChildren();
      return;
    }
    try {
      const [library, labels] = await Promise.all([this.#sample.all(), this.#sample.labels()]);
      if (answered !== this.#answered) return;
      list.replaceChildren(
        ...nearestImages(answered.image, library, SIMILAR).map((number) => {
          const item = document.createElement('li');
          const name = className(labels[number]!, this.#lang);
          const caption = document.createElement('span');
          caption.textContent = name;
          item.dataset['class'] = String(labels[number]);
          item.append(greyCanvas(library.subarray(number * PIXELS, (number + 1) * PIXELS)), caption);
          return item;
        }),
      );
    } catch {
      failure.hidden = false;
      failure.textContent = texts(this.#lang, 'similarFailed');
    }
  }
}

/** The image, its looked-at parts tinted: the more covering them costs, the stronger. */
function tinted(image: Uint8Array, cost: Float32Array): ImageData {
  const most = Math.max(...cost, 1e-6);
  const result = imageOf(image);
  cost.forEach((value, i) => {
    const strength = 0.75 * (value / most);
    TINT.forEach((colour, channel) => {
      const at = 4 * i + channel;
      result.data[at] = (1 - strength) * result.data[at]! + strength * colour;
    });
  });
  return result;
}
