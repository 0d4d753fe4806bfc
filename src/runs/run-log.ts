/** The log of a run: on the terminal and in a file, in the manner of the report's own (section 5.1). */
import { appendFileSync, statSync, truncateSync } from 'node:fs';
import type { History, Metrics } from '../artifacts/schema.ts';
import type { ActiveBackend } from '../engines/node/choose.ts';
import { UserError, writeFailure } from '../node/errors.ts';
import { duration, percent, ProgressLine } from '../node/terminal.ts';

/** Batches between two that are logged; the report's log prints every fiftieth. */
export const LOGGED_BATCHES = 50;

const RULE = '-----';

/** Writes each line to a file and to the terminal, and a line of progress below them on the terminal alone. */
export class RunLog {
  readonly #path: string;
  readonly #terminal: ProgressLine;

  /** @param length how many bytes of an existing file to keep: a resumed run writes what followed its checkpoint again */
  constructor(path: string, length: number, terminal: NodeJS.WriteStream = process.stdout) {
    // A terminal that is closed, or a pipe that nobody reads any more, must not end a run of hours.
    terminal.on('error', () => {});
    this.#path = path;
    this.#terminal = new ProgressLine(terminal);
    appendFileSync(path, '');
    if (this.length > length) truncateSync(path, length);
  }

  /** Bytes written so far. */
  get length(): number {
    return statSync(this.#path).size;
  }

  /** @throws UserError when the disk is full. */
  line(text = ''): void {
    this.print(text);
    try {
      appendFileSync(this.#path, `${text}\n`);
    } catch (error) {
      throw new UserError(writeFailure(this.#path, error), 1);
    }
  }

  lines(text: readonly string[]): void {
    for (const line of text) this.line(line);
  }

  /** Writes a line to the terminal alone. */
  print(text: string): void {
    this.#terminal.print(text);
  }

  /** @param share of the run, from 0 to 1; @param secondsLeft undefined while nobody can know */
  progress(label: string, share: number, secondsLeft?: number): void {
    this.#terminal.show(share, label, secondsLeft !== undefined && `${duration(secondsLeft)} left`);
  }

  close(): void {
    this.#terminal.clear();
  }
}

/** What is computed on and, where nobody named it, why on nothing faster. */
export const backendLines = ({ name, device, details, passedOver }: ActiveBackend): string[] => [
  `Backend: ${name} on ${device}`,
  ...details.map((detail) => `  ${detail}`),
  ...passedOver.map((other) => `  not ${other.name}: ${other.reason}`),
];

export const epochHeader = (epoch: number, epochs: number): string[] => [
  `Epoch ${epoch}/${epochs}`,
  RULE,
  '',
];

export const batchLine = (batch: number, batches: number, loss: number, accuracy: number): string =>
  `Batch ${batch}/${batches} | Loss: ${loss.toFixed(4)} | Acc: ${percent(accuracy, 1)}`;

/** Loss and accuracy, as the report prints them for each set. */
export const lossLine = (set: string, loss: number, accuracy: number): string =>
  `${set} Loss: ${loss.toFixed(4)} | ${set} Acc: ${percent(accuracy, 2)}`;

export const bestLine = (accuracy: number): string =>
  `✓ Best model saved, validation accuracy: ${percent(accuracy, 2)}`;

/** scikit-learn's table, as the report has it (section 7.2). */
export function reportLines(report: Metrics['report'], names: readonly string[]): string[] {
  const row = (name: string, { precision, recall, f1, support }: Metrics['report']['macro']): string =>
    name.padStart(12) +
    [precision, recall, f1].map((value) => value.toFixed(3).padStart(11)).join('') +
    String(support).padStart(11);
  return [
    ' '.repeat(12) +
      ['precision', 'recall', 'f1-score', 'support'].map((title) => title.padStart(11)).join(''),
    ...report.classes.map((scores, i) => row(names[i] ?? String(i), scores)),
    row('macro avg', report.macro),
    row('weighted avg', report.weighted),
  ];
}

export function epochSummary(figures: Omit<History['epochs'][number], 'epoch' | 'trainSeconds'>): string[] {
  const { validationLoss, validationAccuracy } = figures;
  return [
    '',
    'Epoch Summary:',
    `Time: ${figures.seconds.toFixed(1)}s`,
    lossLine('Train', figures.trainLoss, figures.trainAccuracy),
    validationLoss === null || validationAccuracy === null
      ? 'Val Loss: none, the run trains on all images'
      : lossLine('Val', validationLoss, validationAccuracy),
    `Learning Rate: ${figures.learningRate.toFixed(6)}`,
    '',
    RULE,
    '',
  ];
}
