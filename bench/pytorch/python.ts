/** Python with PyTorch, and the scripts in this folder. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

let found: string | null | undefined;

/** A Python that has PyTorch: the one on the path, or the system's own; null if neither has. Importing it takes seconds. */
export function findTorch(): string | null {
  const hasTorch = (python: string): boolean =>
    spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore', timeout: 60_000 }).status === 0;
  found ??= ['python3', '/usr/bin/python3'].find(hasTorch) ?? null;
  return found;
}

/** Python's arguments for a script in this folder. It writes no compiled files, which would be left in the checkout. */
export const torchScript = (name: string, parameters: readonly string[]): string[] => [
  '-B',
  join(import.meta.dirname, name),
  ...parameters,
];
