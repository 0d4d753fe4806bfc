/** Numbers and lists as each language writes them. */
import { languages, type Lang } from './languages.ts';

/** `A, B, C`, or `A、B、C`. */
export const list = (lang: Lang, items: readonly string[]): string =>
  new Intl.ListFormat(languages[lang].tag, { style: 'narrow' }).format(items);

/** Sentences one after the other; those that are empty are left out. */
export const sentences = (lang: Lang, texts: readonly string[]): string =>
  texts.filter(Boolean).join(languages[lang].betweenSentences);

/** Clauses of one sentence. */
export const clauses = (lang: Lang, texts: readonly string[]): string =>
  texts.join(languages[lang].betweenClauses);

/** A number with as many decimals as are asked for, and a real minus sign: `−0.12`. */
export const decimal = (lang: Lang, value: number, digits: number): string =>
  new Intl.NumberFormat(languages[lang].tag, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
    .format(value)
    .replace('-', '−');

/** A whole number, its thousands apart: `60,000`. */
export const count = (lang: Lang, value: number): string =>
  new Intl.NumberFormat(languages[lang].tag).format(value);

/** A share of one in percent: `93.72%`. Halves are rounded as `toFixed` rounds them, which the commands use. */
export const percent = (lang: Lang, share: number, digits = 2): string =>
  new Intl.NumberFormat(languages[lang].tag, {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(Number((share * 100).toFixed(digits)) / 100);

/** A large number in three digits with its unit: `2.49 M`, `249 万`. */
export const compact = (lang: Lang, value: number): string =>
  new Intl.NumberFormat(languages[lang].tag, {
    notation: 'compact',
    minimumSignificantDigits: 3,
    maximumSignificantDigits: 3,
  })
    .formatToParts(value)
    .map(({ type, value: part }) => (type === 'compact' ? ` ${part}` : part))
    .join('');

/** A file's size: `6.5 MB`. */
export const megabytes = (lang: Lang, bytes: number): string =>
  new Intl.NumberFormat(languages[lang].tag, {
    style: 'unit',
    unit: 'megabyte',
    maximumFractionDigits: 1,
  }).format(bytes / 1e6);
