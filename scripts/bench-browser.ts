/**
 * Measures in Chromium what the browser computes: a step of training, of the head and of the whole network, before and
 * after this project's kernels and in jax-js; and the drawing page's prediction, with onnxruntime-web beside it. And
 * counts what the filter gradient on WebGPU reads.
 * `npm run bench:browser -- --help` explains the flags.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { serve } from '../bench/server.ts';
import { comparePrediction, placeModel } from '../bench/browser/prediction.ts';
import { readsTable } from '../bench/browser/reads.ts';
import { compareTraining } from '../bench/browser/training.ts';
import { getChromium } from '../bench/chromium.ts';
import { oneOf, runCommand, text, whole } from './cli/command.ts';
import { MODELS, ROOT } from '../src/runs/places.ts';
import { findPublished } from '../src/runs/published.ts';

const BACKENDS = ['wasm', 'webgpu'] as const;
const TIMED = ['head', 'all', 'predict'] as const;
const MODES = [...TIMED, 'reads'] as const;
const PEERS = { head: '@jax-js/jax', all: '@jax-js/jax', predict: 'onnxruntime-web' } as const;
const TITLES = {
  head: 'training the head',
  all: 'training the whole network',
  predict: 'predicting',
} as const;

const ARGUMENTS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--enable-unsafe-swiftshader',
];

const flags = {
  mode: oneOf(
    MODES,
    `head or all: how many images per second the dense layers, or the whole network, learn.
predict: time of one image, start-up and size of the engine of the drawing page.
reads: what the filter gradients of a step on WebGPU read from global memory, counted by layer; needs no browser.`,
  ),
  backend: oneOf(
    BACKENDS,
    "wasm or webgpu alone; webgpu runs on Chromium's software adapter where there is no GPU.",
  ),
  rounds: whole(1, 1000, 'Rounds in which each has its turn (default 3).'),
  steps: whole(
    1,
    1000,
    'Training steps per turn (default 1), or predictions (default 25 on wasm, 1 on webgpu).',
  ),
  batch: whole(2, 256, 'Images per training step (default 32 on wasm, 4 on webgpu; 256 for reads).'),
  run: text('id', 'The published network that predicts (default: baseline, or else preview).'),
};

const about = `Measures training and prediction in the Chromium that the tests use.

  npm run bench:browser                       all modes, on wasm and on WebGPU
  npm run bench:browser -- --mode predict --backend wasm --rounds 10
  npm run bench:browser -- --mode all --backend wasm --batch 32`;

const notes =
  'jax-js takes part in training and onnxruntime-web in prediction once they are installed: npm install --prefix bench';

await runCommand({ name: 'bench:browser', about, flags, notes }, async (options) => {
  const { backend, mode, rounds = 3, steps, batch, run: named } = options;
  if (mode ? mode === 'reads' : backend !== 'wasm') {
    console.log(`What the filter gradients read in a step of ${batch ?? 256} images on webgpu`);
    console.log(readsTable(batch ?? 256));
  }
  if (mode === 'reads') return 0;
  const { id, output } = findPublished(
    named ?? (existsSync(join(MODELS, 'baseline')) ? 'baseline' : 'preview'),
  );
  const missing = [...new Set(Object.values(PEERS))].filter(
    (peer) => !existsSync(join(ROOT, 'bench/node_modules', peer)),
  );
  if (missing.length) {
    console.log(`Not installed: ${missing.join(', ')}; npm install --prefix bench brings what is missing.`);
  }

  const folder = await mkdtemp(join(tmpdir(), 'bench-browser-'));
  const executablePath = await getChromium(console.log);
  try {
    await bundle(folder, missing);
    const network = await placeModel(id, output, folder);
    const { origin, server } = await serve(folder, '');
    const browser = await chromium.launch({ executablePath, args: ARGUMENTS });
    try {
      for (const each of backend ? [backend] : BACKENDS) {
        for (const part of mode ? [mode] : TIMED) {
          const peer = !missing.includes(PEERS[part]);
          console.log(`\n${TITLES[part]} on ${each}`);
          if (part === 'predict') {
            const task = { backend: each, ...network };
            const predictions = steps ?? (each === 'wasm' ? 25 : 1);
            console.log(await comparePrediction(browser, origin, folder, task, peer, rounds, predictions));
          } else {
            const work = { mode: part, backend: each, batch: batch ?? (each === 'wasm' ? 32 : 4) };
            const url = `${origin}/training/`;
            console.log(await compareTraining(browser, url, work, peer, rounds, steps ?? 1));
          }
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
});

/** The pages with everything that they load. */
async function bundle(folder: string, missing: readonly string[]): Promise<void> {
  const root = join(ROOT, 'bench/browser');
  const rollupOptions = {
    external: (id: string) => missing.some((name) => id === name || id.startsWith(`${name}/`)),
  };
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es', rollupOptions },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'esnext',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 5000,
      rollupOptions: {
        ...rollupOptions,
        input: ['training', 'prediction'].map((page) => join(root, page, 'index.html')),
      },
    },
  });
}
