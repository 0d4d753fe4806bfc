/** Whatever fails in the demos becomes a sentence for the reader here. */
import { EngineError } from '../../engines/web/protocol.ts';
import { failures as texts, type FailureKey } from '../../i18n/demos.ts';
import type { Lang } from '../../i18n/languages.ts';
import type { Values } from '../../i18n/translator.ts';

/** What the reader has given cannot be used: a setting, a photo, a file. The text of `key` takes the values. */
export class InputError extends Error {
  override name = 'InputError';
  readonly key: FailureKey;
  readonly values: Values;

  constructor(key: FailureKey, values: Values = {}) {
    super(key);
    this.key = key;
    this.values = values;
  }
}

/** The sentence for what was thrown. What is not the reader's doing goes to the console too, for those who look closer. */
export function failureText(lang: Lang, error: unknown): string {
  if (error instanceof InputError) return texts(lang, error.key, error.values);
  console.info(error);
  // What ends a lesson, `lost` or `diverged`, is mended or explained where lessons are run.
  return error instanceof EngineError && error.failure !== 'lost' && error.failure !== 'diverged'
    ? texts(lang, error.failure, { ...error.fault })
    : texts(lang, 'stopped');
}
