/** Quantities as texts: read from the report's text, and written as the site writes them. Pure. */
import { number, percent, signed } from '../i18n/format.ts';
import type { Lang } from '../i18n/languages.ts';
import { report as t } from '../i18n/report.ts';
import type { Interval, QuantityKind } from './quantities.ts';

/**
 * The number in a piece of the report's text, in the unit of its kind: `93.81%` is 0.9381 of kind percent,
 * `5 分 35 秒` is 335 of kind seconds. Used to check the text against reported.json.
 */
export function numberIn(text: string, kind: QuantityKind): number {
  const minutes = /^(\d+)\s*(?:分|min)\s*(\d+)\s*(?:秒|s)$/.exec(text.trim());
  if (minutes) return 60 * Number(minutes[1]) + Number(minutes[2]);
  const number = Number(/\d[\d,.]*(?:e-?\d+)?/.exec(text)?.[0].replaceAll(',', ''));
  return kind === 'percent' ? number / 100 : number;
}

/** Decimal places of the number in a piece of text. */
export const decimalsIn = (text: string): number => /\.(\d+)/.exec(text)?.[1]?.length ?? 0;

/** A duration in its two largest units: `7.4 s`, `5 min 35 s`, `2 h 14 min`. */
export function formatSeconds(seconds: number, lang: Lang): string {
  if (seconds < 100) return t(lang, 'seconds', { n: number(lang, seconds, 1) });
  const whole = Math.round(seconds);
  if (whole < 3600) return t(lang, 'minutes', { minutes: Math.floor(whole / 60), seconds: whole % 60 });
  const rounded = Math.round(whole / 60);
  return t(lang, 'hours', { hours: Math.floor(rounded / 60), minutes: rounded % 60 });
}

const fixed = (value: number, decimals: number, lang: Lang): string => number(lang, value, decimals);
const points = (lang: Lang, n: string): string => t(lang, 'points', { n });

const VALUES: Record<QuantityKind, (value: number, decimals: number, lang: Lang) => string> = {
  percent: (value, decimals, lang) => percent(lang, value, decimals),
  fraction: fixed,
  loss: fixed,
  rate: fixed,
  setting: (value) => (value > 0 && value < 1e-3 ? value.toExponential() : String(value)),
  seconds: (value, _, lang) => formatSeconds(value, lang),
  count: (value, _, lang) => number(lang, value),
  points: (value, decimals, lang) => points(lang, number(lang, value, decimals)),
  megabytes: (value, decimals, lang) => `${number(lang, value, decimals)} MB`,
  imagesPerSecond: (value, _, lang) => t(lang, 'perSecond', { n: number(lang, value, 0) }),
};

/** A value as the site writes it. `decimals` is for kinds whose precision the report's text decides. */
export const formatValue = (value: number, kind: QuantityKind, lang: Lang, decimals: number): string =>
  VALUES[kind](value, decimals, lang);

/** `93.75–94.66%`: the unit once. */
export const intervalText = (
  [low, high]: Interval,
  kind: QuantityKind,
  lang: Lang,
  decimals: number,
): string =>
  `${formatValue(low, kind, lang, decimals).replace(/\s*%/, '')}–${formatValue(high, kind, lang, decimals)}`;

/** The interval of a difference: `−0.16 … +1.16 points`, the unit once. */
export function differenceRange(
  [low, high]: Interval,
  kind: QuantityKind,
  lang: Lang,
  decimals: number,
): string {
  const scale = kind === 'percent' ? 100 : 1;
  const range = [low, high].map((end) => signed(lang, scale * end, decimals)).join(' … ');
  return kind === 'percent' || kind === 'points' ? points(lang, range) : range;
}

/** The signed difference of two values, or how many times as long or as fast. */
export function formatDifference(
  reproduced: number,
  reference: number,
  kind: QuantityKind,
  lang: Lang,
  decimals: number,
): string {
  const difference = reproduced - reference;
  switch (kind) {
    case 'percent':
      return points(lang, signed(lang, difference * 100, decimals));
    case 'points':
      return points(lang, signed(lang, difference, decimals));
    case 'count':
      return signed(lang, difference, 0);
    case 'setting':
      return signed(lang, difference, 4).replace(/\.?0+$/, '') || '0';
    case 'seconds':
    case 'imagesPerSecond': {
      const ratio = reproduced / reference;
      return `×${number(lang, ratio, ratio >= 10 ? 0 : 2)}`;
    }
    default:
      return signed(lang, difference, decimals);
  }
}
