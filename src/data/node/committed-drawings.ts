/** The committed drawings, read from the checkout. */
import { readFile } from 'node:fs/promises';
import { messageOf, UserError } from '../../node/errors.ts';
import { type CommittedDrawing, type DrawingSetName, parseDrawingSet } from '../drawings/set.ts';

/** Where a set is kept. */
export const drawingsFile = (name: DrawingSetName): URL =>
  new URL(`../drawings/${name}.json`, import.meta.url);

/** @throws UserError when the file is missing, no JSON, or not as `parseDrawingSet` wants it */
export async function readDrawings(name: DrawingSetName): Promise<CommittedDrawing[]> {
  try {
    return parseDrawingSet(name, JSON.parse(await readFile(drawingsFile(name), 'utf8'))).drawings;
  } catch (error) {
    throw new UserError(`The drawings of the set "${name}" cannot be read: ${messageOf(error)}`);
  }
}
