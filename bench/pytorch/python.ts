/** Python with PyTorch, and the scripts in this folder. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { UserError } from '../../src/node/errors.ts';
import type { TorchMessage } from './training.ts';

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

/**
 * Trains to the end.
 * @param jobFile holds a TorchJob
 * @returns the exit code of an interrupt, or null when training has finished
 * @throws UserError with Python's last line if it failed
 */
export async function trainInTorch(
  python: string,
  jobFile: string,
  onMessage: (message: TorchMessage) => void,
): Promise<number | null> {
  const child = spawn(python, torchScript('train.py', [jobFile]), { stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  // On Ctrl-C the terminal interrupts the child too; this process only waits for it.
  const wait = (): void => undefined;
  const pass = (): void => void child.kill('SIGINT');
  process.on('SIGINT', wait).on('SIGTERM', pass);
  try {
    for await (const line of createInterface({ input: child.stdout }))
      onMessage(JSON.parse(line) as TorchMessage);
    const [code, signal] = await ended;
    if (code === 0) return null;
    if (code === 130 || signal === 'SIGINT') return 130;
    throw new UserError(`PyTorch failed: ${errors.trim().split('\n').at(-1) || (signal ?? code)}`, 1);
  } finally {
    process.off('SIGINT', wait).off('SIGTERM', pass);
    child.kill();
  }
}
