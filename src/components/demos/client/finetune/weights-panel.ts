/** What can be done with the network that was taught: keep it in the browser, take it along, bring it back. */
import { isKept, keepNetwork, MINE } from '../../../../engines/web/kept-networks.ts';
import type { Architecture, Weights } from '../../../../network/architecture.ts';
import { failureText, InputError } from '../../failures.ts';
import type { FinetuneWords } from '../demo-page.ts';
import { element } from '../dom.ts';
import { downloadNetwork, readNetwork } from './weight-files.ts';

interface Network {
  readonly architecture: Architecture;
  /** Null before anything is taught. */
  readonly weights: Weights | null;
}

/** @param network that of the moment @param onUpload the reader has brought weights that fit it */
export function createWeightsPanel(
  { lang, t }: FinetuneWords,
  network: () => Network,
  onUpload: (weights: Weights) => void,
) {
  const upload = element<HTMLInputElement>('upload');
  const say = (text: string) => (element('weights-message').textContent = text);

  async function keep(): Promise<void> {
    const { architecture, weights } = network();
    if (!weights) {
      say(t('nothingTaught'));
      return;
    }
    try {
      await keepNetwork(MINE, { architecture, weights });
      say(t('kept'));
      element('use').hidden = false;
    } catch {
      say(t('keepFailed'));
    }
  }

  async function read(files: File[]): Promise<void> {
    try {
      onUpload(await readNetwork(network().architecture, files));
      say(t('uploaded', { name: files.map(({ name }) => name).join(', ') }));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      say(failureText(lang, error));
    }
  }

  element('keep').addEventListener('click', () => void keep());
  element('download').addEventListener('click', () => {
    const { architecture, weights } = network();
    if (weights) downloadNetwork(architecture, weights);
    else say(t('nothingTaught'));
  });
  upload.addEventListener('change', () => {
    const files = [...(upload.files ?? [])];
    upload.value = '';
    if (files.length) void read(files);
  });
  void isKept(MINE).then((kept) => (element('use').hidden = !kept));

  return {
    /** Shows what can be done. @param busy a lesson is under way */
    show(busy: boolean): void {
      const { weights } = network();
      for (const id of ['keep', 'download']) element<HTMLButtonElement>(id).disabled = !weights;
      upload.disabled = busy;
      element('own-weights').hidden = !weights;
    },
    clear: () => void say(''),
  };
}
