/** Whether published files are what they should be: their SHA-256 shows a swapped, edited or truncated one. */

import { sha256 } from '../math/arrays.ts';

/** A published file that is missing, damaged or of another version; the message names the file and the reason. */
export class ArtifactError extends Error {
  readonly file: string;
  readonly id: string;
  readonly reason: string;

  constructor(file: string, id: string, reason: string) {
    super(`${file} of "${id}": ${reason}`);
    this.name = 'ArtifactError';
    this.file = file;
    this.id = id;
    this.reason = reason;
  }
}

/**
 * Compares one file of a run with the size and hash in its metrics. Where the platform has no hashing (a page that is not
 * served over https), the size alone is compared.
 * @throws ArtifactError when the file is not the one that was published.
 */
export async function verifyFile(
  metrics: { id: string; files: Readonly<Record<string, { bytes: number; sha256: string }>> },
  name: string,
  bytes: ArrayBuffer,
): Promise<void> {
  const broken = (reason: string): ArtifactError => new ArtifactError(name, metrics.id, reason);
  const published = metrics.files[name];
  if (!published) throw broken('metrics.json does not know it');
  if (bytes.byteLength !== published.bytes) {
    const fault = bytes.byteLength < published.bytes ? 'truncated' : 'edited or swapped';
    throw broken(`it has ${bytes.byteLength} bytes, metrics.json names ${published.bytes}: ${fault}`);
  }
  if (globalThis.crypto?.subtle && (await sha256(bytes)) !== published.sha256) {
    throw broken('its SHA-256 is not the one in metrics.json: edited or swapped');
  }
}
