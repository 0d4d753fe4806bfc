import type { Lang } from './languages.ts';

export type Values = Record<string, string | number>;

/**
 * Makes `t(lang, key, values?)` from a dictionary with the same keys in both languages; a missing key is a type
 * error. `{name}` in a text is replaced by `values.name`. Each part of the site has a dictionary of its own, so
 * that a script ships only the texts it shows.
 *
 * @example
 * const t = translator({ zh: { hello: '你好，{name}' }, en: { hello: 'Hello, {name}' } });
 * t('en', 'hello', { name: 'reader' }); // 'Hello, reader'
 */
export function translator<K extends string>(texts: Record<Lang, Record<K, string>>) {
  return (lang: Lang, key: K, values: Values = {}): string =>
    texts[lang][key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
