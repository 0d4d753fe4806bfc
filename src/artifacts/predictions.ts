/** `predictions.bin`: the probabilities of the classes of each test image, in half precision. */
import { predictedClasses } from '../evaluation/metrics.ts';
import { encodeFloat16, float16Value } from './float16.ts';

/**
 * Rounds probabilities to half precision. Where that makes the predicted class equal to one before it, it is raised by
 * one unit in the last place, so that the greatest of a row stays the predicted class.
 * @param probabilities row by row, [n × classes]
 */
export function encodePredictions(
  probabilities: ArrayLike<number>,
  classes: number,
): Uint16Array<ArrayBuffer> {
  const bits = encodeFloat16(probabilities);
  predictedClasses(probabilities, classes).forEach((predicted, row) => {
    const best = row * classes + predicted;
    for (let i = row * classes; i < best; i++) {
      if (float16Value(bits[i]!) === float16Value(bits[best]!)) {
        bits[best]!++;
        break;
      }
    }
  });
  return bits;
}
