/** The backend that a command computes on, and what is printed of it. */
import {
  type ActiveBackend,
  activateBackend,
  BackendError,
  type BackendName,
  type BackendOptions,
} from '../engines/node/choose.ts';
import { CliError } from '../node/errors.ts';

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
