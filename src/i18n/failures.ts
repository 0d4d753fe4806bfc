import type en from './en/failures.ts';
import { translator } from './translator.ts';

export const failures = translator(
  import.meta.glob<typeof en>('./*/failures.ts', { eager: true, import: 'default' }),
);
export type FailureKey = Parameters<typeof failures>[1];
