/** Compares training and prediction in Chromium. `npm run bench:browser -- --help` explains the flags. */
import { existsSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { BACKENDS, countInPage } from '../bench/browser/candidates.ts';
import { comparePrediction, placeModel } from '../bench/browser/prediction.ts';
import { trafficTable } from '../bench/browser/traffic.ts';
import { compareTraining } from '../bench/browser/training.ts';
import { getChromium } from '../src/node/chromium.ts';
import { serve } from '../src/node/static-server.ts';
import { findPublished, MODELS, ROOT } from '../src/runs/run-folders.ts';
import { oneOf, runCommand, text, whole } from './cli/command.ts';

/** What is timed: its title, and the package to compare with. */
const TIMED = {
  head: ['training the head', '@jax-js/jax'],
  all: ['training the whole network', '@jax-js/jax'],
  predict: ['predicting', 'onnxruntime-web'],
} as const;
const TIMED_MODES = Object.keys(TIMED) as (keyof typeof TIMED)[];

const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  '--enable-unsafe-swiftshader',
];

const flags = {
  mode: oneOf(
    [...TIMED_MODES, 'reads'],
    `head or all: how many images per second the dense layers, or the whole network, learn.
predict: time of one image, start-up and size of the engine of the drawing page.
reads: how many programs a training step of the whole network dispatches on WebGPU, and the bytes of all tensors that they
read and write, counted by layer.`,
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
  const { id, output } = findPublished(
    named ?? (existsSync(join(MODELS, 'baseline')) ? 'baseline' : 'preview'),
  );
  const missing = ['@jax-js/jax', 'onnxruntime-web'].filter(
    (name) => !existsSync(join(ROOT, 'bench/node_modules', name)),
  );
  if (missing.length) {
    console.log(`Not installed: ${missing.join(', ')}; npm install --prefix bench brings what is missing.`);
  }

  await using scratch = await mkdtempDisposable(join(tmpdir(), 'bench-browser-'));
  const folder = scratch.path;
  const executablePath = await getChromium(console.log);
  await bundle(folder, missing);
  const network = await placeModel(id, output, folder);
  await using served = await serve(folder, '', { isolated: true });
  await using browser = await chromium.launch({ executablePath, args: CHROMIUM_FLAGS });
  if (mode ? mode === 'reads' : backend !== 'wasm') {
    const images = batch ?? 256;
    console.log(`What a step of ${images} images dispatches, reads and writes on webgpu`);
    console.log(trafficTable(await countInPage(browser, served.origin, images)));
  }
  const timedModes = mode ? TIMED_MODES.filter((timed) => timed === mode) : TIMED_MODES;
  for (const each of backend ? [backend] : BACKENDS) {
    for (const timed of timedModes) {
      const [title, reference] = TIMED[timed];
      const compares = !missing.includes(reference);
      console.log(`\n${title} on ${each}`);
      if (timed === 'predict') {
        const task = { backend: each, ...network };
        const count = steps ?? (each === 'wasm' ? 25 : 1);
        console.log(await comparePrediction(browser, served.origin, folder, task, compares, rounds, count));
      } else {
        const task = { mode: timed, backend: each, batch: batch ?? (each === 'wasm' ? 32 : 4) };
        console.log(await compareTraining(browser, served.origin, task, compares, rounds, steps ?? 1));
      }
    }
  }
  return 0;
});

/** Bundles the page with everything that it loads, except packages that are not installed. */
async function bundle(folder: string, missing: readonly string[]): Promise<void> {
  const rollupOptions = {
    external: (id: string) => missing.some((name) => id === name || id.startsWith(`${name}/`)),
  };
  await build({
    root: join(ROOT, 'bench/browser/page'),
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es', rollupOptions },
    build: {
      outDir: folder,
      emptyOutDir: true,
      target: 'esnext',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 5000,
      rollupOptions,
    },
  });
}
