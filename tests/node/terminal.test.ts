import { describe, expect, it } from 'vitest';
import { duration } from '../../src/node/terminal.ts';
import { terminalReporter } from '../../src/data/node/fashion-mnist.ts';

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
        '\r[############............] 50.0%  0.5 MB\x1b[K' +
        '\r[########################] 100.0%  1.0 MB\x1b[K\r\x1b[K' +
        'Fetching two from a server\n' +
        '\r0.3 MB\x1b[K\r\x1b[K' +
        'a server: no answer\n',
    );
  });

  it('writes whole lines alone into a log', () => {
    expect(written(false)).toBe(
      'Fetching one from a server\nFetching two from a server\na server: no answer\n',
    );
  });
});

it('durations are written as one would say them', () => {
  expect([0.4, 59.6, 200, 3_599.7, 7_500].map(duration)).toEqual([
    '0 s',
    '1 min 00 s',
    '3 min 20 s',
    '1 h 00 min',
    '2 h 05 min',
  ]);
});
