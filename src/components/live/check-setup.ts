/** What the build hands the script of the check. */
import type { ImageSet } from '../../data/sprites.ts';

export interface CheckedNetwork {
  readonly id: string;
  /** The networks whose probabilities are averaged: itself, or an ensemble's. */
  readonly members: readonly string[];
  /** Whether each also predicts the mirror images. */
  readonly flips: boolean;
  /** And how far moved, in four directions. */
  readonly shift?: number;
  /** Of the networks' files. */
  readonly bytes: number;
}

export interface CheckSetup {
  readonly networks: readonly CheckedNetwork[];
  /** The one whose figures stand in the report; the reader's own is compared with it. */
  readonly primary: string;
  readonly test: ImageSet;
  readonly imageBytes: number;
}
