/** Published runs on disk. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ID_PATTERN } from '../artifacts/schema.ts';
import { UserError } from '../node/errors.ts';
import { MODELS, type Places, places, shown } from './places.ts';

/** @param id of a run of the site, or a path with a separator. @throws UserError when there is none */
export function findPublished(id: string): Places {
  const place = places(id, undefined);
  if (!existsSync(place.output)) {
    const known = publishedIds(MODELS);
    const list = known.length ? `; published are ${known.join(', ')}` : '';
    throw new UserError(`There is no run "${id}" (${shown(place.output)})${list}.`);
  }
  return place;
}

/** The runs and ensembles in a folder like `public/models`, sorted. */
export function publishedIds(models: string): string[] {
  if (!existsSync(models)) return [];
  return readdirSync(models)
    .filter((name) => ID_PATTERN.test(name) && existsSync(join(models, name, 'metrics.json')))
    .sort();
}
