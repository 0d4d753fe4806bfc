/** Audits every page of the built site with Lighthouse. `npm run lighthouse -- --help` explains the flags. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { serve } from '../bench/server.ts';
import { getChromium } from '../bench/chromium.ts';
import { UserError } from '../src/node/errors.ts';
import { runCommand, text, whole } from './cli/command.ts';
import { CATEGORIES, getLighthouse, LEAST, medianAudit, missed, type Audit } from '../bench/lighthouse.ts';
import { alignColumns } from '../src/node/table.ts';

const root = resolve(import.meta.dirname, '..');

const flags = {
  dist: text('folder', 'The built site. Default: it is built into a temporary folder.'),
  runs: whole(1, 25, 'Audits of each page (default 3).'),
};

const about = `Audits every page of the site but the 404 with Lighthouse, as a phone on a slow network.

  npm run lighthouse                       builds the site, audits every page three times, takes the medians
  npm run lighthouse -- --runs 1 /en/      one page, once
  npm run lighthouse -- --dist dist        a site that is built already, for the root of its host`;

const notes = `Lighthouse is installed on first use, into bench/lighthouse. Other load on the machine costs performance points.

Exit codes: 0 every page has at least ${Object.values(LEAST).join(', ')} for ${CATEGORIES.join(', ')};
1 some do not; 2 wrong input.`;

await runCommand({ name: 'lighthouse', about, flags, notes, takesNames: true }, async (options, names) => {
  const { runs = 3 } = options;
  const scratch = await mkdtemp(join(tmpdir(), 'lighthouse-'));
  try {
    const dist = options.dist === undefined ? await build(join(scratch, 'site')) : resolve(options.dist);
    const pages = chosen(pagesOf(dist), names);
    const audit = await getLighthouse(
      join(root, 'bench/lighthouse'),
      await getChromium(console.log),
      console.log,
    );
    const { origin, server } = await serve(dist, '', { compressed: true });
    const audits: [page: string, audit: Audit][] = [];
    try {
      for (const page of pages) {
        const own: Audit[] = [];
        for (let run = 0; run < runs; run++) own.push(await audit(origin + page));
        audits.push([page, medianAudit(own)]);
        console.log(
          `${page}: ${CATEGORIES.map((category) => audits.at(-1)![1].scores[category]).join(', ')}`,
        );
      }
    } finally {
      server.closeAllConnections();
      server.close();
    }
    console.log(`\n${report(audits)}`);
    return audits.some(([, each]) => missed(each).length > 0) ? 1 : 0;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
});

/** The table of all pages, and what was found where one falls short. */
function report(audits: readonly [string, Audit][]): string {
  const rows = audits.map(([page, { scores }]) => [
    page,
    ...CATEGORIES.map((category) => `${scores[category]}${scores[category] < LEAST[category] ? ' ✗' : '  '}`),
  ]);
  const table = alignColumns([['', ...CATEGORIES], ...rows], '<>>>>');
  const short = audits.filter(([, audit]) => missed(audit).length > 0);
  return [
    ...table,
    ...short.flatMap(([page, { findings }]) => ['', page, ...findings.map((finding) => `  ${finding}`)]),
  ].join('\n');
}

/** Addresses of all pages that the site tells search engines of. */
function pagesOf(dist: string): string[] {
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
      `The site in ${dist} is built for a place below its host (${missing}); build it without BASE_PATH.`,
    );
  }
  return pages;
}

function chosen(pages: readonly string[], asked: readonly string[]): readonly string[] {
  const unknown = asked.find((page) => !pages.includes(page));
  if (unknown !== undefined) {
    throw new UserError(`There is no page "${unknown}"; pages are ${pages.join(', ')}.`);
  }
  return asked.length ? asked : pages;
}

/** @throws UserError with what the build says where it fails */
async function build(folder: string): Promise<string> {
  const astro = join(root, 'node_modules/astro/bin/astro.mjs');
  const child = spawn(process.execPath, [astro, 'build', '--outDir', folder], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', BASE_PATH: '' },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  }
  const code = await new Promise<number | null>((done) => child.on('close', done));
  if (code !== 0) throw new UserError(`The site could not be built:\n${output.trimEnd()}`, 1);
  return folder;
}
