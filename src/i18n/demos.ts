/** Words of the drawing page, of the fine-tuning page, and of failures in either. */
import type enDraw from './en/draw.ts';
import type enFailures from './en/failures.ts';
import type enFinetune from './en/finetune.ts';
import { translator } from './translator.ts';

export const draw = translator(
  import.meta.glob<typeof enDraw>('./*/draw.ts', { eager: true, import: 'default' }),
);
export const finetune = translator(
  import.meta.glob<typeof enFinetune>('./*/finetune.ts', { eager: true, import: 'default' }),
);
export const failures = translator(
  import.meta.glob<typeof enFailures>('./*/failures.ts', { eager: true, import: 'default' }),
);
export type FailureKey = Parameters<typeof failures>[1];
