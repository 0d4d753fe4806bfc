import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const run = (...args: string[]): { code: number | null; out: string; err: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/data.ts', ...args], {
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr.trim() };
};

describe('npm run data', { timeout: 30_000 }, () => {
  it('explains itself', () => {
    const { code, out } = run('--help');
    expect(code).toBe(0);
    expect(out).toMatch(/--output <folder>/);
  });

  it.each([
    [['--bogus'], /^Unknown option '--bogus'\. "npm run data -- --help" lists the flags\.$/],
    [['stray'], /^Unexpected argument 'stray'\. "npm run data -- --help" lists the flags\.$/],
    [
      ['--output'],
      /^Option '--output <value>' argument missing\. "npm run data -- --help" lists the flags\.$/,
    ],
    [['--output', 'package.json'], /^Cannot write into the folder package\.json: a file is in the way/],
  ])('refuses %j in one sentence', (args, sentence) => {
    const { code, err } = run(...args);
    expect(err).toMatch(sentence);
    expect(code).toBe(2);
  });
});
