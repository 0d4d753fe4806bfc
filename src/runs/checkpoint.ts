/**
 * A checkpoint in one file: a header in JSON, then numbers. Written aside and renamed, so the one on disk is whole;
 * hashed, so that one damaged later is recognised.
 *
 * Layout: the eight bytes of MAGIC, the header's length (uint32, little-endian), the header, the arrays' bytes.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../node/errors.ts';
import { writeAtomically } from '../node/files.ts';

const MAGIC = 'FMREPORT';

interface Header {
  version: 1;
  sha256: string;
  value: unknown;
  lengths: number[];
}

/** Marks the place of an array in the header's JSON. */
const PLACEHOLDER = '$float32';

/**
 * Writes any value made of JSON's types and of Float32Arrays, at whatever depth; all of it comes back bit by bit.
 * @throws UserError when the disk is full; the file before is then kept.
 */
export function writeCheckpoint(path: string, value: unknown): void {
  const arrays: Float32Array[] = [];
  const plain = JSON.parse(
    JSON.stringify(value, (_key, part: unknown) =>
      part instanceof Float32Array ? { [PLACEHOLDER]: arrays.push(part) - 1 } : part,
    ),
  ) as unknown;
  const bytes = arrays.map((array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  const header: Header = {
    version: 1,
    sha256: digest(plain, bytes),
    value: plain,
    lengths: arrays.map((array) => array.length),
  };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.byteLength);
  writeAtomically(path, [MAGIC, length, text, ...bytes]);
}

/**
 * What {@link writeCheckpoint} wrote, or null where there is no file.
 * @throws UserError when the file is not a whole checkpoint.
 */
export function readCheckpoint(path: string): unknown {
  if (!existsSync(path)) return null;
  const broken = new UserError(
    `${path} is not a whole checkpoint (damaged, or written by another program); delete it and train anew.`,
  );
  const file = readFileSync(path);
  if (file.byteLength < 12 || file.toString('latin1', 0, 8) !== MAGIC) throw broken;
  const start = 12 + file.readUInt32LE(8);
  let header: Header;
  try {
    header = JSON.parse(file.toString('utf8', 12, start)) as Header;
  } catch {
    throw broken;
  }
  const { version, lengths, value, sha256 } = header;
  if (version !== 1)
    throw new UserError(`${path} was written by another version of this program; train anew.`);
  if (file.byteLength !== start + 4 * lengths.reduce((sum, length) => sum + length, 0)) throw broken;
  let offset = start;
  const bytes = lengths.map((length) => new Uint8Array(file.subarray(offset, (offset += 4 * length))));
  if (digest(value, bytes) !== sha256) throw broken;
  return fill(value, bytes);
}

function digest(plain: unknown, bytes: readonly Uint8Array[]): string {
  const hash = createHash('sha256').update(JSON.stringify(plain));
  for (const chunk of bytes) hash.update(chunk);
  return hash.digest('hex');
}

function fill(part: unknown, bytes: readonly Uint8Array[]): unknown {
  if (Array.isArray(part)) return part.map((item) => fill(item, bytes));
  if (part === null || typeof part !== 'object') return part;
  if (PLACEHOLDER in part) return new Float32Array(bytes[part[PLACEHOLDER] as number]!.slice().buffer);
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, fill(value, bytes)]));
}
