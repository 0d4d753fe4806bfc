/** Words of what is computed in the report, which no other page loads. */
import type enLive from './en/live.ts';
import { translator } from './translator.ts';

export const live = /* @__PURE__ */ translator(
  import.meta.glob<typeof enLive>('./*/live.ts', { eager: true, import: 'default' }),
);
