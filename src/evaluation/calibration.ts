import { predictedClasses } from './metrics.ts';

/** The images whose greatest probability lies between two bounds. */
export interface CalibrationBin {
  low: number;
  high: number;
  images: number;
  /** Mean of the greatest probabilities within the bin. */
  confidence: number;
  accuracy: number;
}

export interface Calibration {
  bins: CalibrationBin[];
  /** Over all images. */
  confidence: number;
  accuracy: number;
  /** Expected calibration error: the bins' gaps, weighted by their images (Guo et al. 2017). */
  error: number;
}

/**
 * Groups predictions by their greatest probability.
 * @param probabilities [n, classes], row by row
 * @param labels [n] true classes
 * @param count bins of equal width between 0 and 1; empty ones are left out
 */
export function calibrate(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes = 10,
  count = 10,
): Calibration {
  const images = Array.from(predictedClasses(probabilities, classes), (answer, i) => ({
    confidence: probabilities[classes * i + answer]!,
    isRight: answer === labels[i],
  }));
  const groups = Array.from({ length: count }, (): typeof images => []);
  for (const image of images) groups[Math.min(count - 1, Math.floor(image.confidence * count))]!.push(image);
  const mean = (group: typeof images) => ({
    confidence: group.reduce((sum, { confidence }) => sum + confidence, 0) / group.length,
    accuracy: group.filter(({ isRight }) => isRight).length / group.length,
  });
  const bins = groups.flatMap((group, i) =>
    group.length === 0
      ? []
      : [{ low: i / count, high: (i + 1) / count, images: group.length, ...mean(group) }],
  );
  const gap = ({ images: n, confidence, accuracy }: CalibrationBin): number =>
    (n / images.length) * Math.abs(accuracy - confidence);
  return { bins, ...mean(images), error: bins.reduce((sum, bin) => sum + gap(bin), 0) };
}
