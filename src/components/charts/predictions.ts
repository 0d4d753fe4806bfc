/** Figure 3: filtering the test images; client/figures/predictions.ts shows them. */
import type { Prediction } from '../../evaluation/metrics.ts';
import { charts as t } from '../../i18n/charts.ts';
import type { Lang } from '../../i18n/languages.ts';
import { longName, pluralName } from '../../i18n/site.ts';
import { number, percent } from '../../i18n/format.ts';

export interface Filter {
  label: number | null;
  answer: number | null;
  verdict: 'right' | 'wrong' | null;
  order: 'byId' | 'surest' | 'unsurest';
  /** Bounds of the confidence, in percent, both included. */
  from: number;
  to: number;
}

export const NO_FILTER: Filter = {
  label: null,
  answer: null,
  verdict: null,
  order: 'byId',
  from: 0,
  to: 100,
};

/** The images that pass a filter, in its order. */
export function select(predictions: readonly Prediction[], filter: Filter): Prediction[] {
  const found = predictions.filter(({ label, answer, confidence }) => {
    const percent = confidence * 100;
    return (
      (filter.label === null || filter.label === label) &&
      (filter.answer === null || filter.answer === answer) &&
      (filter.verdict === null || (filter.verdict === 'right') === (label === answer)) &&
      percent >= filter.from &&
      percent <= filter.to
    );
  });
  if (filter.order === 'byId') return found;
  const sign = filter.order === 'surest' ? -1 : 1;
  return found.sort((a, b) => sign * (a.confidence - b.confidence) || a.id - b.id);
}

export function describePrediction({ id, label, answer, confidence }: Prediction, lang: Lang): string {
  return t(lang, label === answer ? 'imageRight' : 'imageWrong', {
    id,
    label: longName(label, lang),
    answer: longName(answer, lang),
    confidence: percent(lang, confidence, 1),
  });
}

export function describeSelection(found: number, { label, answer }: Filter, lang: Lang): string {
  const images = t(lang, 'found', { n: found, images: number(lang, found) });
  if (label !== null && answer !== null && label !== answer) {
    return t(lang, 'foundConfusion', {
      found: images,
      true: pluralName(label, lang),
      predicted: pluralName(answer, lang),
    });
  }
  return images;
}
