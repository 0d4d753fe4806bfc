/**
 * Publishes a run's network for other tools as well: ONNX, and PyTorch's weights as safetensors.
 * `npm run export -- --help` explains the flags.
 */
import '../src/node/tune-allocator.ts';
import { execFile } from 'node:child_process';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { cardFiles, networkFacts } from '../src/artifacts/card.ts';
import { LATER_FILES, readRun, readVerified, readWeights, type Run } from '../src/artifacts/run.ts';
import { halvedKernels, toPyTorch } from '../src/artifacts/state-dict.ts';
import { type EightBit, parseMetrics } from '../src/artifacts/schema.ts';
import { CLASS_COUNT } from '../src/data/dataset.ts';
import { encodeSafetensors } from '../src/artifacts/safetensors.ts';
import { activateBackend } from '../src/engines/node/choose.ts';
import { countCorrect, predictedClasses } from '../src/evaluation/metrics.ts';
import { reportArchitecture } from '../src/network/architecture.ts';
import { UserError } from '../src/node/errors.ts';
import { loadDataset, splitOf } from '../src/runs/dataset.ts';
import { isCheap, measureEightBit } from '../src/runs/eight-bit.ts';
import { backendFlags, onlyRun, runCommand } from './cli/command.ts';
import { encodeOnnx, ONNX_INPUT, ONNX_OUTPUT, ONNX_SHAPE } from '../src/artifacts/onnx-model.ts';
import { encodeLayersModel, hashesOf, jsonBytes, MODEL_FILES } from '../src/runs/publish.ts';
import { folderReader, placeFolder } from '../src/node/files.ts';
import { findPublished } from '../src/runs/run-folders.ts';
import { percent } from '../src/node/terminal.ts';
import { findTorch, torchScript } from '../bench/pytorch/python.ts';

/** Images of a test set of 10,000 that another library may predict differently: its sums are rounded differently. */
const ALLOWED_IMAGES = 3;
/** How many images PyTorch classifies. */
const TORCH_IMAGES = 256;
const BATCH = 250;

const about = `Publishes a run's network for other tools, beside its other files:

  model.onnx          takes images [n, 28, 28, 1] in [0, 1], as model.json does, and gives probabilities [n, 10]
  model.safetensors   weights under PyTorch's names and in its layouts, kernels in float16 as published
  model-8bit.json     for TensorFlow.js again, a quarter of the size: written if that costs at most 0.1 points of
                      accuracy on the validation images

  npm run export -- baseline           a run of public/models
  npm run export -- ./runs/test        a run in another folder

All are checked before anything is written: the ONNX file in ONNX Runtime on all test images; the weights in PyTorch
on some of them, where the network is the report's and a Python with torch is found.`;

const flags = backendFlags();

await runCommand(
  { name: 'export', about, flags, takesNames: true },
  async ({ backend = 'auto', threads }, names) => {
    const { id, output } = findPublished(onlyRun('export', names));
    await activateBackend(backend, { threads });
    return exportRun(id, output);
  },
);

async function exportRun(id: string, folder: string): Promise<number> {
  const read = folderReader(folder);
  const run = await readRun(id, read);
  const { metrics } = run;
  const { architecture } = metrics.recipe;
  const weights = await readWeights(architecture, metrics, read);
  const facts = networkFacts(metrics);
  const onnx = encodeOnnx(architecture, weights, { ...facts, input: ONNX_SHAPE });
  const safetensors = encodeSafetensors(halvedKernels(toPyTorch(architecture, weights)), {
    ...facts,
    input: 'images [n, 1, 28, 28], normalised, white on black',
  });

  const data = await loadDataset(metrics.data);
  const { images } = data.test;
  await checkOnnx(onnx, images, run);
  if (JSON.stringify(architecture) === JSON.stringify(reportArchitecture)) {
    await checkTorch(safetensors, images, run);
  } else {
    console.log(
      'model.safetensors: not checked in PyTorch, which only knows the report’s own architecture here.',
    );
  }

  const { limit, labelSmoothing } = metrics.recipe;
  const validation = metrics.validation ? splitOf(data, limit).validation : [];
  const small = encodeLayersModel(architecture, weights, 'uint8');
  const eightBit = validation.length
    ? await measureEightBit(architecture, weights, small.published, data, validation, labelSmoothing)
    : null;
  const offered = eightBit !== null && isCheap(eightBit);
  const made = {
    'model.onnx': onnx,
    'model.safetensors': safetensors,
    ...(offered ? small.files : {}),
  };
  const updated = { ...metrics, eightBit: offered ? eightBit : undefined };
  const files: Record<string, Uint8Array<ArrayBuffer>> = {};
  // An earlier export may have left a model in eight bits that is no longer offered.
  for (const file of Object.keys(metrics.files).filter((name) => !(name in small.files))) {
    files[file] = new Uint8Array(await readVerified(metrics, file, read));
  }
  Object.assign(files, made, await cardFiles(updated));
  const described = parseMetrics(id, { ...updated, files: await hashesOf(files) });
  for (const name of LATER_FILES) {
    const bytes = await read(name);
    if (bytes) files[name] = new Uint8Array(bytes);
  }
  placeFolder(folder, { ...files, 'metrics.json': jsonBytes(described) });
  console.log(eightBitLine(eightBit, offered));
  for (const [file, bytes] of Object.entries(made)) {
    console.log(`${file}: ${(bytes.byteLength / 1e6).toFixed(1)} MB written.`);
  }
  return 0;
}

function eightBitLine(measured: EightBit | null, offered: boolean): string {
  if (!measured) {
    return `${MODEL_FILES.uint8.model}: not written, since this run kept no validation images to evaluate it on.`;
  }
  const { flips, images, accuracy, accuracyFloat16 } = measured;
  const change = `${flips} of ${images} validation images predicted differently, ${percent(accuracyFloat16, 2)} became ${percent(accuracy, 2)}`;
  return `${MODEL_FILES.uint8.model}: ${change}${offered ? '' : '; not written, since that is more than 0.1 points'}.`;
}

/** @throws UserError unless ONNX Runtime gives the published predictions. */
async function checkOnnx(model: Uint8Array<ArrayBuffer>, images: Uint8Array, run: Run): Promise<void> {
  const session = await InferenceSession.create(model, { logSeverityLevel: 3 });
  const count = run.metrics.test.images;
  const probabilities = new Float32Array(count * CLASS_COUNT);
  const size = images.length / count;
  for (let first = 0; first < count; first += BATCH) {
    const batch = Float32Array.from(
      images.subarray(first * size, (first + BATCH) * size),
      (byte) => byte / 255,
    );
    const shape = [batch.length / size, ...run.metrics.recipe.architecture.inputShape];
    const outputs = await session.run({ [ONNX_INPUT]: new Tensor('float32', batch, shape) });
    probabilities.set(outputs[ONNX_OUTPUT]!.data as Float32Array, first * CLASS_COUNT);
  }
  await session.release();
  compare('model.onnx', 'ONNX Runtime', probabilities, run);
}

/** @throws UserError unless PyTorch, where there is one, gives the published predictions. */
async function checkTorch(weights: Uint8Array, images: Uint8Array, run: Run): Promise<void> {
  const python = findTorch();
  if (!python) {
    console.log('model.safetensors: not checked in PyTorch, since no Python with torch was found.');
    return;
  }
  await using folder = await mkdtempDisposable(join(tmpdir(), 'export-'));
  const [weightsFile, imagesFile] = [join(folder.path, 'weights'), join(folder.path, 'images')];
  await writeFile(weightsFile, weights);
  await writeFile(imagesFile, images.subarray(0, (TORCH_IMAGES * images.length) / run.metrics.test.images));
  const { stdout } = await promisify(execFile)(python, torchScript('check.py', [weightsFile, imagesFile]), {
    maxBuffer: 1 << 26,
  });
  const probabilities = Float32Array.from((JSON.parse(stdout) as number[][]).flat());
  compare('model.safetensors', 'PyTorch', probabilities, run);
}

/** Compares probabilities of the first images with the published ones. @throws UserError when they differ */
function compare(file: string, library: string, probabilities: Float32Array, { predictions }: Run): void {
  const published = predictions.subarray(0, probabilities.length);
  const count = probabilities.length / CLASS_COUNT;
  const same = countCorrect(
    predictedClasses(published, CLASS_COUNT),
    predictedClasses(probabilities, CLASS_COUNT),
  );
  const largest = probabilities.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - published[i]!)),
    0,
  );
  console.log(
    `${file}: in ${library}, ${same} of ${count} images as published, probabilities within ${largest.toExponential(1)}.`,
  );
  if (count - same > ALLOWED_IMAGES) {
    throw new UserError(`${file} was not written: ${count - same} images are predicted differently.`, 1);
  }
}
