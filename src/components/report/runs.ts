/** Reads the published runs when the site is built. A file that is missing or broken stops the build by name. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ArtifactError } from '../../artifacts/errors.ts';
import { readRun, type Run as Artifacts } from '../../artifacts/run.ts';
import { parseIndex } from '../../artifacts/schema.ts';

export interface Run extends Artifacts {
  id: string;
  /** The model card, Markdown. */
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

/** Every run that `<publicDir>/models/index.json` lists. @throws ArtifactError which names file and run. */
export async function readRuns(publicDir: string): Promise<Run[]> {
  const models = join(publicDir, 'models');
  const text = await textOf(join(models, 'index.json'), 'models', 'index.json');
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new ArtifactError('index.json', 'models', 'it is no JSON: truncated or edited');
  }
  const index = parseIndex(content);
  if (index.models.length === 0) throw new ArtifactError('index.json', 'models', 'it lists no run');
  return Promise.all(
    index.models.map(async ({ id }) => ({
      id,
      ...(await readRun(id, (name) => bytesOf(join(models, id, name)))),
      card: await textOf(join(models, id, 'card.md'), id, 'card.md'),
    })),
  );
}

/** The run whose figures stand in the report: the full recipe under the name `baseline`, else the first listed. */
export const primaryRun = (runs: readonly Run[]): Run =>
  runs.find((run) => run.id === 'baseline' && run.metrics.fullRecipe) ?? runs[0]!;
