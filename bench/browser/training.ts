/** Steps of training in the browser: this project, with its own kernels and with tfjs's, and jax-js, in turn. */
import type { Browser, Page } from 'playwright-core';
import { alignColumns } from '../../src/node/table.ts';

/** As bench/browser/training/contestant.ts has it. */
export interface Work {
  mode: 'head' | 'all';
  backend: 'wasm' | 'webgpu';
  batch: number;
  stock: boolean;
}

interface Entrant {
  name: string;
  page: Page | null;
  /** Milliseconds of each step. */
  times: number[];
  /** Why it does not take part. */
  failure: string | null;
}

/** In the page. */
interface Bench {
  enter(name: 'own' | 'peer', work: Work): Promise<void>;
  run(steps: number): Promise<{ times: number[]; loss: number }>;
}

/**
 * Each in a page of its own, all of them in turn, round after round.
 * @param url the page of bench/browser/training
 * @param peer whether jax-js takes part
 * @returns a table
 */
export async function compareTraining(
  browser: Browser,
  url: string,
  work: Omit<Work, 'stock'>,
  peer: boolean,
  rounds: number,
  steps: number,
): Promise<string> {
  const entries: [name: string, kind: 'own' | 'peer', work: Work][] = [
    ['this project', 'own', { ...work, stock: false }],
    ['with tfjs’s kernels', 'own', { ...work, stock: true }],
    ...(peer ? ([['jax-js', 'peer', { ...work, stock: false }]] as [string, 'peer', Work][]) : []),
  ];
  const entrants: Entrant[] = [];
  for (const [name, kind, its] of entries) {
    const page = await browser.newPage();
    await page.goto(url);
    await page.waitForFunction(() => 'bench' in globalThis);
    const failure = await page.evaluate(
      ([kind, its]) =>
        (globalThis as unknown as { bench: Bench }).bench.enter(kind, its).then(
          () => null,
          (error: unknown) => String(error),
        ),
      [kind, its] as const,
    );
    entrants.push({ name, page: failure ? null : page, times: [], failure });
  }
  for (let round = 0; round < rounds; round++) {
    for (const entrant of entrants) {
      const result = await entrant.page?.evaluate(
        (steps) => (globalThis as unknown as { bench: Bench }).bench.run(steps),
        steps,
      );
      entrant.times.push(...(result?.times ?? []));
    }
  }
  for (const { page } of entrants) await page?.close();
  return table(entrants, work.batch);
}

function table(entrants: readonly Entrant[], batch: number): string {
  const rows = entrants.map(({ name, times, failure }) => {
    if (failure) return [name, failure];
    const sorted = [...times].sort((a, b) => a - b);
    const median = sorted[sorted.length >> 1]!;
    return [
      name,
      ((1000 * batch) / median).toPrecision(3),
      `${median.toFixed(0)} ms`,
      `${sorted[0]!.toFixed(0)} ms`,
    ];
  });
  return alignColumns([['', 'images/s', 'median step', 'fastest'], ...rows], '<>>>').join('\n');
}
