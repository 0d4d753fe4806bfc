import { EngineError } from '../../../engines/web/protocol.ts';
import { live as t } from '../../../i18n/demos.ts';
import type { Lang } from '../../../i18n/languages.ts';

/** What stopped a check or a training, in a sentence that says what to do. */
export function failureSentence(error: unknown, lang: Lang): string {
  // Images that do not arrive are no failure of the engine.
  if (!(error instanceof EngineError)) return t(lang, 'unreachable', { file: 'data' });
  const { failure, fault } = error;
  return t(lang, failure === 'lost' || failure === 'diverged' ? 'stopped' : failure, {
    file: error.message,
    ...fault,
  });
}
