/** Numbers, lists and sentences as each language writes them. */
import { languages, type Lang } from './languages.ts';

/** `A, B, C` or `A、B、C`. */
export const list = (lang: Lang, items: readonly string[]): string =>
  new Intl.ListFormat(languages[lang].tag, { style: 'narrow' }).format(items);

/** Clauses of one sentence: `A; B` or `A；B`. */
export const clauses = (lang: Lang, texts: readonly string[]): string =>
  texts.join(languages[lang].betweenClauses);

/** Sentences one after the other; empty ones are left out. */
export const sentences = (lang: Lang, texts: readonly string[]): string =>
  texts.filter(Boolean).join(languages[lang].betweenSentences);

/** A value, or none, which is written as a dash. */
type Maybe = number | null | undefined;

const format = (lang: Lang, value: number, options: Intl.NumberFormatOptions): string =>
  new Intl.NumberFormat(languages[lang].tag, options).format(value).replace('-', '−');

/** Exactly so many decimals. */
const decimals = (digits: number) => ({ minimumFractionDigits: digits, maximumFractionDigits: digits });

/** Rounded as the logs and cards of the runs are: `Intl` rounds some values in the middle otherwise. */
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/**
 * A number with its thousands apart and a true minus sign: `60,000`, `−0.12`.
 * @param digits decimals, for a value that is not whole
 */
export function number(lang: Lang, value: Maybe, digits?: number): string {
  if (value === null || value === undefined) return '–';
  return digits === undefined
    ? format(lang, value, {})
    : format(lang, rounded(value, digits), decimals(digits));
}

/** A difference with its sign; one that is rounded to zero is `0`. */
export function signed(lang: Lang, value: number, digits: number): string {
  const difference = rounded(value, digits);
  return difference === 0 ? '0' : format(lang, difference, { ...decimals(digits), signDisplay: 'always' });
}

/** A share of one in percent: `93.72%`. */
export const percent = (lang: Lang, share: Maybe, digits = 2): string =>
  share === null || share === undefined
    ? '–'
    : format(lang, rounded(100 * share, digits) / 100, { style: 'percent', ...decimals(digits) });

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

/** A file's size in megabytes of a million bytes, a small one's in kilobytes: `6.5 MB`, `14 kB`. */
export const megabytes = (lang: Lang, bytes: number): string =>
  bytes < 100_000
    ? format(lang, bytes / 1e3, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 })
    : format(lang, bytes / 1e6, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 });

/** A duration to the second or, from 100 seconds on, to the minute: `45 sec`, `3 min`. */
export const duration = (lang: Lang, seconds: number): string =>
  format(lang, seconds < 100 ? seconds : seconds / 60, {
    style: 'unit',
    unit: seconds < 100 ? 'second' : 'minute',
    maximumFractionDigits: 0,
  });

/** A p-value as it is usually written: two digits, or the bound below which nobody counts zeros. */
export const pValue = (p: number): string =>
  p < 0.001 ? 'p < 0.001' : p >= 0.995 ? 'p = 1' : `p = ${Number(p.toPrecision(2))}`;
