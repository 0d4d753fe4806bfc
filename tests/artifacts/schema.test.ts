import { describe, expect, it } from 'vitest';
import { ArtifactError, verifyFile } from '../../src/artifacts/integrity.ts';
import { sha256 } from '../../src/math/arrays.ts';
import { parseConfusion, parseHistory, parseIndex, parseMetrics } from '../../src/artifacts/schema.ts';
import * as examples from './examples.ts';

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('what is written can be read', () => {
  it('unchanged', () => {
    expect(parseMetrics('baseline', throughJson(examples.metrics()))).toEqual(examples.metrics());
    expect(parseHistory('baseline', throughJson(examples.history()))).toEqual(examples.history());
    expect(parseConfusion('baseline', throughJson(examples.confusion()))).toEqual(examples.confusion());
    expect(parseIndex(throughJson(examples.index()))).toEqual(examples.index());
  });

  it('without validation, for a run on all images', () => {
    expect(parseMetrics('baseline', { ...examples.metrics(), validation: null }).validation).toBeNull();
  });
});

describe('what is wrong is refused by file and reason', () => {
  const message = (act: () => unknown): string => {
    try {
      act();
    } catch (error) {
      expect(error).toBeInstanceOf(ArtifactError);
      return (error as Error).message;
    }
    return expect.fail('nothing was refused');
  };

  it('another schema version', () => {
    const version = (schemaVersion: number) => ({ ...examples.metrics(), schemaVersion });
    expect(message(() => parseMetrics('baseline', version(1)))).toBe(
      'metrics.json of "baseline": schemaVersion 1, this version reads 2; run "npm run migrate"',
    );
    expect(message(() => parseMetrics('baseline', version(3)))).toBe(
      'metrics.json of "baseline": schemaVersion 3, this version reads 2; update this project to read it',
    );
    expect(message(() => parseHistory('x', { schemaVersion: '2' }))).toBe(
      'history.json of "x": schemaVersion "2", this version reads 1; update this project to read it',
    );
  });

  it.each([null, 3, 'text', [], {}])('something else altogether: %j', (content) => {
    expect(message(() => parseConfusion('x', content))).toBe(
      'confusion.json of "x": it has no schemaVersion',
    );
  });

  it('a missing, unknown or impossible field, by its path', () => {
    expect(message(() => parseMetrics('baseline', { ...examples.metrics(), test: undefined }))).toMatch(
      /^metrics\.json of "baseline": test: /,
    );
    expect(message(() => parseMetrics('baseline', { ...examples.metrics(), extra: 1 }))).toContain('extra');
    const impossible = examples.metrics();
    impossible.test.accuracy = 1.2;
    expect(message(() => parseMetrics('baseline', impossible))).toMatch(/test\.accuracy: /);
    const { optimiser, ...recipe } = examples.metrics().recipe;
    const momentum = { ...recipe, optimiser: { ...optimiser, momentum: 0.9 } };
    expect(message(() => parseMetrics('baseline', { ...examples.metrics(), recipe: momentum }))).toMatch(
      /recipe\.optimiser: .*momentum/,
    );
    const history = { ...examples.history(), epochs: [] };
    expect(message(() => parseHistory('baseline', history))).toMatch(
      /^history\.json of "baseline": epochs: /,
    );
  });

  it('the metrics of another run', () => {
    expect(message(() => parseMetrics('preview', examples.metrics()))).toBe(
      'metrics.json of "preview": it describes the run "baseline"',
    );
  });

  it('cells that do not name as many images as they count', () => {
    const confusion = examples.confusion();
    confusion.cells[0]!.ids.pop();
    expect(message(() => parseConfusion('baseline', confusion))).toBe(
      'confusion.json of "baseline": cells: cell 6→0 counts 2 images but names 1',
    );
    expect(message(() => parseConfusion('baseline', { ...examples.confusion(), cells: [] }))).toContain(
      '6→0',
    );
  });
});

describe('hashes', () => {
  const bytes = (...values: number[]): ArrayBuffer => Uint8Array.from(values).buffer;

  it('are SHA-256', async () => {
    expect(await sha256(new TextEncoder().encode('abc'))).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });

  it('tell a truncated, an edited and an unknown file', async () => {
    const metrics = examples.metrics();
    metrics.files['weights.bin'] = { bytes: 3, sha256: await sha256(bytes(1, 2, 3)) };
    await verifyFile(metrics, 'weights.bin', bytes(1, 2, 3));
    await expect(verifyFile(metrics, 'weights.bin', bytes(1, 2))).rejects.toThrow(
      'weights.bin of "baseline": it has 2 bytes, metrics.json names 3: truncated',
    );
    await expect(verifyFile(metrics, 'weights.bin', bytes(1, 2, 3, 4))).rejects.toThrow('edited or swapped');
    await expect(verifyFile(metrics, 'weights.bin', bytes(1, 2, 4))).rejects.toThrow(
      'weights.bin of "baseline": its SHA-256 is not the one in metrics.json: edited or swapped',
    );
    await expect(verifyFile(metrics, 'other.bin', bytes(1))).rejects.toThrow(
      'other.bin of "baseline": metrics.json',
    );
  });
});
