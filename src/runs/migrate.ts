/** Published runs of an earlier version, brought to this one without training them again. */
import { join } from 'node:path';
import { modelCard } from '../artifacts/card.ts';
import { type EnsembleMetrics, ensembleSchema, isEnsemble } from '../artifacts/ensemble.ts';
import { type Metrics, metricsSchema, parse, VERSIONS } from '../artifacts/schema.ts';
import { writeAtomically } from '../node/files.ts';
import { departures } from '../training/recipe.ts';
import { findPublished, MODELS, publishedIds } from './run-folders.ts';
import { hashesOf, jsonBytes, makeIndex, readMetricsFile } from './publish.ts';

/** Of version 1: what the run is, and how it differs from the report's recipe, was written out in English. */
type Version1 = Pick<Metrics, 'recipe' | 'data'> & { schemaVersion: unknown; label: string };

/**
 * Migrates runs and ensembles and, where one of them is on the site, its index.
 * @param names ids or paths; all of the site's when there are none
 * @returns the ids that were migrated, without those that were of this version already
 * @throws UserError for a name of no run; ArtifactError when a run is broken or of a version that nobody knows
 */
export async function migrate(names: readonly string[]): Promise<string[]> {
  const migrated: string[] = [];
  const places = (names.length ? names : publishedIds(MODELS)).map(findPublished);
  for (const { id, output } of places) {
    if (await migrateFolder(id, output)) migrated.push(id);
  }
  if (places.some(({ onSite }) => onSite)) {
    writeAtomically(join(MODELS, 'index.json'), [jsonBytes(makeIndex(MODELS))]);
  }
  return migrated;
}

/**
 * Rewrites `metrics.json` and `card.md` of a run or an ensemble of version 1; every other file stays as it is.
 * @returns false where it is of this version already, and nothing was to be done
 * @throws ArtifactError when it is of neither version, or broken; nothing is changed then
 */
export async function migrateFolder(id: string, folder: string): Promise<boolean> {
  const content = readMetricsFile(folder) as Version1 | null;
  const schema = isEnsemble(content) ? ensembleSchema : metricsSchema;
  if (content?.schemaVersion !== 1) {
    parse(schema, 'metrics.json', id, content);
    return false;
  }
  const metrics = isEnsemble(content) ? migratedEnsemble(id, content) : migratedRun(id, content);
  const card = new TextEncoder().encode(modelCard(metrics));
  const files = { ...metrics.files, ...(await hashesOf({ 'card.md': card })) };
  // In this order, a migration that was interrupted is simply done again.
  writeAtomically(join(folder, 'card.md'), [card]);
  writeAtomically(join(folder, 'metrics.json'), [jsonBytes({ ...metrics, files })]);
  return true;
}

const migratedRun = (id: string, old: Version1): Metrics =>
  parse(metricsSchema.strip(), 'metrics.json', id, {
    ...old,
    schemaVersion: VERSIONS.metrics,
    variation: /^A variant of the preset /.test(old.label)
      ? 'settings'
      : /, seed \d+$/.test(old.label)
        ? 'seed'
        : 'none',
    departures: departures(old.recipe, old.data),
  });

/** Version 1 did not tell other members from the preset's, and called all of them by its name. */
const migratedEnsemble = (id: string, old: Version1): EnsembleMetrics =>
  parse(ensembleSchema.strip(), 'metrics.json', id, {
    ...old,
    schemaVersion: VERSIONS.ensemble,
    variation: 'none',
  });
