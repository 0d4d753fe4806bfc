/** The flags that say where to compute, and what scripts tell of the backend. */
import { availableParallelism } from 'node:os';
import {
  type ActiveBackend,
  activateBackend,
  BACKEND_NAMES,
  BackendError,
  type BackendName,
  type BackendOptions,
} from '../../src/engines/node/choose.ts';
import { CliError } from './cli.ts';
import { oneOf, whole } from './flags.ts';

/** Their values, for `readFlags`. */
export const backendFlags = { backend: { type: 'string' }, threads: { type: 'string' } } as const;

/** @throws CliError on a value that is not known, and on more threads than the machine has */
export function readBackend(values: { backend?: string; threads?: string }): {
  backend?: BackendName;
  threads?: number;
} {
  return {
    backend: oneOf('backend', values.backend, BACKEND_NAMES),
    threads: readThreads(values.threads),
  };
}

/** @throws CliError unless the machine has as many */
export const readThreads = (value: string | undefined): number | undefined =>
  whole('threads', value, 1, availableParallelism(), ', the threads that this machine has');

/** As `activateBackend`. @throws CliError when this machine does not have it */
export async function useBackend(name: BackendName, options: BackendOptions): Promise<ActiveBackend> {
  try {
    return await activateBackend(name, options);
  } catch (error) {
    if (error instanceof BackendError) throw new CliError(error.message);
    throw error;
  }
}

/** What is computed on and, where nobody named it, why on nothing faster. */
export function backendLines({ name, device, details, passedOver }: ActiveBackend): string[] {
  return [
    `Backend: ${name} on ${device}`,
    ...details.map((detail) => `  ${detail}`),
    ...passedOver.map((other) => `  not ${other.name}: ${other.reason}`),
  ];
}
