/** `npm run test:browsers`: a reader's journeys through the built site, in several browsers. */
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'astro';
import { startVitest } from 'vitest/node';
import { BROWSERS, getBrowser } from '../src/node/browsers.ts';
import { list, oneOf, runCommand } from './cli/command.ts';

const about = `Builds the site and makes a reader's journeys through it in ${new Intl.ListFormat('en-GB').format(BROWSERS)}: reads
the report, changes its figures, draws, opens a picture, fine-tunes, works offline, switches languages. As root on
Debian, browsers that are missing are installed.`;

const flags = {
  browsers: list('names', `Some of ${BROWSERS.join(', ')}, separated by commas. Default: all of them.`),
};

await runCommand({ name: 'test:browsers', about, flags }, async ({ browsers = BROWSERS }) => {
  const names = browsers.map((name) => oneOf(BROWSERS, '').read(name, 'browser'));
  for (const name of names) await getBrowser(name, console.log);
  await using site = await mkdtempDisposable(join(tmpdir(), 'fashion-mnist-report-'));
  await build({ root: resolve(import.meta.dirname, '..'), outDir: site.path, logLevel: 'warn' });
  const vitest = await startVitest([], {
    config: 'tests/browsers/vitest.config.ts',
    watch: false,
    env: { BROWSERS: names.join(','), SITE_DIST: site.path, BASE_PATH: '' },
  });
  await vitest.close();
  return vitest.state.getCountOfFailedTests() > 0 || process.exitCode ? 1 : 0;
});
