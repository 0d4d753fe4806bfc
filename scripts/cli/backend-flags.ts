/** The flags that say where to compute. */
import { availableParallelism } from 'node:os';
import { BACKEND_CHOICES, type BackendChoice, THREADED_BACKENDS } from '../../src/engines/backends.ts';
import { oneOf, whole } from './flags.ts';

/** Their values, for `readFlags`. */
export const backendFlags = { backend: { type: 'string' }, threads: { type: 'string' } } as const;

/** What a help text says of `--backend`, before the default. */
export const BACKEND_HELP = `${BACKEND_CHOICES.join(', ')}.`;
/** What a help text says of `--threads`. */
export const THREADS_HELP = `Threads of ${new Intl.ListFormat('en-GB').format(THREADED_BACKENDS)}; by default one per core.`;

/** @throws UserError on a value that is not known, and on more threads than the machine has */
export function readBackend(values: { backend?: string; threads?: string }): {
  backend?: BackendChoice;
  threads?: number;
} {
  return {
    backend: oneOf('backend', values.backend, BACKEND_CHOICES),
    threads: readThreads(values.threads),
  };
}

/** @throws UserError unless the machine has as many */
export const readThreads = (value: string | undefined): number | undefined =>
  whole('threads', value, 1, availableParallelism(), ', the threads that this machine has');
