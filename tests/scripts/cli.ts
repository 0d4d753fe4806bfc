/** Runs the project's scripts as a user does, in a folder that is taken away at the end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';

const SCRIPTS = resolve(import.meta.dirname, '../../scripts');

/** A tiny network on a few made-up images: a whole run takes seconds and needs no dataset. */
export const TINY = [
  ...['--preset', 'smoke', '--data', 'synthetic', '--backend', 'cpu'],
  ...['--limit', '64', '--batch', '16'],
];

export interface Finished {
  code: number | null;
  out: string;
  error: string;
}

type Script =
  | 'train'
  | 'train-pytorch'
  | 'evaluate'
  | 'evaluate-drawings'
  | 'evaluate-pictures'
  | 'export'
  | 'bench'
  | 'bench-browser'
  | 'doctor'
  | 'lighthouse';

export interface Bench {
  /** Where the scripts run; relative outputs stand here. */
  folder: string;
  start: (script: Script, args: readonly string[]) => ChildProcess;
  run: (script: Script, ...args: string[]) => Promise<Finished>;
}

/** To be called at the top of a test file: its processes and its folder are gone when the file is done. */
export function bench(): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'scripts-test-'));
  const children = new Set<ChildProcess>();
  afterAll(async () => {
    for (const child of children) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  });
  const start: Bench['start'] = (script, args) => {
    const child = spawn(process.execPath, [join(SCRIPTS, `${script}.ts`), ...args], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    child.on('exit', () => children.delete(child));
    return child;
  };
  return { folder, start, run: (script, ...args) => finished(start(script, args)) };
}

/** What a process wrote, and how it ended. */
export async function finished(child: ChildProcess): Promise<Finished> {
  let [out, error] = ['', ''];
  child.stdout!.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (error += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out, error };
}

/** Waits for something that another process does. */
export async function until(condition: () => boolean): Promise<void> {
  const started = Date.now();
  while (!condition()) {
    if (Date.now() - started > 50_000) throw new Error('What was waited for did not happen.');
    await new Promise((done) => setTimeout(done, 20));
  }
}
