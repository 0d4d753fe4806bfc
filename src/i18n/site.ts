import type en from './en/site.ts';
import { translator } from './translator.ts';

export const site = translator(
  import.meta.glob<typeof en>('./*/site.ts', { eager: true, import: 'default' }),
);
