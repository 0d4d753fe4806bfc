/** Networks that the reader has fine-tuned and keeps in the browser. */
import { type Architecture, type Weights, weightSpecs } from '../../network/architecture.ts';
import { has, read, write } from './database.ts';
import { EngineError } from './protocol.ts';

/** A complete network. */
export interface KeptNetwork {
  readonly architecture: Architecture;
  readonly weights: Weights;
  /** The name of its eleventh class, where it has one. */
  readonly className?: string;
}

/** The name of the network that the reader fine-tuned last. */
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

/** @throws EngineError `not-kept` */
export async function keptWeights(name: string): Promise<Weights> {
  const found = await keptNetwork(name).catch(() => null);
  if (!found) throw new EngineError('not-kept', `no network "${name}" is kept in this browser`);
  if (!isWhole(found)) throw new EngineError('not-kept', `the network "${name}" that is kept is incomplete`);
  return found.weights;
}

/** Whether the weights are all there, in the shapes that the architecture wants. */
export function isWhole({ architecture, weights }: KeptNetwork): boolean {
  return weightSpecs(architecture).every(({ name, shape }) => weights[name]?.shape.join() === shape.join());
}
