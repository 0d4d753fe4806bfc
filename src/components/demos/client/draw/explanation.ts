/** Beside the answer, for those who open it: where the network looked, and which training images look alike. */
import type { ImageSheets } from '../../../../client/image-set.ts';
import { IMAGE_PIXELS, IMAGE_SIZE } from '../../../../data/dataset.ts';
import { className } from '../../../../i18n/site.ts';
import type { Engine } from '../../../../engines/web/client.ts';
import { nearestImages, occlude, occlusionMap } from '../../../../evaluation/explanation.ts';
import { failures } from '../../../../i18n/demos.ts';
import { create, element, greyCanvas, greyImage, showText } from '../dom.ts';
import type { DrawWords } from '../demo-page.ts';

/** So many covered images are predicted at once: between two requests a new stroke gets its turn. */
const CHUNK = 8;
/** The pen has to rest this long before anything is computed beside the answer. */
const REST = 400;
const SIMILAR = 6;
/** What the looked-at parts are tinted with: the site's orange. */
const TINT = [240, 138, 60] as const;

/** An image and the class that was predicted for it. */
interface Answer {
  readonly image: Uint8Array;
  readonly label: number;
  readonly probability: number;
}

/**
 * @param sample the training images
 * @returns explains another answer from now on; null while there is none
 */
export function createExplanation(
  engine: Pick<Engine, 'predict'>,
  sample: ImageSheets,
  { lang }: DrawWords,
): (answer: Answer | null) => void {
  const attentionPart = element<HTMLDetailsElement>('attention');
  const similarPart = element<HTMLDetailsElement>('similar');
  let explained: Answer | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function schedule(rest: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      void showAttention(explained);
      void showSimilar(explained);
    }, rest);
  }

  async function showAttention(answer: Answer | null): Promise<void> {
    if (!attentionPart.open) return;
    const context = attentionPart.querySelector('canvas')!.getContext('2d', { alpha: false })!;
    if (!answer) {
      context.clearRect(0, 0, IMAGE_SIZE, IMAGE_SIZE);
      attentionPart.dataset['state'] = 'empty';
      return;
    }
    attentionPart.dataset['state'] = 'busy';
    const { image, label, probability } = answer;
    context.putImageData(greyImage(image), 0, 0);
    const { patches, images } = occlude(image);
    const covered: number[] = [];
    try {
      for (let from = 0; from < patches.length; from += CHUNK) {
        const { probabilities } = await engine.predict(
          images.slice(from * IMAGE_PIXELS, (from + CHUNK) * IMAGE_PIXELS),
        );
        if (answer !== explained) return;
        const sent = Math.min(CHUNK, patches.length - from);
        const classes = probabilities.length / sent;
        for (let i = label; i < probabilities.length; i += classes) covered.push(probabilities[i]!);
      }
    } catch {
      return; // The answer itself says what is wrong with the engine.
    }
    context.putImageData(tinted(image, occlusionMap(probability, patches, covered)), 0, 0);
    attentionPart.dataset['state'] = 'ready';
  }

  async function showSimilar(answer: Answer | null): Promise<void> {
    if (!similarPart.open) return;
    const list = similarPart.querySelector('ul')!;
    const failure = similarPart.querySelector<HTMLElement>('[data-failure]')!;
    failure.hidden = true;
    if (!answer) {
      list.replaceChildren();
      return;
    }
    try {
      const [images, labels] = await Promise.all([sample.all(), sample.labels()]);
      if (answer !== explained) return;
      const items = nearestImages(answer.image, images, SIMILAR).map((number) => {
        const label = labels[number]!;
        const canvas = greyCanvas(images.subarray(number * IMAGE_PIXELS, (number + 1) * IMAGE_PIXELS));
        return create('li', { 'data-class': label }, canvas, create('span', {}, className(label, lang)));
      });
      list.replaceChildren(...items);
    } catch {
      showText(failure, failures(lang, 'images'));
    }
  }

  for (const part of [attentionPart, similarPart]) part.addEventListener('toggle', () => schedule(0));
  return (answer) => {
    explained = answer;
    schedule(REST);
  };
}

/** The image, its looked-at parts tinted: the more covering them costs, the stronger. */
function tinted(image: Uint8Array, cost: Float32Array): ImageData {
  const most = Math.max(...cost, 1e-6);
  const result = greyImage(image);
  cost.forEach((value, i) => {
    const strength = 0.75 * (value / most);
    TINT.forEach((colour, channel) => {
      const at = 4 * i + channel;
      result.data[at] = (1 - strength) * result.data[at]! + strength * colour;
    });
  });
  return result;
}
