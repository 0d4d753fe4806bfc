/**
 * Makes figures interactive once they come near the window: the script of a figure is loaded only then. The drawing that
 * was served stays, whatever happens here.
 */
import { showFailure, whenNear } from '../../../client/loading.ts';
import { languageOf } from '../../../i18n/languages.ts';
import { site as t } from '../../../i18n/site.ts';
import type { FigureMount } from './figure.ts';

/** By path; the name of the file is the name of the script in the table of figures. */
const scripts = import.meta.glob<{ mount: FigureMount }>('./figures/*.ts');

async function load(figure: HTMLElement): Promise<void> {
  const script = scripts[`./figures/${figure.dataset['chart']}.ts`];
  const loaded = await Promise.all([import('./downloads.ts'), import('./figure.ts'), script?.()]).catch(
    () => null,
  );
  if (loaded) {
    const [{ installDownloads }, { partsOf }, module] = loaded;
    installDownloads(figure);
    module?.mount(partsOf(figure));
    figure.dataset['awake'] = '';
    return;
  }
  const lang = languageOf(figure.dataset['lang']);
  const message = document.createElement('p');
  message.className = 'asleep';
  message.setAttribute('role', 'alert');
  showFailure(message, lang, t(lang, 'asleep'), () => {
    message.remove();
    void load(figure);
  });
  figure.querySelector('.body')?.append(message);
}

whenNear(document.querySelectorAll<HTMLElement>('figure.chart'), 300, (figure) => void load(figure));
