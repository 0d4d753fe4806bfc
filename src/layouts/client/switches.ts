/** Behaviour of the switches in the header. */

const root = document.documentElement;
const systemTheme = () => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');

const bars = [...document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')].map((meta) => ({
  meta,
  theme: meta.media.includes('dark') ? 'dark' : 'light',
  colour: meta.content,
}));

/** The browser's own bars take the colour of the theme that is shown, not of the system's. */
function paintBars(): void {
  const chosen = root.dataset['theme'];
  for (const { meta, theme } of bars) {
    meta.content = bars.find((each) => each.theme === (chosen ?? theme))!.colour;
  }
}
paintBars();

/** Takes over what was chosen on another page. */
function followTheme(): void {
  try {
    const theme = localStorage.getItem('theme');
    if (theme === 'light' || theme === 'dark') root.dataset['theme'] = theme;
    else delete root.dataset['theme'];
  } catch {
    return; // Storage is blocked: the choice holds for its page alone.
  }
  paintBars();
}
window.addEventListener('storage', ({ key }) => {
  if (key === 'theme' || key === null) followTheme();
});
// The browser may bring a page back as it was left.
window.addEventListener('pageshow', ({ persisted }) => {
  if (persisted) followTheme();
});

document.querySelector('#theme-switch')?.addEventListener('click', () => {
  const next = (root.dataset['theme'] ?? systemTheme()) === 'dark' ? 'light' : 'dark';
  // Back at the system's setting, follow the system again.
  const chosen = next === systemTheme() ? undefined : next;
  if (chosen === undefined) delete root.dataset['theme'];
  else root.dataset['theme'] = chosen;
  try {
    if (chosen === undefined) localStorage.removeItem('theme');
    else localStorage.setItem('theme', chosen);
  } catch {
    // Storage is blocked: the choice holds for this page.
  }
  paintBars();
});

/** The last numbered heading above the fold: where the reader is. */
function currentAnchor(): string {
  let anchor = '';
  for (const heading of document.querySelectorAll<HTMLElement>('main :is(h2, h3)[id], main figure[id]')) {
    if (heading.getBoundingClientRect().top > innerHeight / 3) break;
    anchor = `#${heading.id}`;
  }
  return anchor;
}

/** The language switch keeps the place and whatever view the reader has set up in the URL. */
document.querySelector<HTMLAnchorElement>('#language-switch')?.addEventListener('click', (event) => {
  const link = event.currentTarget as HTMLAnchorElement;
  link.search = location.search;
  link.hash = currentAnchor();
});

/** A link to something that is folded opens it. */
function unfold(): void {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target instanceof HTMLDetailsElement) target.open = true;
}
addEventListener('hashchange', unfold);
unfold();

const dialog = document.querySelector<HTMLDialogElement>('#search');
async function openSearch(): Promise<void> {
  if (!dialog || dialog.open) return;
  const search = await import('./search.ts').catch(() => null);
  if (search) {
    search.openSearch(dialog);
    return;
  }
  dialog.querySelector('[role=status]')!.textContent = dialog.dataset['failed'] ?? '';
  dialog.showModal();
}
document.querySelector('#search-open')?.addEventListener('click', () => void openSearch());
document.addEventListener('keydown', (event) => {
  const writing = (event.target as Element).closest('input, textarea, select, [contenteditable]');
  if (event.key === '/' && !writing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    void openSearch();
  }
});
