import type en from './en/charts.ts';
import { translator } from './translator.ts';

export const charts = translator(
  import.meta.glob<typeof en>('./*/charts.ts', { eager: true, import: 'default' }),
);
