import type en from './en/report.ts';
import type enRemedies from './en/remedies.ts';
import { translator } from './translator.ts';

export const report = translator(
  import.meta.glob<typeof en>('./*/report.ts', { eager: true, import: 'default' }),
);
export const remedies = translator(
  import.meta.glob<typeof enRemedies>('./*/remedies.ts', { eager: true, import: 'default' }),
);
