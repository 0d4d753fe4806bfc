import type en from './en/finetune.ts';
import { translator } from './translator.ts';

export const finetune = translator(
  import.meta.glob<typeof en>('./*/finetune.ts', { eager: true, import: 'default' }),
);
