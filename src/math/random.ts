/**
 * All randomness of the model. Everything is a pure function of seeds, computed in plain JavaScript: the same on every
 * backend and machine, and repeatable after a resume.
 */

/**
 * Hash of a seed and an index: the counter-based generator behind everything here.
 * The finaliser is "lowbias32" by Chris Wellons (public domain).
 * @param seed uint32
 * @param index uint32
 * @returns uint32
 */
export function hash32(seed: number, index: number): number {
  let x = Math.imul(index, 0x9e3779b9) ^ seed;
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  x ^= x >>> 16;
  return x >>> 0;
}

/** The upper 31 bits that a hash must reach for its element to be kept. */
export function dropoutThreshold(rate: number): number {
  return Math.ceil(rate * 0x80000000);
}

/**
 * 1 where dropout keeps an element, 0 where it drops it. Computed without a branch, since which way it would go cannot
 * be predicted.
 * @param threshold see {@link dropoutThreshold}
 */
export function keepsElement(seed: number, index: number, threshold: number): number {
  return 1 + (((hash32(seed, index) >>> 1) - threshold) >> 31);
}

/**
 * The seed of one stream, derived from a run's seed and the stream's name and numbers:
 * `deriveSeed(seed, 'dropout', step, 'drop1')`. Different paths give unrelated seeds.
 * @returns uint32
 */
export function deriveSeed(seed: number, ...path: (string | number)[]): number {
  let derived = hash32(seed >>> 0, 0);
  for (const part of path) {
    // Length and type go in as well, so that ('ab', 'c') and ('a', 'bc'), 1 and '1' are different paths.
    const codes = typeof part === 'number' ? [part >>> 0] : Array.from(part, (c) => c.codePointAt(0)!);
    derived = hash32(derived, typeof part === 'number' ? 1 : 2 + codes.length);
    for (const code of codes) derived = hash32(derived, code);
  }
  return derived;
}

/** Where a generator stands; plain data. */
export interface RandomState {
  seed: number;
  position: number;
}

/** A generator of a seed's stream whose place in it can be saved and set. */
export class Random {
  readonly #seed: number;
  #position: number;

  /** @param state a seed (uint32), or a state that {@link state} gave. */
  constructor(state: number | RandomState) {
    this.#seed = (typeof state === 'number' ? state : state.seed) >>> 0;
    this.#position = typeof state === 'number' ? 0 : state.position;
  }

  /** The next uint32. */
  next(): number {
    return hash32(this.#seed, this.#position++);
  }

  /** The next number from [0, 1), a multiple of 2⁻³². */
  uniform(): number {
    return this.next() / 2 ** 32;
  }

  /** The next whole number from 0 to n − 1. */
  below(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** The next number of a range, all equally likely. */
  between(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** The next number of a range whose logarithm is uniform: as likely from 1 to 2 as from 2 to 4. */
  logBetween(low: number, high: number): number {
    return low * Math.exp(this.uniform() * Math.log(high / low));
  }

  /** True with a probability. */
  chance(probability: number): boolean {
    return this.uniform() < probability;
  }

  /** One of some values, all equally likely. */
  oneOf<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!;
  }

  state(): RandomState {
    return { seed: this.#seed, position: this.#position };
  }
}

/** The numbers 0 … n − 1 in an order that the seed decides (Fisher and Yates). */
export function shuffle(n: number, seed: number): Uint32Array {
  const random = new Random(seed);
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const swapped = order[i]!;
    order[i] = order[j]!;
    order[j] = swapped;
  }
  return order;
}
