import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeConfusion, makeIndex } from '../../src/runs/publish.ts';
import { placeFolder } from '../../src/node/files.ts';
import { decodeFloat16 } from '../../src/artifacts/float16.ts';
import { encodePredictions } from '../../src/artifacts/predictions.ts';
import { predictedClasses } from '../../src/evaluation/metrics.ts';
import { metrics } from '../artifacts/examples.ts';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'publish-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a folder', () => {
  const bytes = (text: string): Uint8Array => Buffer.from(text);

  it('is replaced as a whole', () => {
    const path = join(folder, 'run');
    placeFolder(path, { 'a.txt': bytes('a'), 'b.txt': bytes('b') });
    placeFolder(path, { 'a.txt': bytes('new') });
    expect(readdirSync(path)).toEqual(['a.txt']);
    expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['run']);
  });

  it('is as it was when the new one cannot be written', () => {
    const path = join(folder, 'run');
    placeFolder(path, { 'a.txt': bytes('a') });
    expect(() => placeFolder(path, { 'a.txt': bytes('new'), 'no/such/folder.txt': bytes('') })).toThrow(
      /could not be written/,
    );
    expect(readFileSync(join(path, 'a.txt'), 'utf8')).toBe('a');
    expect(readdirSync(folder)).toEqual(['run']);
  });
});

describe('the index', () => {
  const put = (name: string, content: object): void => {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'metrics.json'), JSON.stringify(content));
  };

  it('lists the runs that are there by id', () => {
    const departures = [{ setting: 'epochs', value: 2, reported: 20 }];
    put('preview', { ...metrics(), id: 'preview', departures });
    put('baseline', metrics());
    mkdirSync(join(folder, 'empty'));
    put('.baseline.part', metrics());
    writeFileSync(join(folder, 'index.json'), '{}');
    expect(makeIndex(folder)).toEqual({
      schemaVersion: 2,
      models: [
        expect.objectContaining({ id: 'baseline', departures: [], testAccuracy: 0.9 }),
        expect.objectContaining({ id: 'preview', departures }),
      ],
    });
  });

  it('names a run that is broken', () => {
    put('baseline', { ...metrics(), schemaVersion: 3 });
    expect(() => makeIndex(folder)).toThrow('metrics.json of "baseline": schemaVersion 3');
    writeFileSync(join(folder, 'baseline', 'metrics.json'), '{');
    expect(() => makeIndex(folder)).toThrow('metrics.json of "baseline"');
    expect(existsSync(join(folder, 'index.json'))).toBe(false);
  });
});

it('confusions name their images', () => {
  const confusion = makeConfusion('x', Uint8Array.of(0, 1, 1, 0, 9), Uint8Array.of(0, 2, 2, 1, 9));
  expect(confusion.matrix[1]![2]).toBe(2);
  expect(confusion.cells).toEqual([
    { true: 0, predicted: 1, ids: [3] },
    { true: 1, predicted: 2, ids: [1, 2] },
  ]);
});

describe('predictions', () => {
  it('keep the predicted class where half precision would make it equal to another', () => {
    const rows = [
      [0.4, 0.40001, 0.19999],
      [0.40001, 0.4, 0.19999],
      [1e-9, 1e-8, 1],
      [0.333333, 0.333333, 0.333334],
    ];
    const published = decodeFloat16(encodePredictions(rows.flat(), 3));
    expect([...predictedClasses(published, 3)]).toEqual([1, 0, 2, 2]);
    rows.flat().forEach((value, i) => expect(Math.abs(value - published[i]!)).toBeLessThan(5e-4));
  });

  it('keep the first of two that are equal', () => {
    expect([...predictedClasses(decodeFloat16(encodePredictions([0.5, 0.5, 0], 3)), 3)]).toEqual([0]);
  });
});
