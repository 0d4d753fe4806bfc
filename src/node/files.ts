/** Files that are either whole or not there, and how they are read. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { obstacle, systemCode, UserError, writeFailure } from './errors.ts';

/**
 * Writes a file aside, forces it to disk and renames it into place: whoever reads `path` sees the old content or the
 * new one, also after a power cut.
 * @throws UserError (exit code 1) when the disk is full or not writable; `path` is then what it was.
 */
export function writeAtomically(path: string, content: Uint8Array | string): void {
  const aside = `${path}.part`;
  try {
    writeFileSync(aside, content, { flush: true });
    renameSync(aside, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(aside, { force: true });
    throw new UserError(writeFailure(path, error, existsSync(path)), 1);
  }
}

/**
 * Puts a folder of files into place: written beside it, then renamed. A folder that was there is replaced as a whole.
 * @throws UserError when it cannot be written; what was there is then kept.
 */
export function placeFolder(folder: string, files: Record<string, Uint8Array>): void {
  const aside = join(dirname(folder), `.${basename(folder)}.part`);
  const old = join(dirname(folder), `.${basename(folder)}.old`);
  try {
    rmSync(aside, { recursive: true, force: true });
    mkdirSync(aside, { recursive: true });
    for (const [name, bytes] of Object.entries(files)) {
      writeFileSync(join(aside, name), bytes, { flush: true });
    }
    if (existsSync(folder)) {
      rmSync(old, { recursive: true, force: true });
      renameSync(folder, old);
    }
    try {
      renameSync(aside, folder);
    } catch (error) {
      if (existsSync(old)) renameSync(old, folder);
      throw error;
    }
    rmSync(old, { recursive: true, force: true });
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    throw new UserError(writeFailure(shown(folder), error), 1);
  }
}

/**
 * Makes a folder and proves that files can be written into it.
 * @throws UserError which names the folder, when that is not so.
 */
export function ensureWritableFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    const probe = join(folder, `.probe-${process.pid}`);
    closeSync(openSync(probe, 'w'));
    rmSync(probe);
  } catch (error) {
    throw new UserError(`Cannot write into the folder ${folder}: ${obstacle(error)}; choose another one.`);
  }
}

/** Takes away a folder that nothing was put into. */
export function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    // ENOTEMPTY: it holds something, which stays.
    if (systemCode(error) === undefined) throw error;
  }
}

/** A rename is on disk only once its folder is; some systems and shares cannot sync folders, which loses nothing else. */
function syncFolder(folder: string): void {
  let handle: number | undefined;
  try {
    handle = openSync(folder, 'r');
    fsyncSync(handle);
  } catch {
    // Windows, exFAT, some network shares: the file itself is whole and on disk.
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

/** Reads the files of a folder by their names; null for one that is not there. */
export function folderReader(folder: string): (name: string) => Promise<ArrayBuffer | null> {
  return async (name) => {
    try {
      return new Uint8Array(await readFile(join(folder, name))).buffer;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return null;
      throw error;
    }
  };
}

/** A path as one would type it: from the current folder if it lies in it. */
export function shown(path: string): string {
  const short = relative(process.cwd(), path);
  return short && !short.startsWith('..') ? short : path;
}

/** The folder that downloads and measurements are kept in: the platform's cache folder, under the project's name. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  const project = 'fashion-mnist-report';
  const xdg = env['XDG_CACHE_HOME'];
  // The XDG specification: a relative path there is invalid and to be ignored.
  if (xdg && isAbsolute(xdg)) return join(xdg, project);
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', project);
  if (platform === 'win32')
    return join(env['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), project, 'cache');
  return join(homedir(), '.cache', project);
}
