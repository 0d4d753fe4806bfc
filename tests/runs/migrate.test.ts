import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cardFiles } from '../../src/artifacts/card.ts';
import { parseEnsemble } from '../../src/artifacts/ensemble.ts';
import { type Metrics, parseMetrics } from '../../src/artifacts/schema.ts';
import { migrate } from '../../src/runs/migrate.ts';
import { jsonBytes } from '../../src/runs/publish.ts';
import { presets } from '../../src/training/presets.ts';
import { departures } from '../../src/training/recipe.ts';
import { metrics } from '../artifacts/examples.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'migrate-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A folder as version 1 wrote it: what each says in English instead of as data. */
function put(id: string, content: object): string {
  const path = join(folder, id);
  mkdirSync(path);
  writeFileSync(join(path, 'metrics.json'), jsonBytes(content));
  writeFileSync(join(path, 'card.md'), '# An old card\n');
  writeFileSync(join(path, 'history.json'), '{ "whatever": 1 }');
  return path;
}

const read = (path: string, file: string): string => readFileSync(join(path, file), 'utf8');
const contents = (path: string): Record<string, string> =>
  Object.fromEntries(readdirSync(path).map((file) => [file, read(path, file)]));

const run = (id: string, label: string, changes: object = {}): object => {
  const rest: Partial<Metrics> = metrics();
  delete rest.variation;
  delete rest.departures;
  const prose = { schemaVersion: 1, label, fullRecipe: true, deviation: 'epochs: 2 instead of 20' };
  return { ...rest, id, ...prose, ...changes };
};

it('says in data what version 1 said in English, and leaves every other file alone', async () => {
  const { recipe } = presets['fast']!;
  const path = put('fast', run('fast', 'The fast one', { preset: 'fast', recipe }));
  expect(await migrate([path])).toEqual(['fast']);
  const migrated = parseMetrics('fast', JSON.parse(read(path, 'metrics.json')));
  expect(migrated).toMatchObject({ variation: 'none', recipe, departures: departures(recipe) });
  expect(migrated).not.toHaveProperty('deviation');
  const cards = await cardFiles(migrated);
  expect(Object.keys(cards)).toEqual(['card.zh.md', 'card.md']);
  for (const [name, card] of Object.entries(cards)) {
    expect(read(path, name)).toBe(new TextDecoder().decode(card));
    const sha256 = createHash('sha256').update(card).digest('hex');
    expect(migrated.files[name]).toEqual({ bytes: card.length, sha256 });
  }
  expect(Object.keys(migrated.files)).toHaveLength(Object.keys(metrics().files).length + 2);
  expect(read(path, 'history.json')).toBe('{ "whatever": 1 }');
});

it('does nothing the second time', async () => {
  const path = put('baseline', run('baseline', 'The report’s recipe, in full'));
  await migrate([path]);
  const once = contents(path);
  expect(await migrate([path])).toEqual([]);
  expect(contents(path)).toEqual(once);
});

it.each([
  ['The report’s recipe, in full', 'none'],
  ['The report’s recipe, in full, seed 12', 'seed'],
  ['A variant of the preset “report”', 'settings'],
])('knows from the label %j how a run differs from its preset: %s', async (label, variation) => {
  const path = put('baseline', run('baseline', label));
  await migrate([path]);
  expect(parseMetrics('baseline', JSON.parse(read(path, 'metrics.json'))).variation).toBe(variation);
});

it('knows ensembles too', async () => {
  const { data, backend, machine, versions, source, finishedAt, ...rest } = metrics();
  const { parameterCount, validation, test, report } = rest;
  const path = put('together', {
    ...{ schemaVersion: 1, kind: 'ensemble', id: 'together', preset: 'ensemble', label: 'Some networks' },
    ...{ data, backend, machine, versions, source, finishedAt, parameterCount, validation, test, report },
    ...{ testSetReads: 1, trainingSeconds: 1, flips: false, files: {} },
    members: [{ id: 'baseline', weights: 'a'.repeat(64) }],
  });
  expect(await migrate([path])).toEqual(['together']);
  const migrated = parseEnsemble('together', JSON.parse(read(path, 'metrics.json')));
  expect(migrated).toMatchObject({ schemaVersion: 2, variation: 'none' });
  expect(read(path, 'card.md')).toBe(new TextDecoder().decode((await cardFiles(migrated))['card.md']));
});

it.each([
  [run('baseline', 'x', { schemaVersion: 3 }), 'schemaVersion 3, this version reads 2; update this project'],
  [run('baseline', 'x', { recipe: { epochs: 2 } }), 'metrics.json of "baseline": recipe.architecture: '],
  [run('other', 'x'), 'metrics.json of "baseline": it describes the run "other"'],
])('refuses what it cannot migrate, and changes nothing', async (content, message) => {
  const path = put('baseline', content);
  const before = contents(path);
  await expect(migrate([path])).rejects.toThrow(message);
  expect(contents(path)).toEqual(before);
});
