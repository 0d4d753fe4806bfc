/** What can be watched while the network learns: images that turn right, one image's classes, the first layer's filters. */
import { IMAGE_PIXELS } from '../../../../data/dataset.ts';
import type { LessonRun } from '../../../../engines/web/lesson-run.ts';
import { predictedClasses } from '../../../../evaluation/metrics.ts';
import { percent } from '../../../../i18n/format.ts';
import type { Weight } from '../../../../network/architecture.ts';
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

  const imageOf = (id: number) => measured!.images.subarray(id * IMAGE_PIXELS, (id + 1) * IMAGE_PIXELS);

  function showBars(): void {
    const id = ids[watched];
    if (id === undefined || !probabilities.length) return;
    const classes = probabilities.length / measured!.labels.length;
    const row = [...probabilities.subarray(id * classes, (id + 1) * classes)];
    element('watched').replaceChildren(greyCanvas(imageOf(id)), nameOf(measured!.labels[id]!));
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

  element('next-image').addEventListener('click', () => {
    watched = (watched + 1) % Math.max(1, ids.length);
    showBars();
  });

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

    /** Shows the network's latest answers, and its first layer's filters. */
    show(run: LessonRun, kernel: Weight | undefined): void {
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
      if (kernel) drawFilters(element<HTMLCanvasElement>('filters'), kernel);
    },

    clear(): void {
      measured = null;
      ids = [];
      element('watch').hidden = true;
      for (const id of ['strip', 'watched', 'watched-bars']) element(id).replaceChildren();
    },
  };
}

/** Filters of 3×3 with one input, side by side; the strongest weight of all is white or black. */
function drawFilters(canvas: HTMLCanvasElement, { data, shape }: Weight): void {
  const [side = 3, , , filters = 1] = shape;
  const columns = 16;
  canvas.width = columns * (side + 1);
  canvas.height = Math.ceil(filters / columns) * (side + 1);
  const context = canvas.getContext('2d')!;
  const most = data.reduce((so, value) => Math.max(so, Math.abs(value)), 1e-6);
  data.forEach((value, i) => {
    const [filter, place] = [i % filters, Math.floor(i / filters)];
    const grey = Math.round(127.5 * (1 + value / most));
    context.fillStyle = `rgb(${grey} ${grey} ${grey})`;
    const x = (filter % columns) * (side + 1) + (place % side);
    context.fillRect(x, Math.floor(filter / columns) * (side + 1) + Math.floor(place / side), 1, 1);
  });
}
