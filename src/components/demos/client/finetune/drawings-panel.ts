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
import { DrawingEditor } from '../drawing-editor.ts';
import {
  onLabelledElsewhere,
  storedDrawing,
  storedLabelled,
  storeLabelled,
  type LabelledDrawing,
} from '../drawing-storage.ts';
import { createPad } from '../pad.ts';

interface DrawingsListener {
  /** The reader has changed the drawings; `stored` is false where the browser does not keep them. */
  onEdit(stored: boolean): void;
  /** Another tab has. */
  onEditElsewhere(): void;
  /** There is nothing on the pad to be added. */
  onEmptyPad(): void;
}

export function createDrawingsPanel({ lang, t }: FinetuneWords, listener: DrawingsListener) {
  let drawings: readonly LabelledDrawing[] = storedLabelled();
  /** One for each drawing, once the network has predicted them. */
  let predictions: readonly { label: number; probability: number }[] = [];

  const nameOf = (label: number) => className(label, lang);

  function show(): void {
    element('drawings-none').hidden = drawings.length > 0;
    element('drawings-help').hidden = drawings.length === 0;
    element('drawings').replaceChildren(...drawings.map(item));
  }

  function item({ label, pixels }: LabelledDrawing, n: number): HTMLLIElement {
    const name = nameOf(label);
    const picture = greyCanvas(pixels);
    picture.setAttribute('role', 'img');
    picture.setAttribute('aria-label', name);
    const removal = { type: 'button', 'aria-label': t('remove', { n: n + 1, name }) };
    const remove = create('button', removal, '×');
    remove.addEventListener('click', () => change(drawings.filter((_, i) => i !== n)));
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

  function replace(next: readonly LabelledDrawing[]): void {
    drawings = next;
    predictions = [];
    show();
  }

  function change(next: readonly LabelledDrawing[]): void {
    replace(next);
    listener.onEdit(storeLabelled(next));
  }

  /** Adds an image with the class that the reader has chosen. */
  function add(pixels: Uint8Array): void {
    change([...drawings, { label: Number(element<HTMLSelectElement>('label').value), pixels }]);
  }

  onLabelledElsewhere(() => {
    replace(storedLabelled());
    listener.onEditElsewhere();
  });
  bindPad((pixels) => {
    if (pixels) add(pixels);
    else listener.onEmptyPad();
  });
  offerDrawnElsewhere(add);
  show();

  return {
    get drawings() {
      return drawings;
    },

    /** Has the network predict the drawings, and shows its answers unless they have been changed meanwhile. */
    async predict(network: Pick<Engine, 'predictTuned'>): Promise<void> {
      const asked = drawings;
      if (!asked.length) return;
      const images = new Uint8Array(asked.length * IMAGE_PIXELS);
      asked.forEach(({ pixels }, n) => images.set(pixels, n * IMAGE_PIXELS));
      const probabilities = await network.predictTuned(images);
      if (asked !== drawings) return;
      predictions = [...predictedClasses(probabilities, CLASS_COUNT)].map((label, n) => ({
        label,
        probability: probabilities[n * CLASS_COUNT + label]!,
      }));
      show();
    },

    /** The network is no longer the one that has predicted them. */
    clearPredictions: () => replace(drawings),
  };
}

/** @param onAdd called with the image of what is on the pad, null for nothing; the pad is empty after it */
function bindPad(onAdd: (pixels: Uint8Array | null) => void): void {
  const editor = new DrawingEditor();
  const settings = { tool: 'brush', size: 28, ink: 210, mirror: false, fillClosed: true } as const;
  const showPixels = createPad(element<HTMLCanvasElement>('pad'), editor, settings, showButtons);

  function showButtons(): void {
    for (const id of ['undo', 'clear']) element<HTMLButtonElement>(id).disabled = !editor.canUndo;
  }

  function edit(change: () => void): void {
    change();
    showPixels();
    showButtons();
  }

  element('undo').addEventListener('click', () => edit(() => editor.undo()));
  element('clear').addEventListener('click', () => edit(() => editor.replace([])));
  element('add').addEventListener('click', () => {
    const pixels = prepare({ width: PAD, height: PAD, pixels: editor.pixels });
    onAdd(pixels);
    if (pixels) edit(() => editor.replace([]));
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
