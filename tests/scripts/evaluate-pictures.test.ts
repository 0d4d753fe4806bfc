import { describe, expect, it } from 'vitest';
import { bench } from './cli.ts';

describe('npm run evaluate:pictures', () => {
  const { run } = bench();

  it('says what it shows to which networks, and what it never does', async () => {
    const { code, out, error } = await run('evaluate-pictures', '--help');
    expect([code, error]).toEqual([0, '']);
    for (const text of ['public icon and emoji sets', '--missed', '--test', '--backend', 'Exit codes'])
      expect(out).toContain(text);
    expect(out).toContain('No network is trained on these pictures');
  });

  // Before anything is installed or rendered.
  it.each([
    [['nothing-like-it'], 'There is no run "nothing-like-it"'],
    [['./not-here'], 'not-here'],
    [['--pictures'], 'npm run evaluate:pictures -- --help'],
    [['--backend', 'abacus'], 'abacus'],
  ])('refuses %j in one sentence', async (args, sentence) => {
    const { code, out, error } = await run('evaluate-pictures', ...args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(error).toContain(sentence);
    expect(error.trim().split('\n')).toHaveLength(1);
  });
});
