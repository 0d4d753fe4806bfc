/** The programs of examples/ find the garment in a picture with the published network; the page "Use it" shows them. */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const MODEL = 'public/models/baseline';
const PICTURE = 'examples/ankle-boot.png';
/** One of CI's own, with what pip installs, before those of the system. */
const PYTHONS = ['.cache/python/bin/python', 'python3', '/usr/bin/python3'];

/** A Python that has these modules; undefined where none has. */
const pythonWith = (...modules: string[]): string | undefined =>
  PYTHONS.find(
    (python) => spawnSync(python, ['-c', `import ${modules.join(', ')}`], { timeout: 60_000 }).status === 0,
  );

async function answer(program: string, ...parameters: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, parameters, { timeout: 100_000 });
  return stdout.trim();
}

describe.skipIf(!existsSync(join(MODEL, 'model.onnx')))('a picture of an ankle boot is one', () => {
  it.each(['predict-tfjs.mjs', 'predict-onnxruntime.mjs'])('for %s', async (file) => {
    expect(await answer(process.execPath, `examples/${file}`, MODEL, PICTURE)).toMatch(
      /^Ankle boot, 9\d\.\d %$/,
    );
  });

  it.each([
    ['predict_onnxruntime.py', ['onnxruntime', 'numpy', 'PIL']],
    ['predict_pytorch.py', ['torch', 'safetensors', 'numpy', 'PIL']],
  ])(
    'for %s',
    async (file, modules) => {
      const python = pythonWith(...modules);
      if (!python) {
        console.warn(`Not run: examples/${file}, since no Python here has ${modules.join(', ')}.`);
        return;
      }
      expect(await answer(python, '-B', `examples/${file}`, MODEL, PICTURE)).toMatch(
        /^Ankle boot, 9\d\.\d+?%$/,
      );
    },
    120_000,
  );

  it('in a file that ONNX’s own checker accepts, with what must be known of it', async () => {
    const python = pythonWith('onnx');
    if (!python) {
      console.warn('Not run: ONNX’s checker, since no Python here has onnx.');
      return;
    }
    const program = `import json, onnx
model = onnx.load("${MODEL}/model.onnx")
onnx.checker.check_model(model, full_check=True)
print(json.dumps([model.producer_name, model.doc_string, {p.key: p.value for p in model.metadata_props}]))`;
    const [producer, description, metadata] = JSON.parse(await answer(python, '-c', program)) as [
      string,
      string,
      Record<string, string>,
    ];
    expect(producer).toBe('fashion-mnist-report');
    expect(description).toContain('[n, 28, 28, 1]');
    expect(JSON.parse(metadata['classes']!)).toHaveLength(10);
    expect(metadata).toMatchObject({ run: 'baseline', license: 'MIT', dataset: 'fashion-mnist' });
  }, 120_000);
});
