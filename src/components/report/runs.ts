/** Reads the published runs when the site is built. A file that is missing or broken stops the build by name. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type EnsembleRun, readEnsemble } from '../../artifacts/ensemble.ts';
import { ArtifactError } from '../../artifacts/errors.ts';
import { readRun, verifyFiles, type ReadFile, type Run as Artifacts } from '../../artifacts/run.ts';
import { type Index, type Metrics, parseIndex } from '../../artifacts/schema.ts';

export interface Run extends Artifacts {
  id: string;
  /** The model card, Markdown. */
  card: string;
}

/** Published networks that answer together. */
export interface Ensemble extends EnsembleRun {
  id: string;
  card: string;
}

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

async function readIndex(models: string): Promise<Index> {
  const text = await textOf(join(models, 'index.json'), 'models', 'index.json');
  try {
    return parseIndex(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new ArtifactError('index.json', 'models', 'it is no JSON: truncated or edited');
  }
}

/** What `read` makes of each of these folders, with its id and its card; all of its files are those it was published with. */
function readFolders<T extends { metrics: Pick<Metrics, 'id' | 'files'> }>(
  models: string,
  ids: readonly string[],
  read: (id: string, file: ReadFile) => Promise<T>,
): Promise<(T & { id: string; card: string })[]> {
  return Promise.all(
    ids.map(async (id) => {
      const file: ReadFile = (name) => bytesOf(join(models, id, name));
      const run = await read(id, file);
      await verifyFiles(run.metrics, file);
      return { id, ...run, card: await textOf(join(models, id, 'card.md'), id, 'card.md') };
    }),
  );
}

/** Every run that `<publicDir>/models/index.json` lists. @throws ArtifactError which names file and run. */
export async function readRuns(publicDir: string): Promise<Run[]> {
  const models = join(publicDir, 'models');
  const index = await readIndex(models);
  if (index.models.length === 0) throw new ArtifactError('index.json', 'models', 'it lists no run');
  return readFolders(
    models,
    index.models.map(({ id }) => id),
    readRun,
  );
}

/** Every ensemble that the index lists. @throws ArtifactError which names file and ensemble. */
export async function readEnsembles(publicDir: string): Promise<Ensemble[]> {
  const models = join(publicDir, 'models');
  const { ensembles = [] } = await readIndex(models);
  return readFolders(
    models,
    ensembles.map(({ id }) => id),
    readEnsemble,
  );
}

/** The run whose figures stand in the report: the full recipe under the name `baseline`, else the first listed. */
export const primaryRun = (runs: readonly Run[]): Run =>
  runs.find((run) => run.id === 'baseline' && run.metrics.fullRecipe) ?? runs[0]!;
