/** One run a folder: a file that names the process which works in it. */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { UserError, systemCode } from '../node/errors.ts';

interface Owner {
  pid: number;
  host: string;
  /** Start time of the process where the system tells it (Linux), so that a re-used pid is not taken for it. */
  born: string | null;
}

/**
 * Takes the lock file `path`, also from a process that is no longer alive.
 * @returns a function that releases it.
 * @throws UserError when a living process, or one on another machine, holds it.
 */
export function takeLock(path: string): () => void {
  const mine: Owner = { pid: process.pid, host: hostname(), born: birth(process.pid) };
  for (let attempt = 0; attempt < 5; attempt++) {
    if (create(path, mine)) {
      return () => {
        if (same(read(path), mine)) rmSync(path, { force: true });
      };
    }
    const owner = read(path);
    if (owner && owner.host !== mine.host) {
      throw new UserError(
        `Another run on the machine "${owner.host}" (process ${owner.pid}) uses this folder; if it is no longer alive, delete ${path}.`,
      );
    }
    if (owner && alive(owner)) {
      throw new UserError(
        `Another run (process ${owner.pid}) is working on this output; wait for it, stop it, or choose another --output.`,
      );
    }
    removeStale(path, owner);
  }
  throw new UserError(`Cannot take the lock ${path}: several runs are starting at once; try again.`);
}

/** Whether the lock could be created: written aside and linked, so that nobody ever sees it half written. */
function create(path: string, owner: Owner): boolean {
  const aside = `${path}.${process.pid}`;
  try {
    writeFileSync(aside, JSON.stringify(owner));
    linkSync(aside, path);
    return true;
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false;
    throw new UserError(`Cannot write the lock ${path}: ${systemCode(error)}.`);
  } finally {
    rmSync(aside, { force: true });
  }
}

/**
 * Moves a dead owner's lock aside before deleting it, and puts it back if, between our look and our move, another run
 * had already taken it over.
 */
function removeStale(path: string, stale: Owner | null): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return;
    throw error;
  }
  if (!same(read(aside), stale)) {
    try {
      linkSync(aside, path);
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
  rmSync(aside, { force: true });
}

/** Null where there is no lock or only a broken one, as a power cut leaves it. */
function read(path: string): Owner | null {
  try {
    const owner = JSON.parse(readFileSync(path, 'utf8')) as Owner;
    return Number.isInteger(owner.pid) ? owner : null;
  } catch {
    return null;
  }
}

function same(a: Owner | null, b: Owner | null): boolean {
  return a?.pid === b?.pid && a?.host === b?.host && a?.born === b?.born;
}

function alive(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if (systemCode(error) === 'ESRCH') return false; // EPERM: it lives, as somebody else's
  }
  return owner.born === birth(owner.pid);
}

/**
 * Field 22 of /proc/<pid>/stat: clock ticks since boot at which the process started; 'dead' for one that has ended but
 * that its parent has not collected; null where there is no /proc.
 */
function birth(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field, the command, may hold spaces; it ends with the last parenthesis.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'dead' : (fields[19] ?? null);
  } catch {
    return null;
  }
}
