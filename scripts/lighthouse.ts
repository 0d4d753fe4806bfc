/** Audits every page of the built site with Lighthouse. `npm run lighthouse -- --help` explains the flags. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type Audit,
  auditPage,
  CATEGORIES,
  installLighthouse,
  medianAudit,
  missed,
  THRESHOLDS,
} from '../bench/lighthouse.ts';
import { getChromium } from '../src/node/chromium.ts';
import { UserError } from '../src/node/errors.ts';
import { buildSite, serve } from '../src/node/static-server.ts';
import { alignColumns } from '../src/node/terminal.ts';
import { ROOT } from '../src/runs/run-folders.ts';
import { runCommand, text, whole } from './cli/command.ts';

const flags = {
  dist: text('folder', 'The built site. Default: it is built into a temporary folder.'),
  runs: whole(1, 25, 'Audits of each page (default 3).'),
};

const about = `Audits every page of the site except the 404 with Lighthouse, as a phone on a slow network.

  npm run lighthouse                       builds the site, audits every page three times, takes the medians
  npm run lighthouse -- --runs 1 /en/      one page, once
  npm run lighthouse -- --dist dist        a site that is already built, for the root of its host`;

const notes = `Lighthouse is installed on first use, into bench/lighthouse. Other load on the machine costs performance points.

Exit codes: 0 every page has at least ${Object.values(THRESHOLDS).join(', ')} for ${CATEGORIES.join(', ')};
1 some do not; 2 wrong input.`;

await runCommand({ name: 'lighthouse', about, flags, notes, takesNames: true }, async (options, names) => {
  const { runs = 3 } = options;
  await using scratch = await mkdtempDisposable(join(tmpdir(), 'lighthouse-'));
  const dist =
    options.dist === undefined ? buildSite(ROOT, join(scratch.path, 'site')) : resolve(options.dist);
  const pages = pagesOf(dist, names);
  const folder = join(ROOT, 'bench/lighthouse');
  installLighthouse(folder, console.log);
  const chromium = await getChromium(console.log);
  await using served = await serve(dist, '', { compressed: true });
  const audits: [page: string, audit: Audit][] = [];
  for (const page of pages) {
    const repeated: Audit[] = [];
    for (let run = 0; run < runs; run++)
      repeated.push(await auditPage(folder, chromium, served.origin + page));
    const audit = medianAudit(repeated);
    audits.push([page, audit]);
    console.log(`${page}: ${CATEGORIES.map((category) => audit.scores[category]).join(', ')}`);
  }
  const rows = audits.map(([page, audit]) => [
    page,
    ...CATEGORIES.map((name) => `${audit.scores[name]}${missed(audit).includes(name) ? ' ✗' : '  '}`),
  ]);
  console.log(`\n${alignColumns([['', ...CATEGORIES], ...rows], '<>>>>').join('\n')}`);
  const short = audits.filter(([, audit]) => missed(audit).length > 0);
  for (const [page, { findings }] of short)
    console.log(['', page, ...findings.map((each) => `  ${each}`)].join('\n'));
  return short.length ? 1 : 0;
});

/** The pages in the sitemap, or those of them that are named. @throws UserError */
function pagesOf(dist: string, named: readonly string[]): readonly string[] {
  const sitemap = join(dist, 'sitemap-0.xml');
  if (!existsSync(sitemap)) {
    throw new UserError(`There is no built site in ${dist}; leave --dist out to build one.`);
  }
  const pages = [...readFileSync(sitemap, 'utf8').matchAll(/<loc>([^<]+)<\/loc>/g)].map(
    ([, address]) => new URL(address!).pathname,
  );
  const missing = pages.find((page) => !existsSync(join(dist, page, 'index.html')));
  if (missing !== undefined) {
    throw new UserError(
      `The site in ${dist} is built for a folder below its host (${missing}); build it without BASE_PATH.`,
    );
  }
  const unknown = named.find((page) => !pages.includes(page));
  if (unknown !== undefined) {
    throw new UserError(`There is no page "${unknown}"; pages are ${pages.join(', ')}.`);
  }
  return named.length ? named : pages;
}
