/** What the scripts of the demos' pages share. */
import type { Failure } from '../../../engines/web/protocol.ts';

/** The texts of the pages that tell of an engine's failure. */
export const FAILURES = {
  unreachable: 'failUnreachable',
  missing: 'failMissing',
  damaged: 'failDamaged',
  'not-kept': 'failNotKept',
  'no-backend': 'failNoBackend',
  stopped: 'failStopped',
} as const satisfies Record<Failure, string>;

/** Shows what stands on the page about this model, in place of any other. */
export function showAbout(root: ParentNode, id: string): void {
  for (const about of root.querySelectorAll<HTMLElement>('[data-about]')) {
    about.hidden = about.dataset['about'] !== id;
  }
}

/** An element of the page, by id. @throws if there is none */
export function element<E extends HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found as E;
}
