/** Which test images the report's figures show, chosen by the primary run's predictions. */
import { CLASS_COUNT, SHIRT } from '../data/dataset.ts';
import { confusionsOf, predictionsOf } from '../evaluation/metrics.ts';
import { closestPair, decodeTestImages } from './image-sheets.ts';
import { manifest, primary, publicFolder, testLabels } from './site-data.ts';

const CLASS_LABELS = Array.from({ length: CLASS_COUNT }, (_, label) => label);

export const testImages = await decodeTestImages(publicFolder, manifest);

const all = predictionsOf(primary.predictions, testLabels);

/** Figure 3 without a script: the first test images. */
export const firstImages = all.slice(0, 40);

/** The first screen: the first test images, right and wrong, in the dataset's order. */
export const firstScreen = [
  ...all.filter(({ label, answer }) => label === answer).slice(0, 8),
  ...all.filter(({ label, answer }) => label !== answer).slice(0, 2),
].sort((a, b) => a.id - b.id);

/** The mistakes about shirts of which the model was surest, both ways. */
export const shirtMistakes = all
  .filter(({ label, answer }) => label !== answer && (label === SHIRT || answer === SHIRT))
  .sort((a, b) => b.confidence - a.confidence)
  .slice(0, 14);

const idsOf = (label: number) => all.filter((image) => image.label === label).map(({ id }) => id);

/** Of each of the three classes that Shirt is confused with most, the pair that looks most alike. */
export const lookAlikes = confusionsOf(primary.confusion.matrix, SHIRT)
  .slice(0, 3)
  .map(({ label }) => {
    const pair = closestPair(testImages, idsOf(SHIRT), idsOf(label));
    return { shirt: all[pair.first]!, other: all[pair.second]!, difference: pair.difference };
  });

/** A garment of each class to send through the network: the first that is answered rightly, else the first. */
export const garments = CLASS_LABELS.map((label) => {
  const own = all.filter((image) => image.label === label);
  return own.find(({ answer }) => answer === label) ?? own[0]!;
});

/** The picture of each figure: a row of images, in this order. */
export const strips = {
  first: firstScreen.map(({ id }) => id),
  predictions: firstImages.map(({ id }) => id),
  garments: garments.map(({ id }) => id),
  mistakes: shirtMistakes.map(({ id }) => id),
  pairs: lookAlikes.flatMap(({ shirt, other }) => [shirt.id, other.id]),
} satisfies Record<string, number[]>;
