/** Lighthouse, from a package of its own: it is larger than all that the project itself needs. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UserError } from '../src/node/errors.ts';
import { shown } from '../src/runs/places.ts';

/** Lighthouse's categories, and the least that each must reach, of 100. */
export const LEAST = { performance: 95, accessibility: 100, 'best-practices': 100, seo: 100 } as const;

export type Category = keyof typeof LEAST;
export const CATEGORIES = Object.keys(LEAST) as Category[];

export interface Audit {
  /** Of 100, by category. */
  scores: Record<Category, number>;
  /** What keeps a category from 100, in Lighthouse's words. */
  findings: string[];
}

/** The part of Lighthouse's report that is read. */
interface Report {
  runtimeError?: { message: string };
  categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>;
  audits: Record<string, { title: string; score: number | null; displayValue?: string }>;
}

type Lighthouse = (
  url: string,
  flags: { port: number; onlyCategories: string[]; logLevel: string },
) => Promise<{ lhr: Report } | undefined>;

interface Launcher {
  launch(options: { chromePath: string; chromeFlags: string[]; logLevel: string }): Promise<{
    port: number;
    kill(): void;
  }>;
}

/**
 * Installs the package where it is not, and gives what opens a browser and audits a page in it.
 * @param folder of the package
 * @throws UserError where it cannot be installed
 */
export async function getLighthouse(
  folder: string,
  chromePath: string,
  log: (line: string) => void,
): Promise<(url: string) => Promise<Audit>> {
  if (!existsSync(join(folder, 'node_modules/lighthouse'))) {
    log(`Lighthouse is not installed; npm ci puts it into ${shown(folder)}/node_modules (some 180 MB).`);
    await install(folder);
  }
  const { resolve } = createRequire(join(folder, 'package.json'));
  const load = async (name: string): Promise<unknown> => import(pathToFileURL(resolve(name)).href);
  const { default: lighthouse } = (await load('lighthouse')) as { default: Lighthouse };
  const launcher = (await load('chrome-launcher')) as Launcher;
  return async (url) => {
    // A browser for each audit: nothing is left over from the one before.
    const browser = await launcher.launch({
      chromePath,
      chromeFlags: ['--headless=new', '--no-sandbox', '--disable-dev-shm-usage'],
      logLevel: 'silent',
    });
    try {
      const result = await lighthouse(url, {
        port: browser.port,
        onlyCategories: CATEGORIES,
        logLevel: 'silent',
      });
      return audited(url, result?.lhr);
    } finally {
      browser.kill();
    }
  };
}

/** What is kept of a report. @throws UserError where there is none */
export function audited(url: string, report: Report | undefined): Audit {
  if (!report || report.runtimeError) {
    throw new UserError(
      `Lighthouse could not audit ${url}: ${report?.runtimeError?.message ?? 'no report'}`,
      1,
    );
  }
  const scores = Object.fromEntries(
    CATEGORIES.map((category) => [category, Math.round(100 * (report.categories[category]?.score ?? 0))]),
  ) as Audit['scores'];
  const findings = CATEGORIES.flatMap((category) =>
    (report.categories[category]?.auditRefs ?? []).flatMap(({ id, weight }) => {
      const { title, score, displayValue } = report.audits[id]!;
      return weight > 0 && score !== null && score < 0.9
        ? [`${category}: ${title}${displayValue ? ` (${displayValue})` : ''}`]
        : [];
    }),
  );
  return { scores, findings };
}

async function install(folder: string): Promise<void> {
  const code = await new Promise<number | null>((done) =>
    spawn('npm', ['ci', '--no-progress'], {
      cwd: folder,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    })
      .on('error', () => done(null))
      .on('close', done),
  );
  if (code !== 0) {
    throw new UserError(
      `Lighthouse could not be installed; see what npm says above, or run "npm ci" in ${shown(folder)} yourself.`,
      1,
    );
  }
}

/** The middle one of each category, and what any of the audits found. */
export function medianAudit(audits: readonly Audit[]): Audit {
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
  return {
    scores: Object.fromEntries(
      CATEGORIES.map((category) => [category, middle(audits.map(({ scores }) => scores[category]))]),
    ) as Audit['scores'],
    findings: [...new Set(audits.flatMap(({ findings }) => findings))],
  };
}

/** The categories that do not reach what they must. */
export const missed = ({ scores }: Audit): Category[] =>
  CATEGORIES.filter((category) => scores[category] < LEAST[category]);
