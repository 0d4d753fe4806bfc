/** What both demos have in common: language and data of the page, its models, its backend. */
import { isWebBackend } from '../../../engines/backends.ts';
import { keep, serveOffline } from '../../../engines/web/offline.ts';
import type { Chosen } from '../../../engines/web/protocol.ts';
import { type draw, failures } from '../../../i18n/demos.ts';
import type { finetune } from '../../../i18n/finetune.ts';
import { languageOf, type Lang } from '../../../i18n/languages.ts';
import { asset } from '../../../i18n/paths.ts';
import type { Values } from '../../../i18n/translator.ts';
import { element } from './dom.ts';

/** The page's language, and its texts in it. */
export interface Words<Key extends string> {
  readonly lang: Lang;
  readonly t: (key: Key, values?: Values) => string;
}

export type DrawWords = Words<Parameters<typeof draw>[1]>;
export type FinetuneWords = Words<Parameters<typeof finetune>[1]>;

export const wordsIn = <Key extends string>(
  lang: Lang,
  texts: (lang: Lang, key: Key, values?: Values) => string,
): Words<Key> => ({ lang, t: (key, values) => texts(lang, key, values) });

/** Reads the data that the build has put into the page, and the parameters of its address. */
export function readPage<S>({ dataset }: HTMLElement) {
  const parameters = new URLSearchParams(location.search);
  const backend = parameters.get('backend');
  return {
    lang: languageOf(dataset['lang']),
    setup: JSON.parse(dataset['setup']!) as S,
    parameters,
    /** The backend that the address names; null for the best. */
    backend: isWebBackend(backend) ? backend : null,
  };
}

/** Shows what is said of this model, and its details, in place of any other's. */
export function showDescription(root: ParentNode, model: string): void {
  for (const text of root.querySelectorAll<HTMLElement>('[data-about], [data-details]')) {
    text.hidden = (text.dataset['about'] ?? text.dataset['details']) !== model;
  }
}

/** The name of the model that is selected. */
export const selectedName = (select: HTMLSelectElement): string =>
  select.selectedOptions[0]!.dataset['name']!;

/** From the next visit on the page works without a network. @param files what the engine's worker has loaded */
export async function stayUsable(files: readonly string[]): Promise<void> {
  if (!import.meta.env.PROD) return;
  // Not waited for: a server that is silent holds it up for as long.
  void serveOffline(asset('/sw.js'), asset('/'));
  await keep(files);
}

/** Shows where it is computed, and what was skipped because it did not answer. */
export function showBackend(lang: Lang, { name, device, passedOver }: Chosen): void {
  const place = element('backend');
  if (place.dataset['backend'] === name) return;
  place.dataset['backend'] = name;
  const silent = passedOver.filter((other) => other.silent).map((other) => other.name);
  place.textContent = [
    name,
    device && `(${device})`,
    silent.length && failures(lang, 'silentBackend', { name: silent.join(', ') }),
  ]
    .filter(Boolean)
    .join(' ');
}
