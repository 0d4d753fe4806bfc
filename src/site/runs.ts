/** Reads the published runs when the site is built. A file that is missing or broken stops the build by name. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Course, readCourse } from '../artifacts/pytorch-run.ts';
import { type EnsembleRun, readEnsemble } from '../artifacts/ensemble.ts';
import { ArtifactError } from '../artifacts/errors.ts';
import { LATER_FILES } from '../artifacts/later.ts';
import { readRun, readWeightsHash, verifyFiles, type ReadFile, type Run } from '../artifacts/run.ts';
import { type Index, type Metrics, parseIndex } from '../artifacts/schema.ts';
import { countTestReads, parseTestReads, TEST_READS_FILE } from '../artifacts/test-reads.ts';

interface Folder {
  id: string;
  /** The model card, Markdown. */
  card: string;
  /** Those of {@link LATER_FILES} that are there. */
  later: readonly string[];
}

export interface PublishedRun extends Run, Folder {}

/** Published networks that answer together. */
export interface PublishedEnsemble extends EnsembleRun, Folder {}

/** The bytes of a file, or null where there is none. */
async function bytesOf(path: string): Promise<ArrayBuffer | null> {
  try {
    const { buffer, byteOffset, byteLength } = await readFile(path);
    return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function textOf(path: string, id: string, file: string): Promise<string> {
  const bytes = await bytesOf(path);
  if (!bytes) throw new ArtifactError(file, id, 'it is not there');
  return new TextDecoder().decode(bytes);
}

/** Of a file that stands beside the runs. */
async function jsonOf(path: string, file: string): Promise<unknown> {
  const text = await textOf(path, 'models', file);
  try {
    return JSON.parse(text);
  } catch {
    throw new ArtifactError(file, 'models', 'it is no JSON: truncated or edited');
  }
}

const readIndex = async (models: string): Promise<Index> =>
  parseIndex(await jsonOf(join(models, 'index.json'), 'index.json'));

/** What `read` makes of each of these folders, with its id and its card; all of its files are those it was published with. */
function readFolders<T extends { metrics: Pick<Metrics, 'id' | 'files'> }>(
  models: string,
  ids: readonly string[],
  read: (id: string, file: ReadFile) => Promise<T>,
): Promise<(T & Folder)[]> {
  return Promise.all(
    ids.map(async (id) => {
      const file: ReadFile = (name) => bytesOf(join(models, id, name));
      const run = await read(id, file);
      await verifyFiles(run.metrics, file);
      const card = await textOf(join(models, id, 'card.md'), id, 'card.md');
      const there = await Promise.all(LATER_FILES.map(file));
      return { id, ...run, card, later: LATER_FILES.filter((_, i) => there[i]) };
    }),
  );
}

/** Every run that `<publicDir>/models/index.json` lists. @throws ArtifactError which names file and run. */
export async function readRuns(publicDir: string): Promise<PublishedRun[]> {
  const models = join(publicDir, 'models');
  const index = await readIndex(models);
  if (index.models.length === 0) throw new ArtifactError('index.json', 'models', 'it lists no run');
  return readFolders(
    models,
    index.models.map(({ id }) => id),
    readRun,
  );
}

/** The course of a run's recipe in PyTorch, where there is one. @throws ArtifactError which names file and run */
export const readPyTorch = (publicDir: string, { id, metrics }: PublishedRun): Promise<Course | null> =>
  readCourse(metrics, (name) => bytesOf(join(publicDir, 'models', id, name)));

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
  const { ensembles: listed = [] } = await readIndex(models);
  const ids = listed.map(({ id }) => id);
  const ensembles = await readFolders(models, ids, readEnsemble);
  for (const { id, metrics } of ensembles) {
    for (const member of metrics.members) {
      const run = runs.find((each) => each.id === member.id);
      const file: ReadFile = (name) => bytesOf(join(models, member.id, name));
      if (!run || (await readWeightsHash(run.metrics, file)) !== member.weights) {
        const reason = `its member "${member.id}" is not the network that is published now; make the ensemble again`;
        throw new ArtifactError('metrics.json', id, reason);
      }
    }
  }
  return ensembles;
}

/** How often the test set was read for all that was ever published. @throws ArtifactError which says what is amiss */
export async function readTestReads(
  publicDir: string,
  published: readonly (PublishedRun | PublishedEnsemble)[],
): Promise<number> {
  const reads = parseTestReads(await jsonOf(join(publicDir, 'models', TEST_READS_FILE), TEST_READS_FILE));
  return countTestReads(
    reads,
    published.map(({ metrics }) => metrics),
  );
}

/** The run whose figures stand in the report: the full recipe under the name `baseline`, else the first listed. */
export const primaryRun = (runs: readonly PublishedRun[]): PublishedRun =>
  runs.find((run) => run.id === 'baseline' && run.metrics.fullRecipe) ?? runs[0]!;
