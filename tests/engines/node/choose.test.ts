import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { NODE_BACKENDS, type NodeBackend, Unavailable } from '../../../src/engines/backends.ts';
import {
  type ActiveBackend,
  activateBackend,
  BackendError,
  fastest,
  type PassedOver,
} from '../../../src/engines/node/choose.ts';
import { trainingSpeed } from '../../../src/engines/node/speed.ts';
import { noTestGpu, onHardware } from '../../test-gpu.ts';

const reasonFor = (passedOver: readonly PassedOver[], name: string): string | undefined =>
  passedOver.find((each) => each.name === name)?.reason;

describe('a backend asked for by name', () => {
  it.each(['cpu', 'wasm', 'onnxruntime'] as const)('%s becomes the current one', async (name) => {
    const backend = await activateBackend(name, { threads: 1 });
    expect(backend).toMatchObject({ name, passedOver: [], emulated: false });
    expect(tf.getBackend()).toBe(name);
    expect(backend.device).not.toBe('');
    expect(backend.versions).toMatchObject({
      node: process.versions.node,
      '@tensorflow/tfjs-core': tf.version_core,
    });
  });

  const most = availableParallelism();
  it.each([0, -1, 1.5, NaN, most + 1])('is refused %d threads in one sentence', async (threads) => {
    const failure = await activateBackend('cpu', { threads }).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(BackendError);
    expect((failure as Error).message).toMatch(
      `not with ${threads}; choose a number of threads from 1 to ${most}.`,
    );
  });
});

describe('auto', () => {
  /** What the machine itself would take is tried once, since a real GPU takes its time. */
  let passedOver: readonly PassedOver[];
  beforeAll(async () => {
    const backend = await activateBackend('auto');
    ({ passedOver } = backend);
    const place = NODE_BACKENDS.indexOf(backend.name);
    expect(passedOver.map(({ name }) => name)).toEqual(NODE_BACKENDS.slice(0, place));
  });

  it('says why it did not take what it would rather have', () => {
    for (const { name, reason } of passedOver) expect(reason, name).toMatch(/\w+ \w+/);
  });

  it.skipIf(noTestGpu ?? onHardware)('takes no GPU that is emulated', () => {
    expect(reasonFor(passedOver, 'webgpu')).toMatch(
      /only a GPU emulated in software was found \(.*SwiftShader/,
    );
  });

  it('takes none that computes wrongly', async () => {
    await activateBackend('onnxruntime');
    const { kernelFunc } = tf.getKernel('Conv2DBackpropFilter', 'onnxruntime');
    const replaceBy = (by: tf.KernelFunc): void => {
      tf.unregisterKernel('Conv2DBackpropFilter', 'onnxruntime');
      tf.registerKernel({ kernelName: 'Conv2DBackpropFilter', backendName: 'onnxruntime', kernelFunc: by });
    };
    replaceBy((call) => {
      const gradient = kernelFunc(call) as tf.TensorInfo;
      const { values } = (
        call.backend as tf.KernelBackend & { data: Map<object, { values: Float32Array }> }
      ).data.get(gradient.dataId)!;
      values[0]! += 1;
      return gradient;
    });
    const passed = (await activateBackend('auto')).passedOver;
    expect(reasonFor(passed, 'onnxruntime')).toMatch(
      'wrong on the gradient of its filter: 9 where 8 is right',
    );
    await expect(activateBackend('onnxruntime')).rejects.toThrow(
      /^The backend "onnxruntime" cannot be used: wrong on .*; choose another \(--backend auto takes "wasm"\)\.$/,
    );
    replaceBy(kernelFunc);
    await expect(activateBackend('onnxruntime')).resolves.toMatchObject({ name: 'onnxruntime' });
  });
});

describe('auto with more than one processor', () => {
  /** Which backends work, and how many images a second they train. */
  const choose = async (speeds: Partial<Record<NodeBackend, number>>) => {
    const calls: string[] = [];
    const backend = await fastest(
      (name) => {
        if (!(name in speeds)) return Promise.reject(new Unavailable('there is none'));
        calls.push(`begin ${name}`);
        return Promise.resolve({ name } as ActiveBackend);
      },
      ({ name }) => {
        calls.push(`time ${name}`);
        return speeds[name] ? Promise.resolve(speeds[name]) : Promise.reject(new Error('Device lost.\nat'));
      },
    );
    return { ...backend, calls };
  };
  const none = { name: 'tensorflow-gpu', reason: 'there is none' };

  it('takes the CPU where it trains faster', async () => {
    expect(await choose({ webgpu: 12.34, onnxruntime: 200.4, wasm: 1, cpu: 1 })).toEqual({
      name: 'onnxruntime',
      passedOver: [
        none,
        {
          name: 'webgpu',
          reason: 'slower here: 12 images/s in training, onnxruntime 200 images/s in training',
        },
      ],
      calls: ['begin webgpu', 'time webgpu', 'begin onnxruntime', 'time onnxruntime'],
    });
  });

  it('takes the GPU where that is faster, and leaves it the current one', async () => {
    const { name, passedOver, calls } = await choose({ webgpu: 5000, onnxruntime: 200, cpu: 1 });
    expect({ name, passedOver: passedOver.map((each) => each.name) }).toEqual({
      name: 'webgpu',
      passedOver: ['tensorflow-gpu', 'onnxruntime'],
    });
    expect(calls.at(-1)).toBe('begin webgpu');
  });

  it('measures nothing where there is no choice', async () => {
    const { name, calls } = await choose({ wasm: 1, cpu: 1 });
    expect({ name, calls }).toEqual({ name: 'wasm', calls: ['begin wasm'] });
  });

  it('passes over what cannot be measured', async () => {
    const { name, passedOver } = await choose({ webgpu: 0, onnxruntime: 200 });
    expect({ name, passedOver }).toEqual({
      name: 'onnxruntime',
      passedOver: [none, { name: 'webgpu', reason: 'it failed: Device lost' }],
    });
  });
});

describe('the speed of a backend', () => {
  const cache = mkdtempSync(join(tmpdir(), 'speeds-'));
  afterAll(() => rmSync(cache, { recursive: true }));

  it('is measured once for a machine, and again when asked for', async () => {
    vi.stubEnv('XDG_CACHE_HOME', cache);
    const file = join(cache, 'fashion-mnist-report', 'speeds.json');
    const backend = await activateBackend('wasm');
    const first = await trainingSpeed(backend);
    expect(first).toBeGreaterThan(0);
    const kept = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
    expect(Object.values(kept)).toEqual([first]);
    writeFileSync(file, JSON.stringify({ [Object.keys(kept)[0]!]: 77 }));
    expect(await trainingSpeed(backend)).toBe(77);
    expect(await trainingSpeed({ ...backend, device: 'another' }), 'on another processor').not.toBe(77);
    expect(await trainingSpeed(backend, true)).not.toBe(77);
    writeFileSync(file, 'damaged');
    expect(await trainingSpeed(backend)).toBeGreaterThan(0);
    vi.unstubAllEnvs();
  });
});

describe('a graphics driver that does not work', () => {
  it.skipIf(noTestGpu)('prints nothing among the lines of a command', () => {
    const choose = resolve(import.meta.dirname, '../../../src/engines/node/choose.ts');
    const code = `const { passedOver } = await (await import(${JSON.stringify(choose)})).activateBackend('auto');
      console.log(passedOver.find(({ name }) => name === 'webgpu').reason);`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
      encoding: 'utf8',
      // A loader without a driver, and a driver that is named and is not there.
      env: { ...process.env, VK_ICD_FILENAMES: join(tmpdir(), 'no-driver.json') },
    });
    expect(stderr).toBe('');
    expect(stdout).toBe('no GPU that it can use was found\n');
  });
});
