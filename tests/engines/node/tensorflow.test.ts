/** libtensorflow itself is not here; packages of its names stand in for it, each as it would be found on some machine. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';

// Each test waits for a process of its own.
vi.setConfig({ testTimeout: 120_000 });
const folder = mkdtempSync(join(tmpdir(), 'tensorflow-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const choose = resolve(import.meta.dirname, '../../../src/engines/node/choose.ts');
const { resolve: find } = createRequire(import.meta.url);

/** Node looks for packages in NODE_PATH too; a process of its own, since what it has loaded it keeps. */
function activate(
  packages: Record<string, string>,
  name: string,
): { message?: string; [key: string]: unknown } {
  const modules = mkdtempSync(join(folder, 'modules-'));
  for (const [specifier, code] of Object.entries(packages)) {
    const place = join(modules, specifier);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'package.json'), JSON.stringify({ name: specifier, version: '4.22.0' }));
    writeFileSync(join(place, 'index.js'), code);
  }
  const script = `
    const { activateBackend } = await import(${JSON.stringify(choose)});
    const result = await activateBackend(${JSON.stringify(name)}, { threads: 1 }).catch(({ name, message }) => ({ name, message }));
    console.log(JSON.stringify({ ...result, threads: process.env.TF_NUM_INTRAOP_THREADS }));
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    env: { ...process.env, NODE_PATH: modules, VK_ICD_FILENAMES: '', XDG_CACHE_HOME: modules },
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as ReturnType<typeof activate>;
}

/** Computes on tfjs's own CPU kernels, and calls at once what Node ≥ 23 has no more and others warn of. */
const working = (usesGpu: boolean): string => `
  const util = require('util');
  if (util.isNullOrUndefined(0) || !util.isArray([])) throw new Error('wrong');
  const tf = require(${JSON.stringify(find('@tensorflow/tfjs-core'))});
  const { MathBackendCPU } = require(${JSON.stringify(find('@tensorflow/tfjs-backend-cpu'))});
  class Backend extends MathBackendCPU {
    firstUse = false;
    isUsingGpuDevice = ${usesGpu};
  }
  tf.registerBackend('tensorflow', () => new Backend());
  tf.copyRegisteredKernels('cpu', 'tensorflow');
`;
const broken = `throw new Error('libtensorflow.so.2: cannot open shared object file: No such file or directory\\nat load');`;

describe.each([
  ['tensorflow', '@tensorflow/tfjs-node'],
  ['tensorflow-gpu', '@tensorflow/tfjs-node-gpu'],
])('%s', (name, specifier) => {
  it('says how to install what is missing, and what there is instead', () => {
    const { name: error, message } = activate({}, name);
    expect(error).toBe('BackendError');
    expect(message).toMatch(
      `The backend "${name}" cannot be used: the package ${specifier} is not installed; install it with "npm install --no-save --ignore-scripts=false ${specifier}", or choose another (--backend auto takes "`,
    );
  });

  it('says something else of a package whose library does not load', () => {
    const { message } = activate({ [specifier]: broken }, name);
    expect(message).toMatch(
      'is installed, but its library does not load (libtensorflow.so.2: cannot open shared object file: No such file or directory); ',
    );
    expect(message).toMatch(`"npm rebuild --ignore-scripts=false ${specifier}"`);
    expect(message!.includes('CUDA')).toBe(name === 'tensorflow-gpu');
  });

  it('computes where it loads, on any version of Node', () => {
    expect(activate({ [specifier]: working(true) }, name)).toMatchObject({
      name,
      threads: '1',
      versions: { [specifier]: '4.22.0' },
    });
  });
});

it('does not call a GPU what is none', () => {
  const { message } = activate({ '@tensorflow/tfjs-node-gpu': working(false) }, 'tensorflow-gpu');
  expect(message).toMatch('is installed, but TensorFlow finds no GPU; install CUDA 11.2 and cuDNN 8.1, or');
});

it('is what auto tries first, and passes over where it is slower than the CPU', () => {
  // This one computes in JavaScript.
  const { name, passedOver } = activate({ '@tensorflow/tfjs-node-gpu': working(true) }, 'auto');
  expect(name).toBe('onnxruntime');
  expect(passedOver).toEqual([
    {
      name: 'tensorflow-gpu',
      reason: expect.stringMatching(/^slower here: [\d.]+ images\/s in training, onnxruntime \d+ /) as string,
    },
  ]);
});
