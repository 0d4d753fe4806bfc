/** The model card: what a stranger must know of a published model, written from its metrics. */
import { commitText, datasetText, LICENCE, LIMITS, percent, placeText, resultTables } from './card-parts.ts';
import type { Metrics } from './schema.ts';

/** Markdown. */
export function modelCard(metrics: Metrics): string {
  const { id, test, validation, float16, eightBit, time, source, backend } = metrics;
  return `# Model card: ${id}

A convolutional network that tells ten kinds of garment apart on 28×28 grey images, ${metrics.parameterCount.toLocaleString('en')} parameters.
${metrics.fullRecipe ? "Trained by the report's recipe, in full." : `**Not the report's full recipe:** ${metrics.deviation}.`}

## Data

${datasetText(metrics)} The test images were put through
the finished model ${metrics.testSetReads} times (as published, and in float32 for comparison); nothing was chosen or tuned by them.

## Recipe

| setting | value |
| --- | --- |
${settings(metrics)
  .map(([name, value]) => `| ${name} | ${String(value)} |`)
  .join('\n')}

Trained ${placeText(backend)} in ${(time.seconds / 60).toFixed(1)} minutes (${time.imagesPerSecond.toFixed(0)} images/s), from commit
${commitText(source)}. The weights are those of epoch ${metrics.bestEpoch} of ${metrics.epochs}${validation ? ', the best by validation accuracy' : ''}.

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
[n, 28, 28, 1], white on black. ${LIMITS}

## Licence

${LICENCE}
`;
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
