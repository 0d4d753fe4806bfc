/** Loads the script of the check at its first touch, and passes on what was asked for meanwhile. */
import { once, showFailure } from '../../../client/loading.ts';
import { languageOf } from '../../../i18n/languages.ts';

const section = document.querySelector<HTMLElement>('#check')!;
const status = section.querySelector('.status')!;
const select = section.querySelector('select')!;

const panel = once(async () => (await import('./check-panel.ts')).mount(section));

function load(then?: (panel: { start: () => void }) => void): void {
  panel().then(then, () => {
    const { lang, asleep = '' } = section.dataset;
    showFailure(status, languageOf(lang), asleep, () => {
      status.textContent = '';
      load(then);
    });
  });
}

for (const touch of ['pointerover', 'focusin']) section.addEventListener(touch, () => load(), { once: true });
section
  .querySelector('[data-testid=verify-start]')!
  .addEventListener('click', () => load(({ start }) => start()));
document.addEventListener('click', ({ target }) => {
  const id = (target as Element).closest<HTMLElement>('[data-check]')?.dataset['check'];
  if (id === undefined) return;
  if (!select.disabled) select.value = id;
  load(() => select.dispatchEvent(new Event('change')));
  section.scrollIntoView();
  section.querySelector<HTMLElement>('[data-testid=verify-start]')!.focus({ preventScroll: true });
});
