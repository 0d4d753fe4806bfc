/** Networks that the reader has taught and keeps in the browser. */
import { type Architecture, type Weights, weightSpecs } from '../../model/architecture.ts';
import { has, read, write } from './database.ts';
import { EngineError } from './files.ts';

/** A network, whole. */
export interface KeptNetwork {
  readonly architecture: Architecture;
  readonly weights: Weights;
}

/** The name of the network that the reader taught last. */
export const MINE = 'mine';

const key = (name: string): string => `network/${name}`;

/** @throws StorageError */
export function keepNetwork(name: string, network: KeptNetwork): Promise<void> {
  return write(key(name), network);
}

/** Whether one is kept; none is where the browser does not say. */
export async function isKept(name: string): Promise<boolean> {
  return has(key(name)).catch(() => false);
}

/** The architecture of a network that is kept, or null. @throws StorageError */
export async function keptNetwork(name: string): Promise<KeptNetwork | null> {
  const found = (await read(key(name))) as KeptNetwork | undefined;
  return found ?? null;
}

/** @throws EngineError `missing` or `damaged` */
export async function keptWeights(name: string): Promise<Weights> {
  const found = await keptNetwork(name).catch(() => null);
  if (!found) throw new EngineError('missing', `no network "${name}" is kept in this browser`);
  const sound = weightSpecs(found.architecture).every(
    ({ name, shape }) => found.weights[name]?.shape.join() === shape.join(),
  );
  if (!sound) throw new EngineError('damaged', `the network "${name}" that is kept here is not whole`);
  return found.weights;
}
