import type en from './en/runs.ts';
import { translator } from './translator.ts';

export const runs = translator(
  import.meta.glob<typeof en>('./*/runs.ts', { eager: true, import: 'default' }),
);
