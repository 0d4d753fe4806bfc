/** What can be watched while the network learns: images that turn right, one image's classes, the first and last weights. */
import { IMAGE_PIXELS } from '../../../../data/dataset.ts';
import type { LessonRun } from '../../../../engines/web/lesson-run.ts';
import { predictedClasses } from '../../../../evaluation/metrics.ts';
import { percent } from '../../../../i18n/format.ts';
import type { Weights } from '../../../../network/architecture.ts';
import type { LabelledImages } from '../../../../training/lessons.ts';
import type { FinetuneWords } from '../demo-page.ts';
import { create, element, greyCanvas } from '../dom.ts';

/** Images on the strip. */
const SHOWN = 30;

/** @param nameOf the name of a class, the reader's own included */
export function createWatch({ lang, t }: FinetuneWords, nameOf: (label: number) => string) {
  const strip = element('strip');
  let measured: LabelledImages | null = null;
  let ids: number[] = [];
  /** Of all measured images, [images × classes]. */
  let probabilities: Float32Array = new Float32Array();
  /** Which of the strip's images the bars are of. */
  let watched = 0;
  /** The last layer's weights as the lesson began. */
  let first: Float32Array | null = null;

  const imageOf = (id: number) => measured!.images.subarray(id * IMAGE_PIXELS, (id + 1) * IMAGE_PIXELS);

  function showBars(): void {
    const id = ids[watched];
    if (id === undefined || !probabilities.length) return;
    const classes = probabilities.length / measured!.labels.length;
    const row = [...probabilities.subarray(id * classes, (id + 1) * classes)];
    const sentence = t('watched', { name: nameOf(measured!.labels[id]!) });
    element('watched').replaceChildren(greyCanvas(imageOf(id)), sentence);
    element('watched-bars').replaceChildren(
      ...row.map((p, label) => {
        const item = create('li', {}, nameOf(label), create('span', {}, percent(lang, p, 1)));
        item.style.setProperty('--p', p.toFixed(4));
        item.classList.toggle('right', label === measured!.labels[id]);
        return item;
      }),
    );
    [...strip.children].forEach((item, n) => item.classList.toggle('watched', n === watched));
  }

  function watchImage(n: number): void {
    watched = n;
    showBars();
  }
  element('next-image').addEventListener('click', () => watchImage((watched + 1) % Math.max(1, ids.length)));
  strip.addEventListener('click', ({ target }) => {
    const n = [...strip.children].findIndex((item) => item.contains(target as Node));
    if (n >= 0) watchImage(n);
  });

  /** The first layer's filters side by side, and below what has become of the last layer: a row for each class. */
  function showWeights(weights: Weights, mode: LessonRun['task']['lesson']['mode']): void {
    const { data: kernel, shape } = weights['conv1/kernel']!;
    const [side = 3, , , filters = 1] = shape;
    const columns = 16;
    const tile = side + 1;
    drawValues(element<HTMLCanvasElement>('filters'), columns * tile, Math.ceil(filters / columns) * tile, {
      most: strongest(kernel),
      valueAt: (x, y) =>
        x % tile < side && y % tile < side
          ? kernel[
              ((y % tile) * side + (x % tile)) * filters +
                Math.floor(y / tile) * columns +
                Math.floor(x / tile)
            ]
          : undefined,
    });
    element('filters-caption').textContent = t(mode === 'all' ? 'filters' : 'filtersKept');
    const { data: last, shape: lastShape } = Object.values(weights).findLast(
      ({ shape }) => shape.length === 2,
    )!;
    const [inputs, classes] = lastShape as [number, number];
    const before = (first ??= last);
    // A lesson moves them by a part of what they are.
    drawValues(element<HTMLCanvasElement>('last-layer'), inputs, classes, {
      most: strongest(before) / 6,
      valueAt: (x, y) => last[x * classes + y]! - before[x * classes + y]!,
    });
  }

  return {
    /** Shows the images on which a lesson is measured, spread over all of them. */
    begin(images: LabelledImages): void {
      if (images === measured) return;
      measured = images;
      probabilities = new Float32Array();
      const count = images.labels.length;
      const shown = Math.min(SHOWN, count);
      ids = Array.from({ length: shown }, (_, n) => Math.floor((n * count) / shown));
      watched = 0;
      strip.replaceChildren(...ids.map((id) => create('li', {}, greyCanvas(imageOf(id)))));
    },

    /** Shows the network's latest answers and its weights. */
    show(run: LessonRun, weights: Weights): void {
      if (!measured) return;
      probabilities = run.measuredProbabilities;
      const { labels } = measured;
      const answers = predictedClasses(probabilities, probabilities.length / labels.length);
      ids.forEach((id, n) => {
        const item = strip.children[n] as HTMLElement;
        const values = { name: nameOf(labels[id]!), answer: nameOf(answers[id]!) };
        item.classList.toggle('right', answers[id] === labels[id]);
        item.classList.toggle('wrong', answers[id] !== labels[id]);
        item.title = t('stripImage', values);
      });
      element('watch').hidden = false;
      showBars();
      if (run.epoch === 0) first = null;
      showWeights(weights, run.task.lesson.mode);
    },

    clear(): void {
      measured = null;
      ids = [];
      element('watch').hidden = true;
      for (const id of ['strip', 'watched', 'watched-bars']) element(id).replaceChildren();
    },
  };
}

const strongest = (values: Float32Array): number =>
  values.reduce((so, value) => Math.max(so, Math.abs(value)), 1e-6);

/** A picture of numbers, one pixel each: `most` is white, its opposite black, 0 grey; nothing where there is none. */
function drawValues(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  { most, valueAt }: { most: number; valueAt: (x: number, y: number) => number | undefined },
): void {
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const value = valueAt(i % width, Math.floor(i / width));
    const grey = 127.5 * (1 + (value ?? 0) / most);
    image.data.set([grey, grey, grey, value === undefined ? 0 : 255], 4 * i);
  }
  Object.assign(canvas, { width, height });
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}
