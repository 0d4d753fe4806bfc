/** A clone has the same bytes wherever it is made: `core.autocrlf` is on by default in Git for Windows. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'checkout-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const git = (...parameters: string[]): string =>
  execFileSync('git', parameters, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    maxBuffer: 2 ** 26,
  });

/** Whether this is a git checkout; an unpacked archive has nothing to clone. */
const isCheckout = (() => {
  try {
    return git('rev-parse', '--is-inside-work-tree').trim() === 'true';
  } catch {
    return false;
  }
})();

test.skipIf(!isCheckout)('a clone that converts line ends has every file as it was committed', () => {
  const clone = join(folder, 'clone');
  git('clone', '--quiet', '-c', 'core.autocrlf=true', '.', clone);
  const changed = git('-C', clone, 'ls-tree', '-r', 'HEAD')
    .trim()
    .split('\n')
    .map(
      (line) => /^\d+ blob (?<hash>\w+)\t(?<path>.*)$/.exec(line)!.groups as { hash: string; path: string },
    )
    .filter(({ hash, path }) => {
      const bytes = readFileSync(join(clone, path));
      return createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex') !== hash;
    })
    .map(({ path }) => path);
  expect(changed).toEqual([]);
});
