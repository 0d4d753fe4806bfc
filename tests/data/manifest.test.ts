import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseManifest } from '../../src/data/manifest.ts';

const published = (): Record<string, unknown> =>
  JSON.parse(readFileSync('public/data/index.json', 'utf8')) as Record<string, unknown>;

describe('parseManifest', () => {
  it('takes the published one', () => {
    expect(parseManifest(published()).test.images.count).toBe(10_000);
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    ['of another version', { ...published(), schemaVersion: 1 }, /schemaVersion/],
    ['with a part missing', { ...published(), test: undefined }, /test/],
    ['with a part nobody knows', { ...published(), more: 1 }, /more/],
    [
      'whose sheets do not add up',
      { ...published(), means: { images: { count: 11, perSheet: 10, columns: 10, sheets: [] } } },
      /sheets must hold count images/,
    ],
    [
      'that points out of its folder',
      {
        ...published(),
        means: {
          images: {
            count: 10,
            perSheet: 10,
            columns: 10,
            sheets: [{ file: '../means.webp', bytes: 1, sha256: '0'.repeat(64), pixels: '0'.repeat(64) }],
          },
        },
      },
      /means\.images\.sheets\[0\]\.file/,
    ],
  ])('refuses one %s, naming file and field', (_, value, field) => {
    expect(() => parseManifest(value)).toThrow(/^public\/data\/index\.json is not what this version reads/);
    expect(() => parseManifest(value)).toThrow(field);
  });
});
