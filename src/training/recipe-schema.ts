/**
 * What a recipe is: every setting of a training, once, as `metrics.json` holds it and as the trainer takes it. Where a
 * setting may be left out, the report does not have it, and without it nothing of the kind is done. Code for the browser
 * imports only the types, so that no page loads zod.
 */
import { z } from 'zod';
import type { DrawingAugmentation } from '../drawing/sketches/drawing-augmentation.ts';
import type { AdamWOptions } from '../network/adamw.ts';
import type { Architecture } from '../network/architecture.ts';
import type { OneCycle } from '../network/one-cycle.ts';
import type { Averaging } from '../network/weight-average.ts';

const name = z.string().min(1);
const count = z.int().positive();
const amount = z.number().nonnegative();
const fraction = z.number().min(0).max(1);

const layer = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('conv'), name, filters: count }),
  z.strictObject({ type: z.literal('batchNorm'), name }),
  z.strictObject({ type: z.literal('relu') }),
  z.strictObject({ type: z.literal('maxPool') }),
  z.strictObject({ type: z.literal('dropout'), name, rate: z.number().min(0).lt(1) }),
  z.strictObject({ type: z.literal('squeezeExcite'), name, units: count }),
  z.strictObject({ type: z.literal('add'), name, inputOf: name }),
  z.strictObject({ type: z.literal('flatten') }),
  z.strictObject({ type: z.literal('dense'), name, units: count }),
]);

const architecture = z.strictObject({
  inputShape: z.tuple([count, count, count]).readonly(),
  layers: z.array(layer).min(1).readonly(),
}) satisfies z.ZodType<Architecture>;

const schedule = z.strictObject({
  maxLearningRate: amount,
  warmUp: fraction,
  divFactor: amount,
  finalDivFactor: amount,
  baseBeta1: fraction,
  maxBeta1: fraction,
  tail: z.strictObject({ share: fraction, start: amount, end: amount }).optional(),
}) satisfies z.ZodType<OneCycle>;

const optimiser = z.strictObject({
  beta2: fraction,
  epsilon: amount,
  weightDecay: amount,
}) satisfies z.ZodType<AdamWOptions>;

const photos = z.strictObject({
  kind: z.literal('photos'),
  /** Part of the images that are mirrored. */
  flip: fraction,
  /** Pixels up, down and sideways, at most; what comes in is black. */
  shift: amount,
  /** Degrees either way, at most. */
  rotation: amount,
  /** Part of its size by which an image grows or shrinks, at most. */
  scale: fraction,
  /** Part by which the garment becomes lighter or darker, at most; the background stays black. */
  brightness: fraction,
  /** Part by which the garment's greys move away from their mean or towards it, at most. */
  contrast: fraction,
  /** Part of the images in which a rectangle is erased. */
  erasing: fraction,
  /** By class number: all but the mirroring is this much stronger for it. */
  classStrength: z.record(z.number(), amount).optional(),
});

const drawings = z.strictObject({
  kind: z.literal('drawings'),
  clean: fraction,
  none: fraction,
  byHand: fraction.optional(),
  icons: fraction.optional(),
}) satisfies z.ZodType<DrawingAugmentation>;

/** After selective backpropagation; `hard-examples.ts` carries it out. */
const emphasis = z.strictObject({
  /** The first and the last epoch that do it, counted from 1; the very first has no losses to go by. */
  from: z.int().min(2),
  to: count,
  /** Part of the images that such an epoch shows twice; as many of the others are left out. */
  share: z.number().min(0).max(0.5),
});

const averaging = z.strictObject({ from: fraction, decay: fraction }) satisfies z.ZodType<Averaging>;

/** Learning from other networks (Hinton, Vinyals and Dean, https://arxiv.org/abs/1503.02531), at temperature 1. */
const distillation = z.strictObject({
  /** Published runs; the mean of their probabilities is learned from. */
  teachers: z.array(z.string()).min(1).readonly(),
  /** How much that counts: 0 the labels alone, 1 the teachers alone. */
  weight: fraction,
  /**
   * The teachers predict each image as it is shown, augmented, in every step: each teacher makes a step about a third
   * longer. Otherwise they predict once, for the images as they are. After Beyer et al.,
   * https://arxiv.org/abs/2106.05237, where student and teacher see the same.
   */
  augmented: z.boolean().optional(),
});

export const recipeSchema = z.strictObject({
  architecture,
  epochs: count,
  /** Images per step; the last batch of an epoch may be smaller. */
  batchSize: count,
  schedule,
  optimiser,
  /** How much of a label is spread over all classes, in training and in evaluation. */
  labelSmoothing: fraction,
  /** Decides initialisation, batch order and dropout. The split into training and validation has its own. */
  seed: z.int().nonnegative(),
  /** Train on this many images and validate on a quarter as many; null for all there are. */
  limit: count.nullable(),
  /** How the training images are changed each time they are shown. */
  augmentation: z.discriminatedUnion('kind', [photos, drawings]).optional(),
  /** Show hard images more often than easy ones. */
  emphasis: emphasis.optional(),
  /** Validate and publish the mean of the weights that training passes through. */
  averaging: averaging.optional(),
  /** Begin with the weights of this published run, not with random ones. */
  from: z.string().optional(),
  /** Learn from what other networks predict for the images as well as from the labels. */
  distillation: distillation.optional(),
  /** All of the network's dropout rates are multiplied by this while it is trained. */
  dropout: amount.optional(),
  /** In the convolution blocks, whole channels are dropped: PyTorch's Dropout2d in place of its Dropout. */
  channelDropout: z.boolean().optional(),
  /** Train on the validation images too: nothing can be chosen by them then. */
  allImages: z.boolean().optional(),
  /** Stop at the end of the first epoch whose validation accuracy is this or more. */
  targetAccuracy: fraction.optional(),
});

/** What a network is trained and evaluated on; the synthetic images are only for trying out the program. */
export const dataSchema = z.enum(['fashion-mnist', 'synthetic']);

const value = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string()).readonly()]);

/** A setting in which a run differs from the report's; null where one of the two does not have it. */
export const departureSchema = z.strictObject({
  /**
   * Path in the recipe, such as `optimiser.weightDecay`; the value of `architecture` is `report`, `attention`,
   * `residual` or `other`. `data` is what it was trained on.
   */
  setting: z.string(),
  value,
  reported: value,
});

export type Recipe = Readonly<z.infer<typeof recipeSchema>>;
export type Augmentation = NonNullable<Recipe['augmentation']>;
export type PhotoAugmentation = z.infer<typeof photos>;
export type DataName = z.infer<typeof dataSchema>;
export type Departure = z.infer<typeof departureSchema>;
