/** Which network answers, in how many bytes it comes, and how far it has come. */
import { keptNetwork, MINE } from '../../../../engines/web/kept-networks.ts';
import { modelBytes, type ModelSource, type Notice } from '../../../../engines/web/protocol.ts';
import { megabytes } from '../../../../i18n/format.ts';
import { type DrawWords, selectedName, showDescription } from '../demo-page.ts';
import { element } from '../dom.ts';

interface ModelListener {
  /** Another model, or another size of it, is chosen. */
  onChoice(): void;
  /** It is to be loaded now. */
  onLoad(): void;
  /** The address names a model that does not exist. */
  onUnknown(sentence: string): void;
}

/** @param wanted id of the model to begin with, if there is one */
export function createModelPanel(
  root: ParentNode,
  { lang, t }: DrawWords,
  published: readonly ModelSource[],
  wanted: string | null,
  { onChoice, onLoad, onUnknown }: ModelListener,
) {
  const models = [...published];
  const select = element<HTMLSelectElement>('model-select');
  const light = element<HTMLInputElement>('light');
  const progress = element<HTMLProgressElement>('progress');

  const selected = (): ModelSource => models.find(({ id }) => id === select.value) ?? models[0]!;

  function model(): ModelSource {
    const whole = selected();
    return whole.light && light.checked ? { ...whole, ...whole.light } : whole;
  }

  function show(): void {
    const { id, light: small } = selected();
    const size = (files: Pick<ModelSource, 'files'>) => ({ size: megabytes(lang, modelBytes(files)) });
    element('light-row').hidden = !small;
    if (small) element('light-text').textContent = t('light', size(small));
    showDescription(root, id);
    element('load').textContent = t('load', size(model()));
  }

  function choose(): void {
    show();
    onChoice();
  }

  /** Offers the network that the reader has taught, if there is one, below the published ones. */
  async function offerOwn(): Promise<void> {
    const own = await keptNetwork(MINE).catch(() => null);
    if (!own) return;
    const { architecture, className } = own;
    const named = className === undefined ? {} : { className };
    const nowhere = { url: '', topology: '', files: {}, known: null };
    models.push({ ...nowhere, ...named, id: MINE, kept: MINE, architecture });
    const option = new Option(t('ownModel'), MINE, false, wanted === MINE);
    option.dataset['name'] = t('ownModel');
    select.add(option);
    if (wanted === MINE) choose();
  }

  // Where every megabyte is waited for or paid, the reader need not ask.
  light.checked ||= isSlow();
  if (models.some(({ id }) => id === wanted)) select.value = wanted!;
  for (const control of [select, light]) control.addEventListener('change', choose);
  for (const button of root.querySelectorAll<HTMLButtonElement>('button[data-model]')) {
    button.addEventListener('click', () => {
      select.value = button.dataset['model']!;
      choose();
      // The button has gone with its sentence; the next one says how to come back.
      root.querySelector<HTMLElement>('[data-about]:not([hidden]) button')?.focus();
    });
  }
  element('load').addEventListener('click', onLoad);
  show();
  void offerOwn().then(() => {
    if (wanted === null || models.some(({ id }) => id === wanted)) return;
    onUnknown(t('unknownModel', { id: wanted, name: selectedName(select) }));
  });

  return {
    /** The model that is selected, in the size that is wanted. */
    get model() {
      return model();
    },
    showLoading: () => void (element('load').hidden = true),

    /** @returns what is being done, in words */
    showNotice(notice: Notice): string {
      element('progress-row').hidden = false;
      if (notice.type === 'choosing') progress.removeAttribute('value');
      else progress.value = notice.loaded / notice.total;
      const text = noticeText({ lang, t }, notice);
      element('progress-text').textContent = text;
      return text;
    },

    showLoaded(loaded: boolean): void {
      element('load').hidden = loaded;
      element('progress-row').hidden = true;
    },
  };
}

/** What is being done before the first answer, in words. */
export const noticeText = ({ lang, t }: DrawWords, notice: Notice): string =>
  notice.type === 'choosing'
    ? t('choosing')
    : t('loading', { loaded: megabytes(lang, notice.loaded), total: megabytes(lang, notice.total) });

/** Whether the connection is slow or the reader saves data, as far as the browser reveals it. */
function isSlow(): boolean {
  const { connection } = navigator as Navigator & {
    connection?: { saveData: boolean; effectiveType: string };
  };
  return (
    connection !== undefined && (connection.saveData || /^(slow-2g|2g|3g)$/.test(connection.effectiveType))
  );
}
