/** What the scripts of the demos' pages share. */
import type { Failure } from '../../engines/web/protocol.ts';

/** The texts of the pages that tell of an engine's failure. */
export const FAILURES = {
  unreachable: 'failUnreachable',
  missing: 'failMissing',
  damaged: 'failDamaged',
  'no-backend': 'failNoBackend',
  stopped: 'failStopped',
} as const satisfies Record<Failure, string>;

/** An element of the page, by id. @throws if there is none */
export function element<E extends HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found as E;
}
