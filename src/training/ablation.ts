/**
 * What was changed to make the report's network better, one change after another, each with what it is compared with.
 * Choices are made by the validation images alone, so every network here was trained without them.
 */
import type { Views } from './presets.ts';

/** Published networks, by their ids, whose probabilities are averaged over these views of an image. */
export interface Asked extends Views {
  readonly members: readonly string[];
}

export interface Change {
  readonly before: Asked;
  readonly after: Asked;
  /** Whether what was published later has it. */
  readonly kept: boolean;
}

const asIs = (...members: string[]): Asked => ({ members, flips: false });
const mirrored = (...members: string[]): Asked => ({ members, flips: true });
const moved = (...members: string[]): Asked => ({ members, flips: true, shift: 1 });

const both = ['taught-trial', 'best-attention-trial'];

export const CHANGES = {
  augment: { before: asIs('baseline'), after: asIs('augment'), kept: false },
  augmentShirt: { before: asIs('baseline'), after: asIs('augment-shirt'), kept: false },
  lightAugment: { before: asIs('baseline'), after: asIs('light-augment'), kept: true },
  channelDropout: { before: asIs('baseline'), after: asIs('channel-dropout'), kept: false },
  longTail: { before: asIs('baseline'), after: asIs('long-tail'), kept: true },
  attention: { before: asIs('baseline'), after: asIs('attention'), kept: true },
  trainOn: { before: asIs('baseline'), after: asIs('best-trial'), kept: true },
  trainOnAttention: { before: asIs('attention'), after: asIs('best-attention-trial'), kept: true },
  teachers: { before: asIs('best-trial'), after: asIs('taught-trial'), kept: true },
  teachersAttention: {
    before: asIs('best-attention-trial'),
    after: asIs('taught-attention-trial'),
    kept: false,
  },
  mirror: { before: asIs('taught-trial'), after: mirrored('taught-trial'), kept: true },
  move: { before: mirrored('taught-trial'), after: moved('taught-trial'), kept: false },
  together: { before: mirrored('taught-trial'), after: mirrored(...both), kept: true },
  moveTogether: { before: mirrored(...both), after: moved(...both), kept: false },
  togetherTaught: {
    before: mirrored(...both),
    after: mirrored('taught-trial', 'taught-attention-trial'),
    kept: false,
  },
} as const satisfies Record<string, Change>;

export type ChangeId = keyof typeof CHANGES;
export const CHANGE_IDS = Object.keys(CHANGES) as [ChangeId, ...ChangeId[]];
