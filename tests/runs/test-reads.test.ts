import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { noteTestReads } from '../../src/runs/test-reads.ts';
import { countTestReads, parseTestReads } from '../../src/artifacts/test-reads.ts';

let models: string;
beforeEach(() => (models = mkdtempSync(join(tmpdir(), 'test-reads-'))));
afterEach(() => rmSync(models, { recursive: true }));
const noted = () => parseTestReads(JSON.parse(readFileSync(join(models, 'test-reads.json'), 'utf8')));

it('adds a line for each time, and keeps those of networks that were replaced', () => {
  noteTestReads(models, 'one', 2);
  noteTestReads(models, 'two', 3);
  noteTestReads(models, 'one', 2);
  expect(noted().reads.map(({ id, count }) => [id, count])).toEqual([
    ['one', 2],
    ['two', 3],
    ['one', 2],
  ]);
  expect(Date.now() - Date.parse(noted().reads[2]!.at!)).toBeLessThan(60_000);
  expect(countTestReads(noted(), [{ id: 'one', testSetReads: 2 }])).toBe(7);
  expect(() => countTestReads(noted(), [{ id: 'two', testSetReads: 4 }])).toThrow(
    'test-reads.json of "models": it has 3 reads for "two", whose metrics.json has 4',
  );
});

it('loses nothing where the file is broken', () => {
  for (const broken of [
    '{',
    '{"schemaVersion":9,"reads":[]}',
    '{"schemaVersion":1,"reads":[{"id":"one"}]}',
  ]) {
    writeFileSync(join(models, 'test-reads.json'), broken);
    expect(() => noteTestReads(models, 'one', 2)).toThrow(/mend or restore it first/);
    expect(readFileSync(join(models, 'test-reads.json'), 'utf8')).toBe(broken);
  }
});
