/** Which network answers, and in how many bytes it comes. */
import { keptNetwork, MINE } from '../../../../engines/web/kept-networks.ts';
import { modelBytes, type ModelSource } from '../../../../engines/web/protocol.ts';
import { draw as texts } from '../../../../i18n/draw.ts';
import type { Lang } from '../../../../i18n/languages.ts';
import { element, showAbout } from '../page-parts.ts';
import { megabytes } from '../../format.ts';

interface ChoiceListener {
  /** Another model, or another size of it, is chosen. */
  onChoice(): void;
  /** The model that was asked for is none. */
  onUnknown(sentence: string): void;
}

export class ModelChoice {
  readonly #root: ParentNode;
  readonly #lang: Lang;
  readonly #models: ModelSource[];
  readonly #select = element<HTMLSelectElement>('model-select');
  readonly #light = element<HTMLInputElement>('light');
  readonly #listener: ChoiceListener;

  /** @param wanted id of the model to begin with, if there is one */
  constructor(
    root: ParentNode,
    lang: Lang,
    models: readonly ModelSource[],
    wanted: string | null,
    listener: ChoiceListener,
  ) {
    this.#root = root;
    this.#lang = lang;
    this.#models = [...models];
    this.#listener = listener;
    // Where every megabyte is waited for or paid, the reader need not ask.
    this.#light.checked ||= isSlow();
    if (models.some(({ id }) => id === wanted)) this.#select.value = wanted!;
    for (const control of [this.#select, this.#light])
      control.addEventListener('change', () => this.#choose());
    this.#show();
    void this.#offerOwn(wanted).then(() => this.#sayUnknown(wanted));
  }

  /** The model that is selected, in the bytes that are wanted. */
  get model(): ModelSource {
    const model = this.#selected;
    return model.light && this.#light.checked ? { ...model, ...model.light } : model;
  }

  get #selected(): ModelSource {
    return this.#models.find(({ id }) => id === this.#select.value) ?? this.#models[0]!;
  }

  #choose(): void {
    this.#show();
    this.#listener.onChoice();
  }

  #show(): void {
    const { id, light } = this.#selected;
    const size = (bytes: number) => ({ size: megabytes(this.#lang, bytes) });
    element('light-row').hidden = !light;
    if (light) element('light-text').textContent = texts(this.#lang, 'light', size(modelBytes(light)));
    showAbout(this.#root, id);
    element('load').textContent = texts(this.#lang, 'load', size(modelBytes(this.model)));
  }

  /** The network that the reader has taught, if there is one, stands below the published ones. */
  async #offerOwn(wanted: string | null): Promise<void> {
    const own = await keptNetwork(MINE).catch(() => null);
    if (!own) return;
    const { architecture } = own;
    this.#models.push({ id: MINE, kept: MINE, architecture, url: '', topology: '', files: {}, known: null });
    this.#select.add(new Option(texts(this.#lang, 'ownModel'), MINE, false, wanted === MINE));
    if (wanted === MINE) this.#choose();
  }

  #sayUnknown(wanted: string | null): void {
    if (wanted === null || this.#models.some(({ id }) => id === wanted)) return;
    const name = this.#select.selectedOptions[0]!.dataset['name']!;
    this.#listener.onUnknown(texts(this.#lang, 'unknownModel', { id: wanted, name }));
  }
}

/** Whether the connection is slow or the reader saves data, as far as the browser tells. */
function isSlow(): boolean {
  const { connection } = navigator as Navigator & {
    connection?: { saveData: boolean; effectiveType: string };
  };
  return (
    connection !== undefined && (connection.saveData || /^(slow-2g|2g|3g)$/.test(connection.effectiveType))
  );
}
