import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readCheckpoint, writeCheckpoint } from '../../src/runs/checkpoint-file.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'checkpoint-'));
  path = join(folder, 'checkpoint.bin');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const value = {
  step: 12,
  name: 'größe',
  losses: [0.1, 1e-300, 2 / 3],
  weights: { 'conv1/kernel': { shape: [2, 2], data: Float32Array.of(0.1, -0, 1e-45, Infinity) } },
  empty: new Float32Array(0),
  nothing: null,
};

it('brings everything back bit by bit, and leaves one file', () => {
  writeCheckpoint(path, value);
  expect(readCheckpoint(path)).toEqual(value);
  writeCheckpoint(path, { ...value, step: 13 });
  expect(readCheckpoint(path)).toEqual({ ...value, step: 13 });
  expect(readdirSync(folder)).toEqual(['checkpoint.bin']);
});

it('is null where there is none', () => {
  expect(readCheckpoint(path)).toBeNull();
});

it('recognises damage', () => {
  writeCheckpoint(path, value);
  const whole = readFileSync(path);
  const spoiled = (change: (bytes: Buffer) => Buffer): void =>
    writeFileSync(path, change(Buffer.from(whole)));
  for (const length of [0, 3, 11, 40, whole.length - 1]) {
    spoiled((bytes) => bytes.subarray(0, length));
    expect(() => readCheckpoint(path), `${length} bytes`).toThrow('not a whole checkpoint');
  }
  spoiled((bytes) => {
    bytes[bytes.length - 2]! ^= 1;
    return bytes;
  });
  expect(() => readCheckpoint(path)).toThrow('not a whole checkpoint');
  writeFileSync(path, 'FMREPORTabcdefgh');
  expect(() => readCheckpoint(path)).toThrow('not a whole checkpoint');
});

it.runIf(existsSync('/dev/full'))('keeps the last good one when the disk is full', () => {
  writeCheckpoint(path, value);
  symlinkSync('/dev/full', `${path}.part`);
  expect(() => writeCheckpoint(path, { ...value, step: 13 })).toThrow(
    /checkpoint\.bin could not be written: the disk is full\. .* The last good one is kept\.$/,
  );
  expect(readCheckpoint(path)).toEqual(value);
  expect(readdirSync(folder)).toEqual(['checkpoint.bin']);
});
