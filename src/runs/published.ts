/** Published runs on disk. */
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReadFile } from '../artifacts/run.ts';
import { UserError, systemCode } from '../node/errors.ts';
import { MODELS, type Places, places, shown } from './places.ts';

/** @param id of a run of the site, or a path with a separator. @throws UserError when there is none */
export function findPublished(id: string): Places {
  const place = places(id, undefined);
  if (!existsSync(place.output)) {
    const known = existsSync(MODELS)
      ? readdirSync(MODELS, { withFileTypes: true }).filter(
          (entry) => entry.isDirectory() && !entry.name.startsWith('.'),
        )
      : [];
    const list = known.length ? `; published are ${known.map(({ name }) => name).join(', ')}` : '';
    throw new UserError(`There is no run "${id}" (${shown(place.output)})${list}.`);
  }
  return place;
}

/** Reads the files of a folder. */
export function folderReader(folder: string): ReadFile {
  return async (name) => {
    try {
      return new Uint8Array(await readFile(join(folder, name))).buffer;
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return null;
      throw error;
    }
  };
}
