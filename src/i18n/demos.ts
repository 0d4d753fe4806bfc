/** Words of the drawing page, of the fine-tuning page, of failures in either, and of what is computed in the report. */
import type enDraw from './en/draw.ts';
import type enFailures from './en/failures.ts';
import type enFinetune from './en/finetune.ts';
import type enLive from './en/live.ts';
import { translator } from './translator.ts';

export const draw = /* @__PURE__ */ translator(
  import.meta.glob<typeof enDraw>('./*/draw.ts', { eager: true, import: 'default' }),
);
export const finetune = /* @__PURE__ */ translator(
  import.meta.glob<typeof enFinetune>('./*/finetune.ts', { eager: true, import: 'default' }),
);
export const failures = /* @__PURE__ */ translator(
  import.meta.glob<typeof enFailures>('./*/failures.ts', { eager: true, import: 'default' }),
);
export type FailureKey = Parameters<typeof failures>[1];

export const live = /* @__PURE__ */ translator(
  import.meta.glob<typeof enLive>('./*/live.ts', { eager: true, import: 'default' }),
);
