import type { History } from '../../artifacts/schema.ts';
import type { Lang } from '../../i18n/languages.ts';

/** What the log of one epoch is written from; a part of history.json. */
export type LogHistory = Pick<History, 'stepsPerEpoch' | 'epochs' | 'batches'>;

const percent = (value: number, digits: number) => `${(value * 100).toFixed(digits)}%`;

/** One epoch of a run's history, line by line in the manner of the report's log. */
export function epochLog({ stepsPerEpoch, epochs, batches }: LogHistory, epoch: number, lang: Lang): string {
  const summary = epochs.find((each) => each.epoch === epoch);
  if (!summary) return '';
  const before = epochs.filter((each) => each.epoch < epoch).map((each) => each.validationAccuracy ?? 0);
  const { validationLoss, validationAccuracy, trainLoss, trainAccuracy, learningRate, seconds } = summary;
  const best = validationAccuracy !== null && before.every((accuracy) => accuracy < validationAccuracy);
  const saved = lang === 'zh' ? '✓ 保存最佳模型, 验证准确率: ' : '✓ Best model saved, validation accuracy: ';
  return [
    `Epoch ${epoch}/${epochs.length}`,
    '-----',
    '',
    ...batches
      .filter((each) => each.epoch === epoch)
      .map(
        ({ batch, loss, accuracy }) =>
          `Batch ${batch}/${stepsPerEpoch} | Loss: ${loss.toFixed(4)} | Acc: ${percent(accuracy, 1)}`,
      ),
    ...(best ? [saved + percent(validationAccuracy, 2)] : []),
    '',
    'Epoch Summary:',
    `Time: ${seconds.toFixed(1)}s`,
    `Train Loss: ${trainLoss.toFixed(4)} | Train Acc: ${percent(trainAccuracy, 2)}`,
    ...(validationLoss === null || validationAccuracy === null
      ? []
      : [`Val Loss: ${validationLoss.toFixed(4)} | Val Acc: ${percent(validationAccuracy, 2)}`]),
    `Learning Rate: ${learningRate.toFixed(6)}`,
  ].join('\n');
}

/** The logged batches of an epoch in figures, or null where there are none. */
export function batchRange({ batches }: LogHistory, epoch: number) {
  const found = batches.filter((each) => each.epoch === epoch);
  if (found.length === 0) return null;
  const losses = found.map(({ loss }) => loss);
  const accuracies = found.map(({ accuracy }) => accuracy);
  return {
    n: found.length,
    low: Math.min(...losses).toFixed(4),
    high: Math.max(...losses).toFixed(4),
    accuracyLow: percent(Math.min(...accuracies), 1),
    accuracyHigh: percent(Math.max(...accuracies), 1),
  };
}
