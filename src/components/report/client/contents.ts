/** The table of contents follows the reader: the section at the top of the window is the current one. */

const contents = document.querySelector<HTMLElement>('.contents');
const links = [...(contents?.querySelectorAll<HTMLAnchorElement>('ol a') ?? [])];
const headings = links.flatMap((link) => {
  const heading = document.querySelector<HTMLElement>(link.hash);
  return heading ? [{ heading, link }] : [];
});
const details = contents?.querySelector('details');
const current = contents?.querySelector('.current');

let marked: HTMLAnchorElement | undefined;
let waiting = false;

function mark(): void {
  waiting = false;
  // Just below where a link to a section leads, so that the section just chosen is marked, however short it is.
  const line = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) + 32;
  const above = headings.filter(({ heading }) => heading.getBoundingClientRect().top < line);
  const link = above.at(-1)?.link;
  if (link === marked) return;
  marked?.removeAttribute('aria-current');
  link?.setAttribute('aria-current', 'location');
  marked = link;
  if (current) current.textContent = link?.textContent ?? '';
  if (link && contents && contents.scrollHeight > contents.clientHeight) {
    // Keeps the current entry in view within the margin, without moving the page.
    const { offsetTop } = link;
    if (offsetTop < contents.scrollTop || offsetTop > contents.scrollTop + contents.clientHeight - 80) {
      contents.scrollTop = offsetTop - contents.clientHeight / 2;
    }
  }
}

addEventListener(
  'scroll',
  () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(mark);
  },
  { passive: true },
);
mark();

/** Whether the contents are a bar that opens. */
const isBar = (): boolean => Boolean(details?.querySelector('summary')?.getClientRects().length);
contents?.addEventListener('click', (event) => {
  if (isBar() && details && (event.target as Element).closest('a')) details.open = false;
});
document.addEventListener('click', (event) => {
  if (isBar() && details?.open && !contents?.contains(event.target as Node)) details.open = false;
});
