import { spawnSync } from 'node:child_process';

/** A Python that has PyTorch: the one on the path, or the system's own. Null where none has. */
export function findTorch(): string | null {
  const hasTorch = (python: string): boolean =>
    spawnSync(python, ['-c', 'import torch'], { stdio: 'ignore', timeout: 60_000 }).status === 0;
  return ['python3', '/usr/bin/python3'].find(hasTorch) ?? null;
}
