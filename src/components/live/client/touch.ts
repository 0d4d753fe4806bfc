/** Scripts of what is computed in the report come at the first touch: until then they cost nothing. */
import { once, showFailure } from '../../../client/loading.ts';
import { languageOf } from '../../../i18n/languages.ts';

/** What a script gives back once it has taken a part of the page over. */
export interface Panel {
  readonly start: () => void;
}

/**
 * Loads a part's script when it is first touched, and begins where its button was pressed meanwhile. Where the script
 * does not arrive, the part's `.status` says so.
 * @returns loads it now; `then` is called once it is there
 */
export function atFirstTouch(
  section: HTMLElement,
  button: string,
  mount: (section: HTMLElement) => Promise<Panel>,
): (then?: (panel: Panel) => void) => void {
  const status = section.querySelector('.status')!;
  const panel = once(() => mount(section));
  const load = (then?: (panel: Panel) => void): void => {
    panel().then(then, () => {
      const { lang, asleep = '' } = section.dataset;
      showFailure(status, languageOf(lang), asleep, () => {
        status.textContent = '';
        load(then);
      });
    });
  };
  for (const touch of ['pointerover', 'focusin'])
    section.addEventListener(touch, () => load(), { once: true });
  section.querySelector(button)!.addEventListener('click', () => load(({ start }) => start()));
  return load;
}
