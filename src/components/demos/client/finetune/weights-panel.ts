/** What can be done with the network that was taught: keep it in the browser, take it along, bring it back. */
import { isKept, keepNetwork, MINE } from '../../../../engines/web/kept-networks.ts';
import type { ModelSource } from '../../../../engines/web/protocol.ts';
import { classNames } from '../../../../i18n/site.ts';
import { architectureOf } from '../../../../network/architecture.ts';
import { failureText, InputError } from '../../failures.ts';
import type { FinetuneWords } from '../demo-page.ts';
import { element } from '../dom.ts';
import type { Taught } from './lesson-control.ts';
import { downloadNetwork, readNetwork } from './weight-files.ts';

/**
 * @param taught the reader's network; null before there is one
 * @param model the published network whose shapes a file must have
 */
export function createWeightsPanel(
  { lang, t }: FinetuneWords,
  taught: () => Taught | null,
  model: () => ModelSource,
  onUpload: (taught: Taught) => void,
) {
  const upload = element<HTMLInputElement>('upload');
  const say = (text: string) => (element('weights-message').textContent = text);
  const architecture = ({ model, weights }: Taught) => architectureOf(model.architecture, weights);

  async function keep(): Promise<void> {
    const own = taught();
    if (!own) return;
    const { weights, className } = own;
    try {
      await keepNetwork(MINE, {
        architecture: architecture(own),
        weights,
        ...(className !== null && { className }),
      });
      say(t('kept'));
      element('use').hidden = false;
    } catch {
      say(t('keepFailed'));
    }
  }

  async function read(files: File[]): Promise<void> {
    try {
      const source = model();
      onUpload({ model: source, ...(await readNetwork(source.architecture, files)) });
      say(t('uploaded', { name: files.map(({ name }) => name).join(', ') }));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      say(failureText(lang, error));
    }
  }

  element('keep').addEventListener('click', () => void keep());
  element('download').addEventListener('click', () => {
    const own = taught();
    if (!own) return;
    const names = [...classNames(lang), ...(own.className === null ? [] : [own.className])];
    void downloadNetwork(architecture(own), own.weights, names);
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
      for (const id of ['keep', 'download']) element<HTMLButtonElement>(id).disabled = !taught();
      upload.disabled = busy;
    },
    clear: () => void say(''),
  };
}
