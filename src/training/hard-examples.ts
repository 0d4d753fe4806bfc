/**
 * Epochs that show hard images more often than easy ones, after selective backpropagation (Jiang et al.,
 * https://arxiv.org/abs/1910.00762): most images are soon learned, and seeing them again costs as much as seeing those
 * that are not. The hardness of an image is its loss when it was last trained on.
 */
import { NO_CLASS } from '../data/dataset.ts';
import { softmax } from '../math/arrays.ts';
import { deriveSeed, shuffle } from '../math/random.ts';

export interface ImageLossesState {
  /** After the last finished epoch. */
  known: Float32Array;
  /** Including those of the current epoch. */
  latest: Float32Array;
}

/** The cross-entropy of each training image when it was last trained on. */
export class ImageLosses {
  #known: Float32Array;
  readonly #latest: Float32Array;

  /** @param count of the images */
  constructor(count: number) {
    this.#known = new Float32Array(count);
    this.#latest = new Float32Array(count);
  }

  /** Takes note of a batch. @param places of its images @param logits [n × classes] */
  note(places: ArrayLike<number>, labels: Uint8Array, logits: ArrayLike<number>): void {
    const classes = logits.length / labels.length;
    const probabilities = softmax(logits, classes);
    labels.forEach((label, i) => {
      this.#latest[places[i]!] = label === NO_CLASS ? 0 : -Math.log(probabilities[i * classes + label]!);
    });
  }

  /** An epoch's order goes by what was known before it, so that it is the same for a run that is resumed within. */
  endEpoch(): void {
    this.#known = this.#latest.slice();
  }

  /** An epoch's order: the images of the greatest losses twice, of the others as many as there is room for. */
  order(share: number, seed: number): Uint32Array {
    const losses = this.#known;
    const n = losses.length;
    const twice = Math.floor(share * n);
    // Among equal losses the earlier image comes first, so that the order is the same everywhere.
    const byLoss = Uint32Array.from(losses.keys()).sort((a, b) => losses[b]! - losses[a]! || a - b);
    const others = shuffle(n - twice, deriveSeed(seed, 'others')).subarray(0, n - 2 * twice);
    const shown = new Uint32Array(n);
    shown.set(byLoss.subarray(0, twice));
    shown.set(byLoss.subarray(0, twice), twice);
    shown.set(
      others.map((i) => byLoss[twice + i]!),
      2 * twice,
    );
    return shuffle(n, deriveSeed(seed, 'shown')).map((i) => shown[i]!);
  }

  state(): ImageLossesState {
    return { known: this.#known.slice(), latest: this.#latest.slice() };
  }

  restore({ known, latest }: ImageLossesState): void {
    this.#known = known.slice();
    this.#latest.set(latest);
  }
}
