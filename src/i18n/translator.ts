import { languages, type Lang } from './languages.ts';

/** A text, or one for each number category of the language, chosen by the value `n`. */
type Text = string | ({ readonly other: string } & Partial<Record<Intl.LDMLPluralRule, string>>);
type Words = Readonly<Record<string, Text>>;
export type Values = Record<string, string | number>;

/** What another language must have for a part of the English words: a missing or a superfluous key is a type error. */
export type WordsOf<English> = Readonly<Record<keyof English, Text>>;

/**
 * Every language's version of a part.
 * @param modules by path, as `import.meta.glob('./*\/part.ts', { eager: true, import: 'default' })` finds them
 */
export const byLanguage = <Part>(modules: Readonly<Record<string, Part>>): Readonly<Record<Lang, Part>> =>
  Object.fromEntries(Object.entries(modules).map(([path, part]) => [path.split('/')[1], part])) as Record<
    Lang,
    Part
  >;

/**
 * Makes `t(lang, key, values?)` from a part's words in all languages. `{name}` in a text is replaced by `values.name`.
 * Each part has a translator of its own, so that a script ships only the texts it shows.
 * The translator throws an Error naming the file and the key where a language has no words for it.
 *
 * @example
 * // en/greetings.ts: export default { hello: 'Hello, {name}' };
 * const t = translator(import.meta.glob<typeof en>('./*\/greetings.ts', { eager: true, import: 'default' }));
 * t('en', 'hello', { name: 'reader' }); // 'Hello, reader'
 */
export function translator<Part extends Words>(modules: Readonly<Record<string, Part>>) {
  const words = byLanguage(modules);
  return (lang: Lang, key: keyof Part & string, values: Values = {}): string => {
    const text: Text | undefined = words[lang][key];
    if (text === undefined) {
      const [path = ''] = Object.keys(modules);
      throw new Error(`src/i18n/${path.replace(/^\.\/[^/]+/, lang)} has no words for "${key}".`);
    }
    const form =
      typeof text === 'string'
        ? text
        : (text[new Intl.PluralRules(languages[lang].tag).select(Number(values['n']))] ?? text.other);
    return form.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
}
