/** The search dialog: it is loaded when it is first opened, and looks through the page of the report itself. */
import { once } from '../../client/loading.ts';
import { languageOf, type Lang } from '../../i18n/languages.ts';
import { pageHref } from '../../i18n/paths.ts';
import { site as t } from '../../i18n/site.ts';
import { entriesOf } from './search-entries.ts';
import { find, type Entry } from './full-text-search.ts';

const ARTICLE = '.report article';

/** The report's entries, from this page or, where it is another, from the report's. */
async function read(lang: Lang): Promise<Entry[]> {
  const here = document.querySelector(ARTICLE);
  if (here) return entriesOf(here);
  const response = await fetch(pageHref(lang, '/'));
  if (!response.ok) throw new Error(`${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const there = page.querySelector(ARTICLE);
  if (!there) throw new Error('That page is not the report.');
  return entriesOf(there);
}

export function openSearch(dialog: HTMLDialogElement): void {
  const lang = languageOf(dialog.dataset['lang']);
  const input = dialog.querySelector('input')!;
  const list = dialog.querySelector('ol')!;
  const status = dialog.querySelector('[role=status]')!;
  const load = once(() => read(lang));

  async function show(): Promise<void> {
    const query = input.value;
    let entries: Entry[];
    try {
      entries = await load();
    } catch {
      status.textContent = t(lang, 'search.failed');
      return;
    }
    // A later keystroke may have overtaken the loading.
    if (query !== input.value) return;
    const hits = find(entries, query);
    status.textContent =
      query.trim() === ''
        ? ''
        : t(lang, hits.length === 0 ? 'search.nothing' : 'search.found', { n: hits.length });
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
      // The arrows also choose among an input method's candidates.
      if (step === undefined || event.isComposing) return;
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
