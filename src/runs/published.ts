/** Published runs on disk. */
import { existsSync, readdirSync } from 'node:fs';
import { UserError } from '../node/errors.ts';
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
