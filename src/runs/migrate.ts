/** Published runs of an earlier version, brought to this one without training them again. */
import { join } from 'node:path';
import { cardFiles } from '../artifacts/card.ts';
import { isEnsemble, parseEnsemble } from '../artifacts/ensemble.ts';
import { type Metrics, parseMetrics, VERSIONS } from '../artifacts/schema.ts';
import { writeAtomically } from '../node/files.ts';
import { departures } from '../training/recipe.ts';
import { findPublished, MODELS, publishedIds, readMetricsFile } from './run-folders.ts';
import { difference } from './plan.ts';
import { hashesOf, jsonBytes, makeIndex } from './publish.ts';

/**
 * Migrates runs and ensembles and, where one of them is on the site, its index.
 * @param names ids or paths; all of the site's when there are none
 * @returns the ids that were migrated, without those with which nothing was to be done
 * @throws UserError for a name of no run; ArtifactError when a run is broken or of an unknown version
 */
export async function migrate(names: readonly string[]): Promise<string[]> {
  const migrated: string[] = [];
  const places = (names.length ? names : publishedIds(MODELS)).map(findPublished);
  for (const { id, output } of places) {
    if (await migrateFolder(id, output)) migrated.push(id);
  }
  if (places.some(({ onSite }) => onSite)) {
    writeAtomically(join(MODELS, 'index.json'), jsonBytes(makeIndex(MODELS)));
  }
  return migrated;
}

/**
 * Rewrites `metrics.json` and the cards of a run or an ensemble of version 1, and of one whose cards are worded otherwise
 * by now; every other file stays as it is.
 * @returns false where nothing was to be done
 * @throws ArtifactError when it is of an unknown version, or broken; nothing is changed then
 */
export async function migrateFolder(id: string, folder: string): Promise<boolean> {
  const content = readMetricsFile(folder);
  const parse = isEnsemble(content) ? parseEnsemble : parseMetrics;
  const metrics = parse(id, upgraded(content));
  const cards = await cardFiles(metrics);
  const files = { ...metrics.files, ...(await hashesOf(cards)) };
  if (difference(content, { ...metrics, files }) === null) return false;
  // In this order, a migration that was interrupted is simply done again.
  for (const [name, card] of Object.entries(cards)) writeAtomically(join(folder, name), card);
  writeAtomically(join(folder, 'metrics.json'), jsonBytes({ ...metrics, files }));
  return true;
}

/** What version 1 had instead of data: sentences in English. */
const SENTENCES = ['label', 'fullRecipe', 'deviation'];

/** The content of version 1 as that of this version; any other content as it is. */
function upgraded(content: unknown): unknown {
  const old = content as
    (Pick<Metrics, 'recipe' | 'data'> & { schemaVersion: unknown; label: string }) | null;
  if (old?.schemaVersion !== 1) return content;
  const kept = Object.fromEntries(Object.entries(old).filter(([key]) => !SENTENCES.includes(key)));
  // It did not distinguish an ensemble of other members from its preset.
  if (isEnsemble(old)) return { ...kept, schemaVersion: VERSIONS.ensemble, variation: 'none' };
  const others = /^A variant of the preset /.test(old.label);
  const seed = /, seed \d+$/.test(old.label);
  return {
    ...kept,
    schemaVersion: VERSIONS.metrics,
    variation: others ? 'settings' : seed ? 'seed' : 'none',
    departures: departures(old.recipe, old.data),
  };
}
