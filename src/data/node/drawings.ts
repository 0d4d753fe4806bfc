/** The committed drawings, read from the checkout. */
import { readFile } from 'node:fs/promises';
import { type DrawingSet, type DrawingSetName, parseDrawingSet } from '../drawings/set.ts';

/** @throws {Error} in one sentence when the file is missing, no JSON, or not as `parseDrawingSet` wants it */
export async function loadDrawings(name: DrawingSetName): Promise<DrawingSet> {
  const file = new URL(`../drawings/${name}.json`, import.meta.url);
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The drawings of the set "${name}" cannot be read: ${reason}`, { cause: error });
  }
  return parseDrawingSet(name, content);
}
