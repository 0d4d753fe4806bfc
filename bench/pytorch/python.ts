import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** A Python that has PyTorch: the one on the path, or the system's own. Null where none has. */
export function findTorch(): string | null {
  const hasTorch = (python: string): boolean =>
    spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore', timeout: 60_000 }).status === 0;
  return ['python3', '/usr/bin/python3'].find(hasTorch) ?? null;
}

/** Python's arguments for a script of `torch/`. Compiled files would be left in the checkout, so none are written. */
export const torchScript = (name: string, parameters: readonly string[]): string[] => [
  '-B',
  join(import.meta.dirname, name),
  ...parameters,
];
