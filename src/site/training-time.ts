/** What trainings took. Pure. */
import { median, sum } from 'd3';
import type { Lang } from '../i18n/languages.ts';
import { improvements as t } from '../i18n/report.ts';
import { formatSeconds } from './quantity-text.ts';
import { onCpu } from './result-table.ts';
import type { PublishedRun } from './runs.ts';

/** Seconds, by what they were spent on: those of a GPU do not compare with those of a CPU. */
export interface TrainingTime {
  cpu: number;
  gpu: number;
}

/** Seconds of epochs, each counted as the median one: other work slowed single epochs, or stopped them for a while. */
export const secondsAtMedian = (epochs: PublishedRun['history']['epochs']): number =>
  epochs.length * median(epochs, ({ seconds }) => seconds)!;

/** Of the training of these runs, every epoch counted as its run's median one. */
export function trainingTime(networks: readonly PublishedRun[]): TrainingTime {
  const seconds = ({ history }: PublishedRun): number => secondsAtMedian(history.epochs);
  return {
    cpu: sum(networks, (run) => (onCpu(run.metrics) ? seconds(run) : 0)),
    gpu: sum(networks, (run) => (onCpu(run.metrics) ? 0 : seconds(run))),
  };
}

/** These runs and all published ones that they learned from, each once. */
export function sourcesOf(networks: readonly PublishedRun[], runs: readonly PublishedRun[]): PublishedRun[] {
  const seen = new Set<PublishedRun>();
  const waiting = [...networks];
  for (let run = waiting.pop(); run; run = waiting.pop()) {
    if (seen.has(run)) continue;
    seen.add(run);
    const sources = Object.keys(run.metrics.sources ?? {});
    waiting.push(...runs.filter(({ id }) => sources.includes(id)));
  }
  return [...seen];
}

/** `1 h 52 min`, `GPU 8 min 40 s`, or both: `CPU 1 h 52 min`, `GPU 8 min 40 s` */
export function timeParts({ cpu, gpu }: TrainingTime, lang: Lang): string[] {
  if (gpu === 0) return [formatSeconds(cpu, lang)];
  const onGpu = t(lang, 'onGpu', { time: formatSeconds(gpu, lang) });
  return cpu === 0 ? [onGpu] : [t(lang, 'onCpu', { time: formatSeconds(cpu, lang) }), onGpu];
}
