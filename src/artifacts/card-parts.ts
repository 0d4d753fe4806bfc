/** What the cards of networks and of ensembles say alike; Markdown. */
import classes from '../i18n/en/classes.ts';
import type { Metrics } from './schema.ts';

export const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)} %`;

/** The images, and which of them were trained on. */
export function datasetText({ data, validation }: Pick<Metrics, 'data' | 'validation'>): string {
  const madeUp = '**Made-up images, only to try the machinery**, in place of: ';
  return `${data === 'synthetic' ? madeUp : ''}Fashion-MNIST (Zalando Research): 60,000 training and 10,000 test images, 6,000 and 1,000 a class. ${
    validation
      ? `The training images
are split 8:2 into training and validation by a seed that is the same for all runs.`
      : 'All of the training images\nwere trained on.'
  }`;
}

/** Follows on what was done: `on … with the tfjs backend "…"`. */
export const placeText = ({ name, device }: Metrics['backend']): string =>
  `on ${device} with the tfjs backend "${name}"`;

/** Follows on `from commit`. */
export const commitText = ({ commit, dirty }: Metrics['source']): string =>
  `${commit ?? 'unknown'}${dirty ? ' with uncommitted changes' : ''}`;

/** Loss and accuracy, and the figures of each class. */
export function resultTables({
  test,
  validation,
  variedValidation,
  report,
}: Pick<Metrics, 'test' | 'validation' | 'variedValidation' | 'report'>): string {
  const set = (name: string, { images, loss, accuracy }: NonNullable<Metrics['validation']>): string =>
    `| ${name} | ${images} | ${loss.toFixed(4)} | ${percent(accuracy)} |`;
  const score = (name: string, { precision, recall, f1, support }: Metrics['report']['macro']): string =>
    `| ${name} | ${precision.toFixed(3)} | ${recall.toFixed(3)} | ${f1.toFixed(3)} | ${support} |`;
  return `| set | images | loss (label smoothing) | accuracy |
| --- | --- | --- | --- |
${[
  ...(validation ? [set('validation', validation)] : []),
  ...(variedValidation ? [set('validation, varied as in training', variedValidation)] : []),
  set('test', test),
].join('\n')}

| class | precision | recall | F1 | support |
| --- | --- | --- | --- | --- |
${report.classes.map((scores, i) => score(classes[i]!.name, scores)).join('\n')}
${score('macro average', report.macro)}
${score('weighted average', report.weighted)}`;
}

/** Which images can be asked about, and what the answers are good for. */
export const LIMITS = `The garments must be shown as in the dataset: one, centred, filling the frame, shoes
pointing left. It knows nothing else: anything else is given one of the ten names, often with confidence. Shirts,
T-shirts, pullovers and coats are told apart worst. It is made for teaching, not for decisions about goods or people.`;

export const LICENCE = 'MIT, as this project; the dataset is MIT-licensed by Zalando SE.';
