/**
 * The address holds what a reader has chosen, one parameter per figure: `?fig-2=epoch-12_range-late`. Unknown or broken
 * parts are ignored, so that a mangled link shows the default view.
 */

/** A figure's choices, by name; names and values hold letters, digits, `.` and `+` at most. */
export type View = Record<string, string>;

/** @example parseView('epoch-12_range-late') // { epoch: '12', range: 'late' } */
export function parseView(text: string | null): View {
  const view: View = {};
  for (const part of (text ?? '').split('_')) {
    const match = /^([a-z]+)-([\w.+-]*)$/i.exec(part);
    if (match) view[match[1]!] = match[2]!;
  }
  return view;
}

/** Inverse of {@link parseView}; choices that are undefined, the defaults, are left out. */
export const formatView = (view: Record<string, string | undefined>): string =>
  Object.entries(view)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}-${value}`]))
    .join('_');

export function integerIn(text: string | undefined, low: number, high: number, fallback: number): number {
  const value = /^\d+$/.test(text ?? '') ? Number(text) : NaN;
  return value >= low && value <= high ? value : fallback;
}

export const oneOf = <T extends string>(text: string | undefined, allowed: readonly T[], fallback: T): T =>
  allowed.find((value) => value === text) ?? fallback;

/** Safari takes 100 new addresses in 30 seconds, fewer than a slider gives, and then throws. */
const RETRY_MILLISECONDS = 10_000;
/** An address that the browser did not take yet. */
let pending: { readonly url: URL; readonly timer: ReturnType<typeof setTimeout> } | null = null;

const currentUrl = (): URL => new URL(pending?.url ?? location.href);

/** The choices that the address holds for a figure. */
export const readView = (figure: string): View => parseView(currentUrl().searchParams.get(figure));

/** Puts a figure's choices into the address, without a new entry in the history. */
export function writeView(figure: string, view: Record<string, string | undefined>): void {
  const url = currentUrl();
  const text = formatView(view);
  if (text === '') url.searchParams.delete(figure);
  else url.searchParams.set(figure, text);
  replaceAddress(url);
}

function replaceAddress(url: URL): void {
  clearTimeout(pending?.timer);
  pending = null;
  try {
    if (url.href !== location.href) history.replaceState(history.state, '', url);
  } catch {
    pending = { url, timer: setTimeout(replaceAddress, RETRY_MILLISECONDS, url) };
  }
}
