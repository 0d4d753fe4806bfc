/** The evaluation of a network on labelled images, piece by piece: what is missing, and what the rest adds up to. Pure. */
import {
  classificationReport,
  confusionMatrix,
  countCorrect,
  predictedClasses,
  smoothedCrossEntropy,
  wilsonInterval,
  type ClassificationReport,
} from './metrics.ts';

/** Images `from` to `to`, without the last, in one of the views that are averaged. */
export interface Piece {
  /** A network of an ensemble, on the images or on their mirror images; 0 where there is one network. */
  readonly view: number;
  readonly from: number;
  readonly to: number;
}

/** What was computed so far; plain data, so that it can be stored. */
export interface VerificationState {
  readonly sums: Float32Array;
  readonly pieces: readonly Piece[];
}

/** What a network made of all images. */
export interface Evaluated {
  readonly images: number;
  readonly correct: number;
  readonly accuracy: number;
  /** Wilson's, of 95 %. */
  readonly interval: readonly [low: number, high: number];
  /** Mean cross-entropy against smoothed labels. */
  readonly loss: number;
  readonly report: ClassificationReport;
  /** Rows are true classes, columns predicted ones. */
  readonly matrix: number[][];
  /** The predicted class of each image. */
  readonly answers: Uint8Array;
  /** [images × classes], row by row. */
  readonly probabilities: Float32Array;
}

export class Verification {
  readonly #labels: Uint8Array;
  readonly #classes: number;
  readonly #views: number;
  readonly #sums: Float32Array;
  /** Handed out in this order; those that were given back come first. */
  #waiting: Piece[];
  /** In how many views each image was seen. */
  readonly #seen: Uint8Array;
  readonly #pieces: Piece[] = [];

  /**
   * @param labels class of each image
   * @param views how many predictions are averaged for each image
   * @param size images of a piece: more take more memory in each worker, and hardly less time
   */
  constructor(labels: Uint8Array, { views = 1, size = 32, classes = 10 } = {}) {
    this.#labels = labels;
    this.#classes = classes;
    this.#views = views;
    this.#sums = new Float32Array(labels.length * classes);
    this.#seen = new Uint8Array(labels.length);
    this.#waiting = Array.from({ length: views }, (_, view) =>
      Array.from({ length: Math.ceil(labels.length / size) }, (_, i) => ({
        view,
        from: i * size,
        to: Math.min((i + 1) * size, labels.length),
      })),
    ).flat();
  }

  /** The next piece that nobody computes; undefined where all are handed out. */
  next(): Piece | undefined {
    return this.#waiting.shift();
  }

  /** Takes back a piece whose computation failed. */
  giveBack(piece: Piece): void {
    this.#waiting.unshift(piece);
  }

  /** @param probabilities of the piece's images, row by row @throws {RangeError} where they are not as many */
  add(piece: Piece, probabilities: ArrayLike<number>): void {
    const { from, to } = piece;
    const count = (to - from) * this.#classes;
    if (probabilities.length !== count) {
      throw new RangeError(`There are ${probabilities.length} probabilities where ${count} are due.`);
    }
    for (let i = 0; i < count; i++) this.#sums[from * this.#classes + i]! += probabilities[i]! / this.#views;
    this.#count(piece);
  }

  #count(piece: Piece): void {
    for (let image = piece.from; image < piece.to; image++) this.#seen[image]!++;
    this.#pieces.push(piece);
  }

  get state(): VerificationState {
    return { sums: this.#sums.slice(), pieces: [...this.#pieces] };
  }

  /** Takes over what was computed before; of the same images, views and size of pieces. */
  restore({ sums, pieces }: VerificationState): void {
    const known = new Set(pieces.map(({ view, from }) => `${view} ${from}`));
    this.#waiting = this.#waiting.filter(({ view, from }) => !known.has(`${view} ${from}`));
    this.#sums.set(sums);
    for (const piece of pieces) this.#count(piece);
  }

  /** Predictions made, of {@link total}. */
  get done(): number {
    return this.#seen.reduce((sum, views) => sum + views, 0);
  }

  get total(): number {
    return this.#labels.length * this.#views;
  }

  /** What the images that were seen in all views add up to. */
  sofar(): { images: number; correct: number; matrix: number[][] } {
    const ids = [...this.#seen.keys()].filter((image) => this.#seen[image] === this.#views);
    const answers = predictedClasses(this.#sums, this.#classes);
    const labels = ids.map((image) => this.#labels[image]!);
    const own = ids.map((image) => answers[image]!);
    return {
      images: ids.length,
      correct: countCorrect(labels, own),
      matrix: confusionMatrix(labels, own, this.#classes),
    };
  }

  /** Of all images; null while one is missing. @param smoothing of the labels in the loss */
  result(smoothing: number): Evaluated | null {
    if (this.done < this.total) return null;
    const { images, correct, matrix } = this.sofar();
    return {
      images,
      correct,
      accuracy: correct / images,
      interval: wilsonInterval(correct, images),
      loss: smoothedCrossEntropy(this.#sums, this.#labels, this.#classes, smoothing),
      report: classificationReport(matrix),
      matrix,
      answers: predictedClasses(this.#sums, this.#classes),
      probabilities: this.#sums,
    };
  }
}
