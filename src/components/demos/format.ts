/** Numbers as the page writes them. */
import { draw as t } from '../../i18n/draw.ts';
import type { Lang } from '../../i18n/languages.ts';

/** Bytes in megabytes of a million, to one digit. */
export const megabytes = (lang: Lang, bytes: number): string =>
  t(lang, 'bytes', { value: new Intl.NumberFormat(lang, { maximumFractionDigits: 1 }).format(bytes / 1e6) });

/** A probability in per cent, to one digit unless told otherwise. */
export const percent = (lang: Lang, share: number, digits = 1): string =>
  new Intl.NumberFormat(lang, {
    style: 'percent',
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(share);

/** Milliseconds, to as many digits as say something. */
export const milliseconds = (lang: Lang, value: number): string =>
  t(lang, 'milliseconds', {
    value: new Intl.NumberFormat(lang, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value),
  });
