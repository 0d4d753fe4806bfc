/** The flags that say where to compute. */
import { availableParallelism } from 'node:os';
import { BACKEND_NAMES, type BackendName } from '../../src/engines/node/choose.ts';
import { oneOf, whole } from './flags.ts';

/** Their values, for `readFlags`. */
export const backendFlags = { backend: { type: 'string' }, threads: { type: 'string' } } as const;

/** @throws UserError on a value that is not known, and on more threads than the machine has */
export function readBackend(values: { backend?: string; threads?: string }): {
  backend?: BackendName;
  threads?: number;
} {
  return {
    backend: oneOf('backend', values.backend, BACKEND_NAMES),
    threads: readThreads(values.threads),
  };
}

/** @throws UserError unless the machine has as many */
export const readThreads = (value: string | undefined): number | undefined =>
  whole('threads', value, 1, availableParallelism(), ', the threads that this machine has');
