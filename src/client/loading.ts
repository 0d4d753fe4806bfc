/** Loading parts of a page only when they are needed, once, and again after a failure. */
import type { Lang } from '../i18n/languages.ts';
import { site as t } from '../i18n/site.ts';

/** Loads something once for all who ask for it; after a failure the next one to ask starts again. */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | null = null;
  return () =>
    (loading ??= load().catch((error: unknown) => {
      loading = null;
      throw error;
    }));
}

/** Calls back for each element that comes within so many pixels of the window, the first time that it does. */
export function whenNear(
  elements: Iterable<HTMLElement>,
  pixels: number,
  then: (element: HTMLElement) => void,
): void {
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { isIntersecting, target } of entries) {
        if (!isIntersecting) continue;
        observer.unobserve(target);
        then(target as HTMLElement);
      }
    },
    { rootMargin: `${pixels}px` },
  );
  for (const element of elements) observer.observe(element);
}

/** Shows what failed, with a button that tries again. */
export function showFailure(place: Element, lang: Lang, text: string, retry: () => void): void {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button';
  button.textContent = t(lang, 'retry');
  button.addEventListener('click', retry);
  place.replaceChildren(text, ' ', button);
}
