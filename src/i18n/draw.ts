import type en from './en/draw.ts';
import type enDrawings from './en/drawings.ts';
import { translator } from './translator.ts';

export const draw = translator(
  import.meta.glob<typeof en>('./*/draw.ts', { eager: true, import: 'default' }),
);
/** Only the build shows these. */
export const drawings = /* @__PURE__ */ translator(
  import.meta.glob<typeof enDrawings>('./*/drawings.ts', { eager: true, import: 'default' }),
);
