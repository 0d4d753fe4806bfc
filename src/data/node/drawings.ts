/** The committed drawings, read from the checkout. */
import { readFile } from 'node:fs/promises';
import { type DrawingSet, type DrawingSetName, parseDrawingSet } from '../drawings/set.ts';

/** Where a set stands. */
export const drawingsFile = (name: DrawingSetName): URL =>
  new URL(`../drawings/${name}.json`, import.meta.url);

/** @throws {Error} in one sentence when the file is missing, no JSON, or not as `parseDrawingSet` wants it */
export async function loadDrawings(name: DrawingSetName): Promise<DrawingSet> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(drawingsFile(name), 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The drawings of the set "${name}" cannot be read: ${reason}.`, { cause: error });
  }
  return parseDrawingSet(name, content);
}
