import type * as Fs from 'node:fs';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { writeAtomically } from '../../src/node/files.ts';

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof Fs>();
  return {
    ...fs,
    // As exFAT and some network shares answer.
    fsyncSync(handle: number) {
      if (fs.fstatSync(handle).isDirectory()) throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
      fs.fsyncSync(handle);
    },
    linkSync() {
      throw Object.assign(new Error('EPERM'), { code: 'EPERM' });
    },
  };
});

const folder = mkdtempSync(join(tmpdir(), 'files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a file is written where folders cannot be synced', () => {
  const path = join(folder, 'file');
  writeAtomically(path, 'onetwo');
  expect(readFileSync(path, 'utf8')).toBe('onetwo');
});
