/**
 * Measures training in Chromium: a step of the head and of the whole network on each backend, before and after this
 * project's kernels, and jax-js beside it. `npm run bench:browser -- --help` explains the flags.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { serve } from '../tests/e2e/server.ts';
import { getChromium } from './lib/chromium.ts';
import { runMain } from './lib/cli.ts';
import { oneOf, readFlags, whole } from './lib/flags.ts';
import { alignColumns } from './lib/table.ts';

const HELP = `Measures how many images a second the browser trains, in the Chromium that the tests use.

  npm run bench:browser                       the head and the whole network, on wasm and on WebGPU
  npm run bench:browser -- --backend wasm --mode all --batch 32

  --backend <name>  wasm or webgpu alone; webgpu runs on Chromium's software adapter where there is no GPU.
  --mode <name>     head or all alone.
  --rounds <n>      How often each has its turn, one after the other (default 3).
  --steps <n>       Steps of a turn (default 1).
  --batch <n>       Images a step (default 32 on wasm, 4 on webgpu).
  --help, -h        This text.

jax-js takes part once its package is installed: npm install --prefix bench`;

const BACKENDS = ['wasm', 'webgpu'] as const;
const MODES = ['head', 'all'] as const;

const root = resolve(import.meta.dirname, '..');
const ARGUMENTS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--enable-unsafe-swiftshader',
];

/** As bench/browser/contestant.ts has it. */
interface Work {
  mode: (typeof MODES)[number];
  backend: (typeof BACKENDS)[number];
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

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const { values } = readFlags('bench:browser', process.argv.slice(2), {
    options: {
      backend: text,
      mode: text,
      rounds: text,
      steps: text,
      batch: text,
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const backend = oneOf('backend', values.backend, BACKENDS);
  const mode = oneOf('mode', values.mode, MODES);
  const rounds = whole('rounds', values.rounds, 1, 1000) ?? 3;
  const steps = whole('steps', values.steps, 1, 1000) ?? 1;
  const batch = whole('batch', values.batch, 2, 256);
  const peer = existsSync(join(root, 'bench/node_modules/@jax-js/jax'));
  if (!peer) console.log('jax-js is not installed and takes no part; npm install --prefix bench brings it.');

  const folder = await mkdtemp(join(tmpdir(), 'bench-browser-'));
  const executablePath = await getChromium(console.log);
  try {
    await bundle(folder, peer);
    const { origin, server } = await serve(folder, '');
    const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
    try {
      for (const each of backend ? [backend] : BACKENDS) {
        for (const part of mode ? [mode] : MODES) {
          const size = batch ?? (each === 'wasm' ? 32 : 4);
          const entrants = await contest(
            browser,
            origin,
            { mode: part, backend: each, batch: size, stock: false },
            peer,
            rounds,
            steps,
          );
          console.log(
            `\n${part === 'head' ? 'the head' : 'the whole network'} on ${each}, ${size} images a step`,
          );
          console.log(table(entrants, size));
        }
      }
    } finally {
      await browser.close();
      server.closeAllConnections();
      server.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return 0;
}

/** Each in a page of its own, all of them in turn, round after round. */
async function contest(
  browser: Browser,
  origin: string,
  work: Work,
  peer: boolean,
  rounds: number,
  steps: number,
): Promise<Entrant[]> {
  const entries: [name: string, kind: 'own' | 'peer', work: Work][] = [
    ['this project', 'own', work],
    ['with tfjs’s kernels', 'own', { ...work, stock: true }],
    ...(peer ? ([['jax-js', 'peer', work]] as [string, 'peer', Work][]) : []),
  ];
  const entrants: Entrant[] = [];
  for (const [name, kind, its] of entries) {
    const page = await browser.newPage();
    await page.goto(`${origin}/`);
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
  return entrants;
}

/** The page with everything that it loads. */
async function bundle(folder: string, peer: boolean): Promise<void> {
  await build({
    root: join(root, 'bench/browser'),
    configFile: false,
    logLevel: 'error',
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'esnext',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 5000,
      rollupOptions: { external: peer ? [] : ['@jax-js/jax'] },
    },
  });
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

await runMain(main);
