/**
 * One run per folder: a file that names the process that works in it.
 *
 * Written here because the lock files on npm either have had no release for years (proper-lockfile, lockfile) or need
 * native code, and Node has no `flock`. Creating a file that must not exist yet works on every file system, also
 * where there are no hard links (exFAT).
 */
import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname, uptime } from 'node:os';
import { systemCode, UserError } from '../node/errors.ts';

/** Within this time a lock without content is one that is being written, later one that a power cut left behind. */
const WRITING_MILLISECONDS = 2000;

/**
 * Takes the lock file `path`, also from a process that is no longer alive.
 * @returns a function that releases it.
 * @throws UserError when a living process, or one on another machine, holds it.
 */
export function takeLock(path: string): () => void {
  const mine = JSON.stringify({ pid: process.pid, host: hostname() });
  for (let attempt = 0; attempt < 5; attempt++) {
    try {
      writeFileSync(path, mine, { flag: 'wx' });
      return () => {
        if (read(path) === mine) rmSync(path, { force: true });
      };
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') {
        throw new UserError(`Cannot write the lock ${path}: ${systemCode(error)}.`);
      }
    }
    const stale = read(path);
    if (isStale(path, stale)) removeStale(path, stale);
  }
  throw new UserError(`Cannot take the lock ${path}: several runs are starting at once; try again.`);
}

/** @throws UserError when the lock is held */
function isStale(path: string, content: string | null): boolean {
  const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
  let owner: { pid: number; host: string };
  try {
    owner = JSON.parse(content ?? '') as typeof owner;
  } catch {
    return age > WRITING_MILLISECONDS;
  }
  const { pid, host } = owner;
  if (host !== hostname()) {
    throw new UserError(
      `Another run on the machine "${host}" (process ${pid}) uses this folder; if it is no longer alive, delete ${path}.`,
    );
  }
  // A lock from before the last start of the machine: whatever has this number now is another process.
  if (age > 1000 * uptime() || !isAlive(pid)) return true;
  throw new UserError(
    `Another run (process ${pid}) is working on this output; wait for it, stop it, or choose another --output.`,
  );
}

/** Moves a stale lock away; one that another run has taken over since it was read is put back. */
function removeStale(path: string, stale: string | null): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
    const moved = read(aside);
    if (moved !== stale && moved !== null) writeFileSync(path, moved, { flag: 'wx' });
  } catch {
    // Another run was faster: the next attempt sees what it has left.
  } finally {
    rmSync(aside, { force: true });
  }
}

/** Null where there is no such file. */
function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return systemCode(error) !== 'ESRCH'; // EPERM: it lives, and belongs to somebody else.
  }
}
