import { describe, expect, it } from 'vitest';
import { terminalReporter } from '../../../src/data/node/progress.ts';

function written(isTTY: boolean): string {
  let text = '';
  const reporter = terminalReporter({ isTTY, write: (more: string) => (text += more) });
  reporter.progress('a server', { file: 'one', bytes: 500_000, share: 0.5 });
  reporter.progress('a server', { file: 'one', bytes: 1_000_000, share: 1 });
  reporter.progress('a server', { file: 'two', bytes: 300_000 });
  reporter.problem('a server', 'no answer');
  return text;
}

describe('terminalReporter', () => {
  it('fills one line for each file on a terminal', () => {
    expect(written(true)).toBe(
      'Fetching one from a server\n' +
        '\r  [############............] 50 %  0.5 MB\x1b[K' +
        '\r  [########################] 100 %  1.0 MB\x1b[K\n' +
        'Fetching two from a server\n' +
        '\r  0.3 MB\x1b[K\n' +
        'a server: no answer\n',
    );
  });

  it('writes whole lines alone into a log', () => {
    expect(written(false)).toBe(
      'Fetching one from a server\nFetching two from a server\na server: no answer\n',
    );
  });
});
