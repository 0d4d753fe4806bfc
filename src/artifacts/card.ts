/** The model card: what a stranger must know of a published model, written from its metrics. */
import { CLASSES as GARMENTS } from '../data/classes.ts';
import type { Metrics } from './schema.ts';

const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)} %`;

/** Markdown. */
export function modelCard(metrics: Metrics): string {
  const { id, test, validation, float16, eightBit, time, source, backend } = metrics;
  return `# Model card: ${id}

A convolutional network that tells ten kinds of garment apart on 28×28 grey images, ${metrics.parameterCount.toLocaleString('en')} parameters.
${metrics.fullRecipe ? "Trained by the report's recipe, in full." : `**Not the report's full recipe:** ${metrics.deviation}.`}

## Data

${metrics.data === 'synthetic' ? '**Made-up images, only to try the machinery**, in place of: ' : ''}Fashion-MNIST (Zalando Research): 60,000 training and 10,000 test images, 6,000 and 1,000 a class. ${
    validation
      ? `The training images
are split 8:2 into training and validation by a seed that is the same for all runs.`
      : 'All of the training images\nwere trained on.'
  } The test images were put through
the finished model ${metrics.testSetReads} times (as published, and in float32 for comparison); nothing was chosen or tuned by them.

## Recipe

| setting | value |
| --- | --- |
${settings(metrics)
  .map(([name, value]) => `| ${name} | ${String(value)} |`)
  .join('\n')}

Trained on ${backend.device} with the tfjs backend "${backend.name}" in ${(time.seconds / 60).toFixed(1)} minutes (${time.imagesPerSecond.toFixed(0)} images/s), from commit
${source.commit ?? 'unknown'}${source.dirty ? ' with uncommitted changes' : ''}. The weights are those of epoch ${metrics.bestEpoch} of ${metrics.epochs}${validation ? ', the best by validation accuracy' : ''}.

## Results

${resultTables(metrics)}

The convolution and dense kernels are published in float16. Against float32 that changes ${float16.flips} of the ${test.images} test
predictions: ${percent(float16.accuracyFloat32)} became ${percent(float16.accuracyFloat16)}.
${
  eightBit
    ? `
\`model-8bit.json\` is the same network with these kernels in eight bits. Of the ${eightBit.images} validation images it tells
${eightBit.flips} otherwise: ${percent(eightBit.accuracyFloat16)} became ${percent(eightBit.accuracy)}.
`
    : ''
}
## Use and limits

\`tf.loadLayersModel('…/${id}/model.json')\` gives the probabilities of the ten classes for images in [0, 1] of shape
[n, 28, 28, 1], white on black. The garments must be shown as in the dataset: one, centred, filling the frame, shoes
pointing left. It knows nothing else: anything else is given one of the ten names, often with confidence. Shirts,
T-shirts, pullovers and coats are told apart worst. It is made for teaching, not for decisions about goods or people.

## Licence

MIT, as this project; the dataset is MIT-licensed by Zalando SE.
`;
}

/** Loss and accuracy, and the figures of each class; Markdown. */
export function resultTables({
  test,
  validation,
  report,
}: Pick<Metrics, 'test' | 'validation' | 'report'>): string {
  const score = (name: string, { precision, recall, f1, support }: Metrics['report']['macro']): string =>
    `| ${name} | ${precision.toFixed(3)} | ${recall.toFixed(3)} | ${f1.toFixed(3)} | ${support} |`;
  return `| set | images | loss (label smoothing) | accuracy |
| --- | --- | --- | --- |
${validation ? `| validation | ${validation.images} | ${validation.loss.toFixed(4)} | ${percent(validation.accuracy)} |\n` : ''}| test | ${test.images} | ${test.loss.toFixed(4)} | ${percent(test.accuracy)} |

| class | precision | recall | F1 | support |
| --- | --- | --- | --- | --- |
${report.classes.map((scores, i) => score(GARMENTS[i]!.en, scores)).join('\n')}
${score('macro average', report.macro)}
${score('weighted average', report.weighted)}`;
}

/** Every setting by its path; the architecture stands in the model itself. */
function settings({ recipe, seeds }: Metrics): [string, unknown][] {
  const flat = (value: object, path: string): [string, unknown][] =>
    Object.entries(value).flatMap(([key, part]: [string, unknown]) =>
      typeof part === 'object' && part !== null
        ? flat(part, `${path}${key}.`)
        : [[path + key, part ?? 'none']],
    );
  const rest = Object.fromEntries(
    Object.entries(recipe).filter(([key]) => key !== 'architecture' && key !== 'seed'),
  );
  return flat({ ...rest, seed: seeds }, '');
}
