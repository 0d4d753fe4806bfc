/**
 * A checkpoint file is one safetensors file: its arrays as tensors, all else as JSON in the metadata. Written aside and
 * renamed, so the one on disk is whole; hashed, so that later damage is recognised.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { decodeSafetensors, encodeSafetensors } from '../artifacts/safetensors.ts';
import type { Weights } from '../network/architecture.ts';
import { UserError } from '../node/errors.ts';
import { writeAtomically } from '../node/files.ts';

/** Marks the place of an array in the JSON. */
const TENSOR = '$tensor';

/**
 * Writes any value made of JSON's types and of Float32Arrays, at whatever depth; all of it comes back bit by bit.
 * @throws UserError when the disk is full; the file before is then kept.
 */
export function writeCheckpoint(path: string, value: unknown): void {
  const tensors: Weights = {};
  const json = JSON.stringify(value, (_key, part: unknown) => {
    if (!(part instanceof Float32Array)) return part;
    const name = String(Object.keys(tensors).length);
    tensors[name] = { shape: [part.length], data: part };
    return { [TENSOR]: name };
  });
  writeAtomically(path, encodeSafetensors(tensors, { value: json, sha256: digest(json, tensors) }));
}

/**
 * What {@link writeCheckpoint} wrote, or null where there is no file.
 * @throws UserError when the file is not a whole checkpoint of this version.
 */
export function readCheckpoint(path: string): unknown {
  if (!existsSync(path)) return null;
  try {
    const { tensors, metadata } = decodeSafetensors(readFileSync(path));
    const { value: json = '', sha256 } = metadata;
    if (digest(json, tensors) !== sha256) throw new Error('It is damaged.');
    return JSON.parse(json, (_key, part: { [TENSOR]?: string } | null) =>
      part?.[TENSOR] === undefined ? part : tensors[part[TENSOR]]!.data,
    );
  } catch {
    throw new UserError(
      `${path} is not a whole checkpoint of this version (it is damaged, or another version or program wrote it); delete it and start over.`,
    );
  }
}

function digest(json: string, tensors: Weights): string {
  const hash = createHash('sha256').update(json);
  for (const { data } of Object.values(tensors)) hash.update(data);
  return hash.digest('hex');
}
