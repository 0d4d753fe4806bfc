/** What can be done with the network that was taught: keep it in the browser, take it along, bring it back. */
import { isKept, keepNetwork, MINE } from '../../../../engines/web/kept-networks.ts';
import { finetune as texts } from '../../../../i18n/finetune.ts';
import type { Lang } from '../../../../i18n/languages.ts';
import type { Values } from '../../../../i18n/translator.ts';
import type { Architecture, Weights } from '../../../../network/architecture.ts';
import { element } from '../page-parts.ts';
import { downloadNetwork, readNetwork, UploadError } from './weight-files.ts';

interface Network {
  readonly architecture: Architecture;
  /** Null before anything is taught. */
  readonly weights: Weights | null;
}

export class WeightsPanel {
  readonly #lang: Lang;
  readonly #network: () => Network;
  readonly #upload = element<HTMLInputElement>('upload');

  /** @param network that of the moment @param onUpload the reader has brought weights that fit it */
  constructor(lang: Lang, network: () => Network, onUpload: (weights: Weights) => void) {
    this.#lang = lang;
    this.#network = network;
    element('keep').addEventListener('click', () => void this.#keep());
    element('download').addEventListener('click', () => {
      const { architecture, weights } = network();
      if (weights) downloadNetwork(architecture, weights);
      else this.#say('nothingTaught');
    });
    this.#upload.addEventListener('change', () => {
      const files = [...(this.#upload.files ?? [])];
      this.#upload.value = '';
      if (files.length) void this.#read(files, onUpload);
    });
    void isKept(MINE).then((kept) => (element('use').hidden = !kept));
  }

  /** Shows what can be done. @param busy a lesson is under way */
  show(busy: boolean): void {
    const { weights } = this.#network();
    element<HTMLButtonElement>('keep').disabled = element<HTMLButtonElement>('download').disabled = !weights;
    this.#upload.disabled = busy;
    element('own-weights').hidden = !weights;
  }

  clear(): void {
    element('weights-message').textContent = '';
  }

  #say(key: Parameters<typeof texts>[1], values?: Values): void {
    element('weights-message').textContent = texts(this.#lang, key, values);
  }

  async #keep(): Promise<void> {
    const { architecture, weights } = this.#network();
    if (!weights) {
      this.#say('nothingTaught');
      return;
    }
    try {
      await keepNetwork(MINE, { architecture, weights });
      this.#say('kept');
      element('use').hidden = false;
    } catch {
      this.#say('keepFailed');
    }
  }

  async #read(files: File[], onUpload: (weights: Weights) => void): Promise<void> {
    try {
      onUpload(await readNetwork(this.#network().architecture, files));
      this.#say('uploaded', { name: files.map(({ name }) => name).join(', ') });
    } catch (error) {
      if (!(error instanceof UploadError)) throw error;
      this.#say(error.fault, error.values);
    }
  }
}
