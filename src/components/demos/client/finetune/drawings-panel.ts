/** The reader's drawings on the page: the pad they come from, their list, what the network predicts for each. */
import { CLASS_COUNT, IMAGE_PIXELS } from '../../../../data/dataset.ts';
import { className } from '../../../../i18n/site.ts';
import { prepare } from '../../../../drawing/preparation.ts';
import { PAD, rasterise } from '../../../../drawing/strokes.ts';
import type { Engine } from '../../../../engines/web/client.ts';
import { predictedClasses } from '../../../../evaluation/metrics.ts';
import { percent } from '../../../../i18n/format.ts';
import type { FinetuneWords } from '../demo-page.ts';
import { create, element, greyCanvas } from '../dom.ts';
import { onLabelledElsewhere, storedDrawing, storedLabelled, storeLabelled } from '../drawing-storage.ts';
import { createPad, PLAIN } from '../pad.ts';
import { findGarment } from '../../../../drawing/found-garment.ts';
import { readPhoto } from '../draw/photo.ts';
import type { LabelledImage, LessonName } from '../../../../training/lessons.ts';
import { failureText, InputError } from '../../failures.ts';

interface DrawingsListener {
  /** The reader has changed the drawings; `stored` is false where the browser does not keep them. */
  onEdit(stored: boolean): void;
  /** Another tab has. */
  onEditElsewhere(): void;
  /** Why nothing can be added. */
  onProblem(sentence: string): void;
}

/** @param hats drawings of the class that the page suggests @param task the lesson that is chosen */
export function createDrawingsPanel(
  { lang, t }: FinetuneWords,
  hats: readonly LabelledImage[],
  task: () => LessonName,
  listener: DrawingsListener,
) {
  let drawings = stored();
  /** One for each drawing of the lesson, once the network has predicted them. */
  let predictions: readonly { label: number; probability: number }[] = [];

  /** Those of earlier visits; the suggested ones where the reader has none of a class of their own. */
  function stored(): readonly LabelledImage[] {
    const own = storedLabelled();
    return own.some(({ label }) => label === CLASS_COUNT) ? own : [...own, ...hats];
  }

  /** The class behind the ten is called as the reader wants it. */
  const nameOf = (label: number) =>
    label === CLASS_COUNT ? element<HTMLInputElement>('class-name').value.trim() : className(label, lang);
  const shown = () => drawings.filter(({ label }) => (task() === 'class') === (label === CLASS_COUNT));

  function show(): void {
    const items = shown();
    element('drawings-none').hidden = items.length > 0;
    element('drawings-help').hidden = items.length === 0;
    element('drawings').replaceChildren(...items.map(item));
  }

  function item(drawing: LabelledImage, n: number): HTMLLIElement {
    const { label, pixels } = drawing;
    const name = nameOf(label);
    const picture = greyCanvas(pixels);
    picture.setAttribute('role', 'img');
    picture.setAttribute('aria-label', name);
    const removal = { type: 'button', 'aria-label': t('remove', { n: n + 1, name }) };
    const remove = create('button', removal, '×');
    remove.addEventListener('click', () => change(drawings.filter((other) => other !== drawing)));
    const made = create('li', {}, picture, remove, create('span', {}, name));
    const prediction = predictions[n];
    if (prediction) {
      const values = { name: nameOf(prediction.label), share: percent(lang, prediction.probability, 1) };
      const verdict = prediction.label === label ? 'right' : 'wrong';
      made.dataset['answer'] = String(prediction.label);
      made.append(create('span', { class: verdict }, t('says', values)));
    }
    return made;
  }

  function replace(next: readonly LabelledImage[]): void {
    drawings = next;
    predictions = [];
    show();
  }

  function change(next: readonly LabelledImage[]): void {
    replace(next);
    listener.onEdit(storeLabelled(next));
  }

  /** Adds an image with the class that the reader has chosen. */
  function add(pixels: Uint8Array): void {
    const label = task() === 'class' ? CLASS_COUNT : Number(element<HTMLSelectElement>('label').value);
    change([...drawings, { label, pixels }]);
  }

  async function addPictures(files: readonly Blob[]): Promise<void> {
    try {
      for (const file of files) {
        const { data, width, height } = await readPhoto(file);
        const { image: pixels } = findGarment(data, width, height);
        if (!pixels) throw new InputError('blankPicture');
        add(pixels);
      }
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      listener.onProblem(failureText(lang, error));
    }
  }

  onLabelledElsewhere(() => {
    replace(stored());
    listener.onEditElsewhere();
  });
  bindPad((pixels) => {
    if (pixels) add(pixels);
    else listener.onProblem(t('emptyPad'));
  });
  const pictures = element<HTMLInputElement>('pictures');
  pictures.addEventListener('change', () => {
    const files = [...(pictures.files ?? [])];
    pictures.value = '';
    void addPictures(files);
  });
  element('remove-all').addEventListener('click', () => {
    const removed = new Set(shown());
    change(drawings.filter((drawing) => !removed.has(drawing)));
  });
  offerDrawnElsewhere(add);
  show();

  return {
    get drawings() {
      return drawings;
    },

    /** Those of the lesson that is chosen, which may be another by now. */
    show,

    /** Has the network predict the drawings, and shows its answers unless they have been changed meanwhile. */
    async predict(network: Pick<Engine, 'predictTuned'>): Promise<void> {
      const [all, asked] = [drawings, shown()];
      if (!asked.length) return;
      const images = new Uint8Array(asked.length * IMAGE_PIXELS);
      asked.forEach(({ pixels }, n) => images.set(pixels, n * IMAGE_PIXELS));
      const probabilities = await network.predictTuned(images);
      if (all !== drawings) return;
      const classes = probabilities.length / asked.length;
      predictions = [...predictedClasses(probabilities, classes)].map((label, n) => ({
        label,
        probability: probabilities[n * classes + label]!,
      }));
      show();
    },

    /** The network is no longer the one that has predicted them. */
    clearPredictions: () => replace(drawings),
  };
}

/** @param onAdd called with the image of what is on the pad, null for nothing; the pad is empty after it */
function bindPad(onAdd: (pixels: Uint8Array | null) => void): void {
  const pad = createPad(document, { ...PLAIN, fillClosed: true }, () => undefined);
  element('add').addEventListener('click', () => {
    const pixels = prepare({ width: PAD, height: PAD, pixels: pad.pixels });
    onAdd(pixels);
    if (pixels) pad.replace([]);
  });
}

/** Offers the drawing of the drawing page, if there is one. */
function offerDrawnElsewhere(add: (pixels: Uint8Array) => void): void {
  const pixels = prepare(rasterise(storedDrawing()));
  if (!pixels) return;
  const offer = element('drawn-elsewhere');
  offer.hidden = false;
  const context = element<HTMLCanvasElement>('drawn-elsewhere-image').getContext('2d')!;
  context.drawImage(greyCanvas(pixels), 0, 0);
  element('add-elsewhere').addEventListener('click', () => {
    add(pixels);
    offer.hidden = true;
  });
}
