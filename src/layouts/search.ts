/** The search dialog: its index and its logic are loaded when it is first opened. */
import type { Lang } from '../i18n/languages.ts';
import { asset, pageHref } from '../i18n/paths.ts';
import { search as t } from '../i18n/search.ts';
import { find, type Entry } from './find.ts';

let index: Promise<Entry[]> | undefined;

/** The entries of a language; a failed attempt is forgotten, so that the next one tries again. */
function load(lang: Lang): Promise<Entry[]> {
  index ??= fetch(asset(`/search.${lang}.json`)).then((response) => {
    if (!response.ok) throw new Error(`${response.status}`);
    return response.json() as Promise<Entry[]>;
  });
  index.catch(() => (index = undefined));
  return index;
}

export function openSearch(dialog: HTMLDialogElement): void {
  const lang: Lang = dialog.dataset['lang'] === 'en' ? 'en' : 'zh';
  const input = dialog.querySelector('input')!;
  const list = dialog.querySelector('ol')!;
  const status = dialog.querySelector('[role=status]')!;

  async function show(): Promise<void> {
    const query = input.value;
    let entries: Entry[];
    try {
      entries = await load(lang);
    } catch {
      status.textContent = t(lang, 'failed');
      return;
    }
    // A later keystroke may have overtaken the loading.
    if (query !== input.value) return;
    const hits = find(entries, query);
    status.textContent =
      query.trim() === '' ? '' : t(lang, hits.length === 0 ? 'nothing' : 'found', { n: hits.length });
    list.replaceChildren(
      ...hits.map(({ anchor, title, snippet }) => {
        const item = document.createElement('li');
        const link = document.createElement('a');
        link.href = `${pageHref(lang, '/')}#${anchor}`;
        const heading = document.createElement('strong');
        heading.textContent = title;
        const text = document.createElement('span');
        for (const [part, match] of snippet) {
          const node = match ? document.createElement('mark') : document.createElement('span');
          node.textContent = part;
          text.append(node);
        }
        link.append(heading, text);
        item.append(link);
        return item;
      }),
    );
  }

  if (!dialog.dataset['ready']) {
    dialog.dataset['ready'] = '';
    input.addEventListener('input', () => void show());
    dialog.addEventListener('keydown', (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step === undefined) return;
      event.preventDefault();
      const stops: HTMLElement[] = [input, ...list.querySelectorAll('a')];
      const at = stops.indexOf(document.activeElement as HTMLElement);
      stops[Math.min(stops.length - 1, Math.max(0, at + step))]?.focus();
    });
    dialog.addEventListener('click', (event) => {
      // Beside the dialog, or on a hit: done.
      if (event.target === dialog || (event.target as Element).closest('a')) dialog.close();
    });
  }
  dialog.showModal();
  input.select();
  void show();
}
