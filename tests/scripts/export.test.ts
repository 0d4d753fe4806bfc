import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { isCheap } from '../../src/runs/eight-bit.ts';
import { folderReader } from '../../src/node/files.ts';
import { toPyTorch } from '../../src/artifacts/state-dict.ts';
import { readMetrics, readWeights } from '../../src/artifacts/run.ts';
import { decodeSafetensors } from '../../src/artifacts/safetensors.ts';
import { bench, TINY } from './cli.ts';

const { folder, run } = bench();
const read = folderReader(join(folder, 'exported'));

beforeAll(async () => {
  const { code, error } = await run('train', ...TINY, '--output', './exported');
  expect(error).toBe('');
  expect(code).toBe(0);
});

it('writes an ONNX file that gives the published predictions, and the published weights for PyTorch', async () => {
  const { code, out, error } = await run('export', './exported');
  expect(error).toBe('');
  expect(code).toBe(0);
  expect(out).toMatch(/^model\.onnx: in ONNX Runtime, (\d+) of \1 images as published/m);
  const metrics = await readMetrics('exported', read);
  const { architecture } = metrics.recipe;
  const weights = await readWeights(architecture, metrics, read);
  const { tensors } = decodeSafetensors(readFileSync(join(folder, 'exported', 'model.safetensors')));
  expect(tensors).toEqual(toPyTorch(architecture, weights));
  expect(Object.keys(metrics.files)).toEqual(
    expect.arrayContaining(['model.onnx', 'model.safetensors', 'weights.bin']),
  );
});

it('says what eight bits cost, and publishes them where that is next to nothing', async () => {
  const { out } = await run('export', './exported');
  const line = /^model-8bit\.json: (\d+) of 16 validation images predicted differently, .*\.$/m.exec(out)!;
  const { eightBit, files } = await readMetrics('exported', read);
  expect(eightBit === undefined).toBe(line[0].includes('not written'));
  expect('model-8bit.json' in files).toBe(eightBit !== undefined);
  if (eightBit) expect(eightBit.flips).toBe(Number(line[1]));
});

it.each([
  [12, true],
  [13, false],
])('takes a loss of %i of 12,000 images as cheap: %s', (lost, cheap) => {
  const figures = { images: 12_000, accuracyFloat16: 11_257 / 12_000, flips: lost, known: [] };
  expect(isCheap({ ...figures, accuracy: (11_257 - lost) / 12_000 })).toBe(cheap);
});

it('leaves a run that evaluate confirms, and does the same again', async () => {
  const before = readFileSync(join(folder, 'exported', 'model.onnx'));
  const later = ['drawings.json', 'pytorch.json'].map((name) => join(folder, 'exported', name));
  for (const file of later) writeFileSync(file, 'made later');
  expect((await run('export', './exported')).code).toBe(0);
  for (const file of later) expect(readFileSync(file, 'utf8')).toBe('made later');
  expect(readFileSync(join(folder, 'exported', 'model.onnx')).equals(before)).toBe(true);
  expect((await run('evaluate', './exported')).code).toBe(0);
});

it('refuses wrong input in one sentence', async () => {
  expect(await run('export')).toMatchObject({
    code: 2,
    error: expect.stringMatching(/^Name one run to export.*\n$/) as string,
  });
  expect(await run('export', 'nothing-like-it')).toMatchObject({
    code: 2,
    error: expect.stringMatching(/^There is no run "nothing-like-it".*\n$/) as string,
  });
  writeFileSync(join(folder, 'exported', 'weights.bin'), 'broken');
  expect(await run('export', './exported')).toMatchObject({
    code: 2,
    error: expect.stringMatching(/^weights\.bin.*\n$/) as string,
  });
});
