import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Audit, medianAudit, missed, readReport } from '../../bench/lighthouse.ts';
import { bench } from '../scripts/cli.ts';

const { folder, run } = bench();

const audit = (performance: number, ...findings: string[]): Audit => ({
  scores: { performance, accessibility: 100, 'best-practices': 100, seo: 100 },
  findings,
});

describe('several audits of a page', () => {
  it('count by the middle one, with all that any of them found', () => {
    const median = medianAudit([audit(80, 'slow'), audit(99), audit(96, 'slow', 'late')]);
    expect(median).toEqual(audit(96, 'slow', 'late'));
  });

  it('fall short below 95 in performance and below 100 in the rest', () => {
    expect(missed(audit(95))).toEqual([]);
    expect(missed(audit(94))).toEqual(['performance']);
    expect(missed({ ...audit(100), scores: { ...audit(100).scores, seo: 99 } })).toEqual(['seo']);
  });
});

describe('a report of Lighthouse', () => {
  const report = {
    categories: Object.fromEntries(
      ['performance', 'accessibility', 'best-practices', 'seo'].map((name) => [
        name,
        { score: name === 'seo' ? 0.92 : 1, auditRefs: name === 'seo' ? [{ id: 'title', weight: 1 }] : [] },
      ]),
    ),
    audits: { title: { title: 'The page has no title', score: 0, displayValue: '1 page' } },
  };

  it('becomes scores of 100 and what keeps them from it', () => {
    expect(readReport('http://x/', report)).toEqual({
      scores: { performance: 100, accessibility: 100, 'best-practices': 100, seo: 92 },
      findings: ['seo: The page has no title (1 page)'],
    });
  });

  it('is refused where Lighthouse could not look at the page', () => {
    const failed = { ...report, runtimeError: { message: 'The page did not load' } };
    expect(() => readReport('http://x/', failed)).toThrow('could not audit http://x/: The page did not load');
    expect(() => readReport('http://x/', undefined)).toThrow('no report');
  });
});

describe('npm run lighthouse', () => {
  it.each([
    [['--dist', 'nowhere'], 'There is no built site in'],
    [['--runs', '0'], '--runs takes a whole number from 1 to 25, not "0".'],
    [['--dist', './site', '/nowhere/'], 'There is no page "/nowhere/"; pages are /.'],
    [['--dist', './below'], 'is built for a folder below its host (/below/)'],
  ])('%j is refused in a sentence', async (args, sentence) => {
    for (const [name, page] of [
      ['site', '/'],
      ['below', '/below/'],
    ] as const) {
      mkdirSync(join(folder, name), { recursive: true });
      writeFileSync(join(folder, name, 'index.html'), '');
      writeFileSync(join(folder, name, 'sitemap-0.xml'), `<loc>http://localhost:4321${page}</loc>`);
    }
    const { code, out, error } = await run('lighthouse', ...args);
    expect(error).toContain(sentence);
    expect([code, out]).toEqual([2, '']);
  });
});
