/** The reader's drawings on the page: the pad they come from, their list, what the network says of each. */
import { CLASS_COUNT } from '../../../../data/classes.ts';
import { IMAGE_PIXELS } from '../../../../data/images.ts';
import { className } from '../../../../i18n/classes.ts';
import { finetune as texts } from '../../../../i18n/finetune.ts';
import type { Lang } from '../../../../i18n/languages.ts';
import { prepare } from '../../../../drawing/preparation.ts';
import { predictedClasses } from '../../../../evaluation/metrics.ts';
import { PAD, rasterise } from '../../../../drawing/strokes.ts';
import { Drawing } from '../draw/drawing.ts';
import { percent } from '../../format.ts';
import { Pad } from '../draw/pad.ts';
import { restore } from '../draw/storage.ts';
import { greyCanvas } from '../draw/thumbnail.ts';
import { element } from '../page-parts.ts';
import { isAboutDrawings, readDrawings, writeDrawings, type LabelledDrawing } from './drawings.ts';

interface Answer {
  readonly label: number;
  readonly probability: number;
}

interface HandListener {
  /** The reader has changed the drawings; `kept` is false where the browser does not keep them. */
  onEdit(kept: boolean): void;
  /** Another tab has. */
  onOthersEdit(): void;
  /** There is nothing on the pad to be added. */
  onEmptyPad(): void;
}

export class Hand {
  readonly #lang: Lang;
  readonly #listener: HandListener;
  readonly #drawing = new Drawing();
  readonly #pad: Pad;
  #drawings = readDrawings();
  /** What the network said of each when it was asked last. */
  #answers: readonly Answer[] = [];

  constructor(lang: Lang, listener: HandListener) {
    this.#lang = lang;
    this.#listener = listener;
    this.#pad = new Pad(
      element<HTMLCanvasElement>('pad'),
      this.#drawing,
      { tool: 'brush', size: 28, ink: 210, mirror: false, fillClosed: true },
      () => this.#showButtons(),
    );
    element('undo').addEventListener('click', () => {
      this.#drawing.undo();
      this.#showPad();
    });
    element('clear').addEventListener('click', () => this.#clearPad());
    element('add').addEventListener('click', () => this.#addFromPad());
    this.#offerDrawnElsewhere();
    window.addEventListener('storage', (event) => {
      if (!isAboutDrawings(event)) return;
      this.#drawings = readDrawings();
      this.forgetAnswers();
      listener.onOthersEdit();
    });
    this.#show();
  }

  get drawings(): readonly LabelledDrawing[] {
    return this.#drawings;
  }

  /** Asks the network about the drawings, and shows its answers unless they have been changed meanwhile. */
  async ask(network: { ask(images: Uint8Array<ArrayBuffer>): Promise<Float32Array> }): Promise<void> {
    const asked = this.#drawings;
    if (!asked.length) return;
    const images = new Uint8Array(asked.length * IMAGE_PIXELS);
    asked.forEach(({ pixels }, n) => images.set(pixels, n * IMAGE_PIXELS));
    const probabilities = await network.ask(images);
    if (asked !== this.#drawings) return;
    this.#answers = [...predictedClasses(probabilities, CLASS_COUNT)].map((label, n) => ({
      label,
      probability: probabilities[n * CLASS_COUNT + label]!,
    }));
    this.#show();
  }

  /** What the network said is not what it says any more. */
  forgetAnswers(): void {
    this.#answers = [];
    this.#show();
  }

  // ---- The pad

  #showPad(): void {
    this.#pad.show();
    this.#showButtons();
  }

  #showButtons(): void {
    element<HTMLButtonElement>('undo').disabled = element<HTMLButtonElement>('clear').disabled =
      !this.#drawing.canUndo;
  }

  #clearPad(): void {
    this.#drawing.replace([]);
    this.#showPad();
  }

  #addFromPad(): void {
    const pixels = prepare({ width: PAD, height: PAD, pixels: this.#drawing.pixels });
    if (!pixels) {
      this.#listener.onEmptyPad();
      return;
    }
    this.#add(pixels);
    this.#clearPad();
  }

  /** The drawing of the drawing page, if there is one. */
  #offerDrawnElsewhere(): void {
    const pixels = prepare(rasterise(restore()));
    if (!pixels) return;
    const offer = element('drawn-elsewhere');
    offer.hidden = false;
    const context = element<HTMLCanvasElement>('drawn-elsewhere-image').getContext('2d')!;
    context.drawImage(greyCanvas(pixels), 0, 0);
    element('add-elsewhere').addEventListener('click', () => {
      this.#add(pixels);
      offer.hidden = true;
    });
  }

  // ---- The list

  #add(pixels: Uint8Array): void {
    const label = Number(element<HTMLSelectElement>('label').value);
    this.#change([...this.#drawings, { label, pixels }]);
  }

  #change(drawings: LabelledDrawing[]): void {
    this.#drawings = drawings;
    this.forgetAnswers();
    this.#listener.onEdit(writeDrawings(drawings));
  }

  #show(): void {
    const drawings = this.#drawings;
    element('drawings-none').hidden = drawings.length > 0;
    element('drawings-help').hidden = drawings.length === 0;
    element('drawings').replaceChildren(...drawings.map((_, n) => this.#item(n)));
  }

  #item(n: number): HTMLLIElement {
    const { label, pixels } = this.#drawings[n]!;
    const said = this.#answers[n];
    const nameOf = (of: number) => className(of, this.#lang);
    const item = document.createElement('li');
    const picture = greyCanvas(pixels);
    picture.setAttribute('role', 'img');
    picture.setAttribute('aria-label', nameOf(label));
    const removal = document.createElement('button');
    removal.type = 'button';
    removal.textContent = '×';
    removal.setAttribute('aria-label', texts(this.#lang, 'remove', { n: n + 1, name: nameOf(label) }));
    removal.addEventListener('click', () => this.#change(this.#drawings.filter((_, i) => i !== n)));
    const truth = document.createElement('span');
    truth.textContent = nameOf(label);
    item.append(picture, removal, truth);
    if (said) {
      const answer = document.createElement('span');
      answer.className = said.label === label ? 'right' : 'wrong';
      answer.textContent = texts(this.#lang, 'says', {
        name: nameOf(said.label),
        share: percent(this.#lang, said.probability),
      });
      item.dataset['answer'] = String(said.label);
      item.append(answer);
    }
    return item;
  }
}
