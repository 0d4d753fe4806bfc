/** Reads the published runs when the site is built. A file that is missing or broken stops the build by name. */
import { join } from 'node:path';
import { ABLATION_FILE, type AblationFigures, parseAblation } from '../artifacts/ablation.ts';
import { type PyTorchRun, readPyTorchRun } from '../artifacts/pytorch-run.ts';
import { type EnsembleRun, readEnsemble } from '../artifacts/ensemble.ts';
import { ArtifactError } from '../artifacts/integrity.ts';
import { LESSONS_FILE, type LessonFigures, parseLessonFigures } from '../artifacts/lessons.ts';
import {
  LATER_FILES,
  type ReadFile,
  readRun,
  readUnverified,
  readWeightsHash,
  type Run,
  verifyFiles,
} from '../artifacts/run.ts';
import { type Index, type Metrics, parseIndex } from '../artifacts/schema.ts';
import { countTestReads, parseTestReads, TEST_READS_FILE } from '../artifacts/test-reads.ts';
import { folderReader } from '../node/files.ts';
import { isFullRecipe } from '../training/recipe.ts';

interface Folder {
  id: string;
  /** Those of {@link LATER_FILES} that are there. */
  later: readonly string[];
}

export interface PublishedRun extends Run, Folder {}

/** Published networks that answer together. */
export interface PublishedEnsemble extends EnsembleRun, Folder {}

const readIndex = async (models: ReadFile): Promise<Index> =>
  parseIndex(await readUnverified('models', 'index.json', models));

/** What `read` makes of each of these folders, with its id; all of its files are those it was published with. */
function readFolders<T extends { metrics: Pick<Metrics, 'id' | 'files'> }>(
  models: string,
  ids: readonly string[],
  read: (id: string, file: ReadFile) => Promise<T>,
): Promise<(T & Folder)[]> {
  return Promise.all(
    ids.map(async (id) => {
      const file = folderReader(join(models, id));
      const run = await read(id, file);
      await verifyFiles(run.metrics, file);
      const there = await Promise.all(LATER_FILES.map(file));
      return { id, ...run, later: LATER_FILES.filter((_, i) => there[i]) };
    }),
  );
}

/** Every run that `<publicDir>/models/index.json` lists. @throws ArtifactError which names file and run. */
export async function readRuns(publicDir: string): Promise<PublishedRun[]> {
  const models = join(publicDir, 'models');
  const index = await readIndex(folderReader(models));
  if (index.models.length === 0) throw new ArtifactError('index.json', 'models', 'it lists no run');
  return readFolders(
    models,
    index.models.map(({ id }) => id),
    readRun,
  );
}

/** The training by the recipe of a run in PyTorch, where there is one. @throws ArtifactError which names file and run */
export const readPyTorch = (publicDir: string, { id, metrics }: PublishedRun): Promise<PyTorchRun | null> =>
  readPyTorchRun(metrics, folderReader(join(publicDir, 'models', id)));

/** Whether the run of this id is among these, with the weights of this hash. */
async function hasWeights(
  models: string,
  runs: readonly PublishedRun[],
  id: string,
  weights: string,
): Promise<boolean> {
  const run = runs.find((each) => each.id === id);
  return !!run && (await readWeightsHash(run.metrics, folderReader(join(models, id)))) === weights;
}

/**
 * Every ensemble that the index lists.
 * @param runs those published beside it
 * @throws ArtifactError which names file and ensemble, also where a member is not the network that is published now
 */
export async function readEnsembles(
  publicDir: string,
  runs: readonly PublishedRun[],
): Promise<PublishedEnsemble[]> {
  const models = join(publicDir, 'models');
  const { ensembles: listed = [] } = await readIndex(folderReader(models));
  const ids = listed.map(({ id }) => id);
  const ensembles = await readFolders(models, ids, readEnsemble);
  for (const { id, metrics } of ensembles) {
    for (const member of metrics.members) {
      if (await hasWeights(models, runs, member.id, member.weights)) continue;
      const reason = `its member "${member.id}" is not the network that is published now; make the ensemble again`;
      throw new ArtifactError('metrics.json', id, reason);
    }
  }
  return ensembles;
}

/** How often the test set was read for all that was ever published. @throws ArtifactError which says what is amiss */
export async function readTestReads(
  publicDir: string,
  published: readonly (PublishedRun | PublishedEnsemble)[],
): Promise<number> {
  const reads = parseTestReads(
    await readUnverified('models', TEST_READS_FILE, folderReader(join(publicDir, 'models'))),
  );
  return countTestReads(
    reads,
    published.map(({ metrics }) => metrics),
  );
}

/** The report's recipe in full under the name `baseline`; null while it is not published. */
export const fullBaseline = (runs: readonly PublishedRun[]): PublishedRun | null =>
  runs.find(({ id, metrics }) => id === 'baseline' && isFullRecipe(metrics)) ?? null;

/** The run whose figures the report shows: the full baseline, else the first listed. */
export const primaryRun = (runs: readonly PublishedRun[]): PublishedRun => fullBaseline(runs) ?? runs[0]!;

/** The content of a file beside the index; null where there is none. */
async function readBeside<T>(
  models: string,
  file: string,
  parse: (id: string, content: unknown) => T,
): Promise<T | null> {
  const read = folderReader(models);
  return (await read(file)) ? parse('models', await readUnverified('models', file, read)) : null;
}

/**
 * What came of the lessons; null where they were not carried out.
 * @throws ArtifactError also where they began with other weights than are published
 */
export async function readLessons(
  publicDir: string,
  runs: readonly PublishedRun[],
): Promise<LessonFigures | null> {
  const models = join(publicDir, 'models');
  const figures = await readBeside(models, LESSONS_FILE, parseLessonFigures);
  if (!figures || (await hasWeights(models, runs, figures.run, figures.weights))) return figures;
  const reason = 'it is about other weights than are published; run "npm run evaluate:lessons" again';
  throw new ArtifactError(LESSONS_FILE, 'models', reason);
}

/**
 * What each change brought; null where that was not measured.
 * @throws ArtifactError also where a network has other weights than are published
 */
export async function readAblation(
  publicDir: string,
  runs: readonly PublishedRun[],
): Promise<AblationFigures | null> {
  const models = join(publicDir, 'models');
  const figures = await readBeside(models, ABLATION_FILE, parseAblation);
  for (const [id, weights] of Object.entries(figures?.weights ?? {})) {
    if (await hasWeights(models, runs, id, weights)) continue;
    const reason = `it is about other weights of "${id}" than are published; run "npm run evaluate:ablation -- --write" again`;
    throw new ArtifactError(ABLATION_FILE, 'models', reason);
  }
  return figures;
}
