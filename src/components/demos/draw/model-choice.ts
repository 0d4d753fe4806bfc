/** Which network answers, and in how many bytes it comes. */
import { keptNetwork, MINE } from '../../../engines/web/kept.ts';
import { modelBytes, type ModelSource } from '../../../engines/web/protocol.ts';
import { draw as texts } from '../../../i18n/draw.ts';
import type { Lang } from '../../../i18n/languages.ts';
import { element } from '../page-parts.ts';
import { megabytes } from './format.ts';

export class ModelChoice {
  readonly #root: ParentNode;
  readonly #lang: Lang;
  readonly #models: ModelSource[];
  readonly #select = element<HTMLSelectElement>('model-select');
  readonly #light = element<HTMLInputElement>('light');
  /** Told that another model, or another size of it, is chosen. */
  readonly #changed: () => void;

  /** @param wanted id of the model to begin with, if there is one */
  constructor(
    root: ParentNode,
    lang: Lang,
    models: readonly ModelSource[],
    wanted: string | null,
    changed: () => void,
  ) {
    this.#root = root;
    this.#lang = lang;
    this.#models = [...models];
    this.#changed = changed;
    // Where every megabyte is waited for or paid, the reader need not ask.
    this.#light.checked ||= isSlow();
    if (models.some(({ id }) => id === wanted)) this.#select.value = wanted!;
    for (const control of [this.#select, this.#light])
      control.addEventListener('change', () => this.#choose());
    this.#show();
    void this.#offerOwn(wanted);
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
    this.#changed();
  }

  #show(): void {
    const { id, light } = this.#selected;
    const size = (bytes: number) => ({ size: megabytes(this.#lang, bytes) });
    element('light-row').hidden = !light;
    if (light) element('light-text').textContent = texts(this.#lang, 'light', size(modelBytes(light)));
    for (const about of this.#root.querySelectorAll<HTMLElement>('[data-about]')) {
      about.hidden = about.dataset['about'] !== id;
    }
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
