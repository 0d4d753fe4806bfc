/** Model cards: what anybody who uses a published network or ensemble must know, written from its metrics; Markdown. */
import { FILES } from '../data/idx.ts';
import { wilsonInterval } from '../evaluation/metrics.ts';
import { classes } from '../i18n/en/site.ts';
import { PIXEL_DEVIATION, PIXEL_MEAN } from '../network/preprocess.ts';
import { settingsOf } from '../training/recipe.ts';
import type { EnsembleMetrics } from './ensemble.ts';
import { departuresText, labelText } from './recipe-text.ts';
import type { Metrics } from './schema.ts';

const percent = (fraction: number): string => `${(100 * fraction).toFixed(2)} %`;
const minutes = (seconds: number): string => `${(seconds / 60).toFixed(1)} minutes`;
const parameters = ({ parameterCount }: Metrics | EnsembleMetrics): string =>
  `${parameterCount.toLocaleString('en')} parameters`;

/** What must be known of a run wherever one of its files goes, as text: for the metadata of ONNX and safetensors. */
export const networkFacts = ({ id, test, data, source: { commit } }: Metrics): Record<string, string> => ({
  run: id,
  commit: commit ?? 'unknown',
  accuracy: `${test.accuracy} on ${test.images} test images`,
  classes: JSON.stringify(classes.map(({ name }) => name)),
  normalisation: `(x - ${PIXEL_MEAN.toFixed(4)}) / ${PIXEL_DEVIATION.toFixed(4)} for x in [0, 1]`,
  dataset: data,
  ...(data === 'fashion-mnist' &&
    Object.fromEntries(Object.values(FILES).map(({ name, sha256 }) => [`sha256 of ${name}`, sha256]))),
  license: 'MIT',
});

export const modelCard = (metrics: Metrics | EnsembleMetrics): string =>
  'kind' in metrics ? ensembleCard(metrics) : networkCard(metrics);

function networkCard(metrics: Metrics): string {
  const { id, test, validation, float16, eightBit, time, departures } = metrics;
  const settings: [string, unknown][] = [
    ...settingsOf(metrics.recipe).filter(([name]) => name !== 'architecture' && name !== 'seed'),
    ...Object.entries(metrics.seeds).map(([name, seed]): [string, number] => [`seed.${name}`, seed]),
  ];
  return card(metrics, {
    introduction: `A convolutional network that distinguishes ten kinds of garment in 28×28 greyscale images, ${parameters(metrics)}.
${departures.length ? `**Not the report's full recipe:** ${departuresText(departures)}.` : "Trained by the report's recipe, in full."}`,
    testReads: `the finished model ${metrics.testSetReads} times (as published, and in float32 for comparison)`,
    origin: `## Recipe

| setting | value |
| --- | --- |
${settings.map(([name, value]) => `| ${name} | ${String(value ?? 'none')} |`).join('\n')}

Trained ${placeText(metrics)} in ${minutes(time.seconds)} (${time.imagesPerSecond.toFixed(0)} images/s), from commit
${commitText(metrics)}. The weights are those of epoch ${metrics.bestEpoch} of ${metrics.epochs}${validation ? ', the best by validation accuracy' : ''}.`,
    rounding: `

The convolution and dense kernels are published in float16. Compared with float32 that changes ${float16.flips} of the ${test.images}
test predictions: ${percent(float16.accuracyFloat32)} became ${percent(float16.accuracyFloat16)}.${
      eightBit
        ? `

\`model-8bit.json\` is the same network with these kernels in eight bits. It predicts another class for ${eightBit.flips} of the
${eightBit.images} validation images: ${percent(eightBit.accuracyFloat16)} became ${percent(eightBit.accuracy)}.`
        : ''
    }`,
    use: `| file | for | input |
| --- | --- | --- |
| \`model.json\`, \`weights.bin\` | TensorFlow.js: \`tf.loadLayersModel('…/${id}/model.json')\` | images in [0, 1], [n, 28, 28, 1] |
| \`model.onnx\` | ONNX Runtime | the same |
| \`model.safetensors\` | PyTorch: weights under the names and in the layouts of its layers | normalised by (x − ${PIXEL_MEAN.toFixed(4)}) / ${PIXEL_DEVIATION.toFixed(4)}, [n, 1, 28, 28] |

The first two give the probabilities of the ten classes; normalisation is part of them. \`npm run export -- ${id}\` writes the
last two where they are missing. Programs that go from a picture file to the garment's name, for each of them, are in the
project's folder \`examples/\` and on the site's page “Use it”.

Images are white on black.`,
  });
}

function ensembleCard(metrics: EnsembleMetrics): string {
  const { members, flips, shift, testSetReads } = metrics;
  const moved = shift
    ? `, each also moved by ${shift} ${shift === 1 ? 'pixel' : 'pixels'} in four directions`
    : '';
  const views = `${flips ? ' and its mirror image' : ''}${moved}`;
  const one = members.length === 1;
  return card(metrics, {
    introduction: `${labelText(metrics)}: the mean of the probabilities that ${one ? 'one network gives' : `${members.length} networks give`} for an image${flips ? ' and for its mirror image' : ''}${moved}.
Nothing was trained for it.`,
    testReads: `a network ${testSetReads} ${testSetReads === 1 ? 'time' : 'times'} for it`,
    origin: `## Networks

${members.map((member) => `- ${member.id}`).join('\n')}

${parameters(metrics)} in all, trained in ${minutes(metrics.trainingSeconds)}, as described in ${one ? 'its own card' : 'their own cards'}.
The mean was computed ${placeText(metrics)}, from commit
${commitText(metrics)}.`,
    rounding: '',
    use: `There is no model.json for the ensemble: run the ${one ? 'network' : 'networks'} named above on an image${views}, as
described in ${one ? 'its own card' : 'their own cards'}, and take the mean of the probabilities.`,
  });
}

/** The text that both kinds of card share, around the parts that differ. */
function card(
  { id, data, validation, test, report, ...rest }: Metrics | EnsembleMetrics,
  own: Record<'introduction' | 'testReads' | 'origin' | 'rounding' | 'use', string>,
): string {
  const set = (name: string, figures: Metrics['validation'] | undefined): string[] =>
    figures
      ? [`| ${name} | ${figures.images} | ${figures.loss.toFixed(4)} | ${percent(figures.accuracy)} |`]
      : [];
  const score = (name: string, { precision, recall, f1, support }: Metrics['report']['macro']): string =>
    `| ${name} | ${precision.toFixed(3)} | ${recall.toFixed(3)} | ${f1.toFixed(3)} | ${support} |`;
  return `${metadata(id, data, test, report)}
# Model card: ${id}

${own.introduction}

## Data

${data === 'synthetic' ? '**Made-up images, only for trying out the program**, in place of: ' : ''}Fashion-MNIST (Zalando Research): 60,000 training and 10,000 test images, 6,000 and 1,000 per class.
${validation ? 'The training images are split 8:2 into training and validation by a seed that is the same for all runs.' : 'All of the training images were trained on.'}
The test images were run through ${own.testReads}; nothing was chosen or tuned on them.

${own.origin}

## Results

| set | images | loss (label smoothing) | accuracy |
| --- | --- | --- | --- |
${[...set('validation', validation), ...set('validation, varied as in training', 'variedValidation' in rest ? rest.variedValidation : null), ...set('test', test)].join('\n')}

| class | precision | recall | F1 | support |
| --- | --- | --- | --- | --- |
${report.classes.map((scores, i) => score(classes[i]!.name, scores)).join('\n')}
${score('macro average', report.macro)}
${score('weighted average', report.weighted)}${own.rounding}

## Use and limits

${own.use} Garments must be shown as in the dataset: one per image, centred, filling the frame, shoes
pointing left. Anything else is classified as one of the ten garments too, often with high confidence. Shirts, T-shirts,
pullovers and coats are confused most often. It is meant for teaching, not for decisions about goods or people.

## Licence

MIT, as this project; the dataset is MIT-licensed by Zalando SE.
`;
}

/** The data set's name on Hugging Face's hub. */
const HUB_DATASET = 'zalando-datasets/fashion_mnist';

/** What Hugging Face's hub reads of a card, so that a run's folder can be pushed there as it is; YAML. */
function metadata(
  id: string,
  data: Metrics['data'],
  { accuracy, correct, images }: Metrics['test'],
  { macro }: Metrics['report'],
): string {
  const [low, high] = wilsonInterval(correct, images).map((share) => share.toFixed(4));
  const known = data === 'fashion-mnist';
  return `---
license: mit
pipeline_tag: image-classification
tags: [fashion-mnist, tensorflow.js, onnx, safetensors]
${known ? `datasets: [${HUB_DATASET}]\n` : ''}metrics: [accuracy, f1]
model-index:
  - name: ${id}
    results:
      - task: { type: image-classification }
        dataset: { name: ${known ? 'Fashion-MNIST' : 'made-up images'}, type: ${known ? HUB_DATASET : data}, split: test }
        metrics:
          - { type: accuracy, value: ${accuracy}, name: 'Accuracy, 95 % interval ${low} to ${high}' }
          - { type: f1, value: ${macro.f1.toFixed(4)}, name: 'F1, macro average' }
---
`;
}

/** Follows what was done: `on … with the tfjs backend "…"`. */
const placeText = ({ backend: { name, device } }: Metrics | EnsembleMetrics): string =>
  `on ${device} with the tfjs backend "${name}"`;

/** Follows `from commit`. */
const commitText = ({ source: { commit, dirty } }: Metrics | EnsembleMetrics): string =>
  `${commit ?? 'unknown'}${dirty ? ' with uncommitted changes' : ''}`;
