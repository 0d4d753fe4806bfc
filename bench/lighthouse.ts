/** Lighthouse, which is installed apart: it is larger than everything that the project itself needs. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median } from 'd3';
import { UserError } from '../src/node/errors.ts';
import { shown } from '../src/node/files.ts';

/** Lighthouse's categories, and the least score that each must reach, of 100. */
export const THRESHOLDS = { performance: 95, accessibility: 100, 'best-practices': 100, seo: 100 } as const;

export type Category = keyof typeof THRESHOLDS;
export const CATEGORIES = Object.keys(THRESHOLDS) as Category[];

export interface Audit {
  /** Of 100. */
  scores: Record<Category, number>;
  /** What keeps a category below 100, in Lighthouse's words. */
  findings: string[];
}

/** The part of Lighthouse's report that is read. */
interface Report {
  runtimeError?: { message: string };
  categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>;
  audits: Record<string, { title: string; score: number | null; displayValue?: string }>;
}

/** Installs Lighthouse into `folder` unless it is there. @throws UserError if that fails */
export function installLighthouse(folder: string, log: (line: string) => void): void {
  if (existsSync(join(folder, 'node_modules/lighthouse'))) return;
  log(`Lighthouse is not installed; npm ci puts it into ${shown(folder)}/node_modules (some 180 MB).`);
  const options = { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' } as const;
  if (spawnSync('npm', ['ci', '--no-progress'], options).status !== 0) {
    throw new UserError(
      `Lighthouse could not be installed; see npm's messages above, or run "npm ci" in ${shown(folder)} yourself.`,
      1,
    );
  }
}

/** Audits a page in a new browser. @param folder where Lighthouse is installed. @throws UserError */
export async function auditPage(folder: string, chromePath: string, url: string): Promise<Audit> {
  const flags = [
    ...[
      url,
      '--quiet',
      '--no-enable-error-reporting',
      '--output=json',
      `--only-categories=${CATEGORIES.join(',')}`,
    ],
    '--chrome-flags=--headless=new --no-sandbox --disable-dev-shm-usage',
  ];
  // Where the page does not load it fails, and still prints a report.
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(folder, 'node_modules/lighthouse/cli/index.js'), ...flags],
    { env: { ...process.env, CHROME_PATH: chromePath }, maxBuffer: 2 ** 28 },
  ).catch((error: { stdout?: string }) => ({ stdout: error.stdout ?? '' }));
  return readReport(url, stdout ? (JSON.parse(stdout) as Report) : undefined);
}

/** @throws UserError if Lighthouse could not audit the page */
export function readReport(url: string, report: Report | undefined): Audit {
  if (!report || report.runtimeError) {
    const reason = report?.runtimeError?.message ?? 'no report';
    throw new UserError(`Lighthouse could not audit ${url}: ${reason}`, 1);
  }
  const findings = CATEGORIES.flatMap((category) =>
    (report.categories[category]?.auditRefs ?? [])
      .filter(({ weight }) => weight > 0)
      .map(({ id }) => report.audits[id]!)
      .filter(({ score }) => score !== null && score < 0.9)
      .map(({ title, displayValue }) => `${category}: ${title}${displayValue ? ` (${displayValue})` : ''}`),
  );
  return { scores: scoresBy((name) => Math.round(100 * (report.categories[name]?.score ?? 0))), findings };
}

/** The median score of each category, and the findings of all audits. */
export const medianAudit = (audits: readonly Audit[]): Audit => ({
  scores: scoresBy((category) => median(audits, ({ scores }) => scores[category])!),
  findings: [...new Set(audits.flatMap(({ findings }) => findings))],
});

const scoresBy = (scoreOf: (category: Category) => number): Audit['scores'] =>
  Object.fromEntries(CATEGORIES.map((category) => [category, scoreOf(category)])) as Audit['scores'];

/** The categories below their threshold. */
export const missed = ({ scores }: Audit): Category[] =>
  CATEGORIES.filter((category) => scores[category] < THRESHOLDS[category]);
