/** Words of the drawing page and its small pad, and of failures wherever something is computed. */
import type enDraw from './en/draw.ts';
import type enFailures from './en/failures.ts';
import { translator } from './translator.ts';

export const draw = /* @__PURE__ */ translator(
  import.meta.glob<typeof enDraw>('./*/draw.ts', { eager: true, import: 'default' }),
);
export const failures = /* @__PURE__ */ translator(
  import.meta.glob<typeof enFailures>('./*/failures.ts', { eager: true, import: 'default' }),
);
export type FailureKey = Parameters<typeof failures>[1];
