/** Images that are about to be trained on. */
export interface Batch {
  /** Bytes, one image after another. */
  readonly pixels: Uint8Array;
  /** Class numbers; NO_CLASS for an image that is made into one of no class. */
  readonly labels: Uint8Array;
  /** Becomes 1 for an image that shows its class in another way than the one the teachers were asked about. */
  readonly redrawn?: Uint8Array;
}

/** Changes a batch in place before it is normalised; all its randomness from the seed. */
export type Augment = (batch: Batch, seed: number) => void;
