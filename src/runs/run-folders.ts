/** The folders of runs: published ones, and those in which a run keeps its state. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { isEnsemble } from '../artifacts/ensemble.ts';
import { ID_PATTERN } from '../artifacts/schema.ts';
import { UserError } from '../node/errors.ts';
import { shown } from '../node/files.ts';

export const ROOT = resolve(import.meta.dirname, '../..');

/** What the site publishes. */
export const MODELS = join(ROOT, 'public', 'models');

/** Where the site's runs keep their state by default; not in the repository. */
const RUNS = join(ROOT, '.cache', 'runs');

export interface RunFolders {
  id: string;
  /** The folder that is published. */
  output: string;
  /** Whether that is a folder of the site, listed in its index. */
  onSite: boolean;
  /** Holds checkpoint and log. */
  state: string;
  /** Folders that belong to this run while it lives: one for its output, and its state. */
  locked: string[];
}

/**
 * @param output an id, or a path with a separator
 * @throws UserError when it is neither
 */
export function runFolders(output: string, stateDir?: string): RunFolders {
  const isPath = /[/\\]/.test(output) || output === '.' || output === '..';
  const folder = isPath ? resolve(output) : join(MODELS, output);
  const id = basename(folder);
  if (!ID_PATTERN.test(id)) {
    throw new UserError(
      `"${id}" cannot be the id of a run: it must be lower-case letters, digits and single hyphens, like "my-run-2".`,
    );
  }
  const onSite = dirname(folder) === MODELS;
  const own = onSite ? join(RUNS, id) : `${folder}.state`;
  const state = stateDir === undefined ? own : resolve(stateDir);
  return { id, output: folder, onSite, state, locked: [...new Set([own, state])] };
}

/** @param id of a run of the site, or a path with a separator. @throws UserError when there is none */
export function findPublished(id: string): RunFolders {
  const place = runFolders(id);
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

/**
 * Refuses to publish over anything but its like: an ensemble has no weights, so in a network's place it would lose them.
 * @throws UserError which names the folder.
 */
export function checkReplaceable(output: string, kind: 'network' | 'ensemble'): void {
  if (!existsSync(output)) return;
  if (!statSync(output).isDirectory())
    throw new UserError(`${shown(output)} is a file; choose another --output.`);
  if (readdirSync(output).length === 0) return;
  if (!existsSync(join(output, 'metrics.json'))) {
    throw new UserError(`The folder ${shown(output)} holds other files than a run; choose another --output.`);
  }
  // One that is broken may be replaced by a new training.
  const there = isEnsemble(readMetricsFile(output)) ? 'ensemble' : 'network';
  if (there !== kind) {
    const held = there === 'ensemble' ? 'an ensemble' : 'a trained network';
    throw new UserError(`The folder ${shown(output)} holds ${held}; choose another --output.`);
  }
}

/** The content of a folder's `metrics.json`, unchecked; null where it is missing or no JSON, which no schema accepts. */
export function readMetricsFile(folder: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, 'metrics.json'), 'utf8')) as unknown;
  } catch {
    return null;
  }
}
