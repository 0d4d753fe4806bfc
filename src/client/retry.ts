import type { Lang } from '../i18n/languages.ts';
import { site as t } from '../i18n/site.ts';

/** A button that tries again what failed. */
export function retryButton(lang: Lang, retry: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button';
  button.textContent = t(lang, 'retry');
  button.addEventListener('click', retry);
  return button;
}
