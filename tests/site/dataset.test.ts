import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDataset } from '../../src/site/dataset.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dataset-'));
  cpSync('public/data', join(folder, 'data'), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true }));
const at = (file: string): string => join(folder, 'data', file);

describe('readDataset', () => {
  it('reads the published one', async () => {
    const { manifest, testLabels } = await readDataset(folder);
    expect(manifest.test.images.count).toBe(10_000);
    expect(testLabels).toHaveLength(10_000);
  });

  it.each(['index.json', 'test-0.webp', 'sample-ids.bin'])('names %s where it is missing', async (file) => {
    rmSync(at(file));
    await expect(readDataset(folder)).rejects.toThrow(`public/data/${file}: it is not there`);
  });

  it.each(['index.json', 'means.webp', 'sample-labels.bin'])(
    'names %s where it is truncated',
    async (file) => {
      truncateSync(at(file), 20);
      await expect(readDataset(folder)).rejects.toThrow(`public/data/${file}: it is no`);
    },
  );

  it('names a file that was edited', async () => {
    const bytes = readFileSync(at('examples-3.webp'));
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(at('examples-3.webp'), bytes);
    await expect(readDataset(folder)).rejects.toThrow('public/data/examples-3.webp: it is not the file');
  });
});
