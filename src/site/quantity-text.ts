/** Quantities as texts: read from the report's text, and written as the site writes them. Pure. */
import type { Lang } from '../i18n/languages.ts';
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

const words: Record<
  Lang,
  { minutes: string; seconds: string; hours: string; points: string; perSecond: string }
> = {
  zh: { hours: ' 小时', minutes: ' 分', seconds: ' 秒', points: ' 个百分点', perSecond: ' 张/秒' },
  en: { hours: ' h', minutes: ' min', seconds: ' s', points: ' points', perSecond: ' images/s' },
};

/** A duration in its two largest units: `7.4 s`, `5 min 35 s`, `2 h 14 min`. */
export function formatSeconds(seconds: number, lang: Lang): string {
  const { hours, minutes, seconds: unit } = words[lang];
  if (seconds < 100) return `${seconds.toFixed(1)}${unit}`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)}${minutes} ${whole % 60}${unit}`;
  const rounded = Math.round(whole / 60);
  return `${Math.floor(rounded / 60)}${hours} ${rounded % 60}${minutes}`;
}

const fixed = (value: number, decimals: number): string => value.toFixed(decimals);

const VALUES: Record<QuantityKind, (value: number, decimals: number, lang: Lang) => string> = {
  percent: (value, decimals) => `${(value * 100).toFixed(decimals)}%`,
  fraction: fixed,
  loss: fixed,
  rate: fixed,
  setting: (value) => (value > 0 && value < 1e-3 ? value.toExponential() : String(value)),
  seconds: (value, _, lang) => formatSeconds(value, lang),
  count: (value) => value.toLocaleString('en'),
  points: (value, decimals, lang) => `${value.toFixed(decimals).replace('-', '−')}${words[lang].points}`,
  megabytes: (value, decimals) => `${value.toFixed(decimals)} MB`,
  imagesPerSecond: (value, _, lang) => `${Math.round(value).toLocaleString('en')}${words[lang].perSecond}`,
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
  `${formatValue(low, kind, lang, decimals).replace('%', '')}–${formatValue(high, kind, lang, decimals)}`;

/** With a true minus sign; a difference that rounds to zero has no sign. */
function signed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  return Number(text) === 0 ? '0' : `${value < 0 ? '−' : '+'}${text}`;
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
      return `${signed(difference * 100, decimals)}${words[lang].points}`;
    case 'points':
      return `${signed(difference, decimals)}${words[lang].points}`;
    case 'count':
      return signed(difference, 0);
    case 'setting':
      return signed(difference, 4).replace(/\.?0+$/, '') || '0';
    case 'seconds':
    case 'imagesPerSecond': {
      const ratio = reproduced / reference;
      return `×${ratio.toFixed(ratio >= 10 ? 0 : 2)}`;
    }
    default:
      return signed(difference, decimals);
  }
}
