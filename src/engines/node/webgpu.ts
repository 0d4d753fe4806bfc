/** tfjs on a GPU with Vulkan, Metal or D3D12: through Dawn, which the package `webgpu` brings to Node. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';

import { Unavailable } from '../backends.ts';
import { type AdapterInfo, adapterName, isSoftware } from '../webgpu/adapter.ts';
import { chooseKernels, registerWebGpuKernels } from '../webgpu/kernels.ts';

export interface Gpu {
  /** The adapter's name. */
  readonly device: string;
  /** Whether it is emulated on the CPU. */
  readonly software: boolean;
  /** Its limits, a line each. */
  readonly limits: readonly string[];
  /** Settles, with the reason, when the device is lost; never otherwise. */
  readonly lost: Promise<string>;
}

/** A driver that hangs is given up after this long. */
const PROBE_MILLISECONDS = 30_000;
const DRIVER = "install the GPU's own driver";

/**
 * Makes tfjs's WebGPU backend the current one.
 * @param software whether an adapter that is emulated on the CPU will do: good for tests only
 * @throws Unavailable without an adapter, or where it will not do
 */
export async function activate(software: boolean): Promise<Gpu> {
  const info = await findGpu();
  const device = adapterName(info);
  if (isSoftware(info) && !software) {
    throw new Unavailable(`only a GPU emulated in software was found (${device})`, { remedy: DRIVER });
  }
  const gpu = await provideGpu();
  // tfjs asks again, in the same words, and throws inside its own start where the answer is null.
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Unavailable('the GPU that was found a moment ago is gone');
  const { limits } = adapter;
  await import('@tensorflow/tfjs-backend-webgpu');
  if (!(await tf.setBackend('webgpu'))) throw new Unavailable(`tfjs does not start on ${device}`);
  registerWebGpuKernels();
  if (!isSoftware(info)) await chooseKernels();
  const backend = tf.backend() as tf.KernelBackend & { device: GPUDevice };
  return {
    device,
    software: isSoftware(info),
    limits: [
      `buffers of up to ${mebibytes(limits.maxBufferSize)}, ${mebibytes(limits.maxStorageBufferBindingSize)} bound at once`,
      `work groups of up to ${limits.maxComputeInvocationsPerWorkgroup} threads with ${limits.maxComputeWorkgroupStorageSize / 1024} KiB of shared memory`,
    ],
    lost: backend.device.lost.then(({ message, reason }) => message || reason || 'no reason was given'),
  };
}

const mebibytes = (bytes: number): string => `${Math.floor(bytes / 2 ** 20)} MiB`;

let provided: GPU | undefined;

/** Node has no WebGPU of its own: puts Dawn's where a browser has it, before tfjs looks for it. */
async function provideGpu(): Promise<GPU> {
  if (provided) return provided;
  const dawn = await import('webgpu').catch((cause: unknown) => {
    throw new Unavailable(`Dawn's library does not load on ${process.platform} ${process.arch}`, { cause });
  });
  Object.assign(globalThis, dawn.globals);
  provided = dawn.create([]);
  Object.defineProperty(globalThis.navigator, 'gpu', { value: provided, configurable: true });
  return provided;
}

/** What was found and printed when this process first looked for a GPU. */
let probed: Promise<{ info: AdapterInfo | null; output: string }> | undefined;

/**
 * Looks for a GPU in a separate process: drivers and Dawn print lines to stderr, which no command should show, and
 * a broken driver may end the process that loads it.
 */
function probe(): NonNullable<typeof probed> {
  return (probed ??= new Promise((resolve) => {
    const script = join(import.meta.dirname, 'webgpu-probe.ts');
    execFile(process.execPath, [script], { timeout: PROBE_MILLISECONDS }, (error, stdout, stderr) => {
      const failure = error && `The search for a GPU ended early: ${error.signal ?? error.message}`;
      const info = error ? null : (JSON.parse(stdout) as AdapterInfo | null);
      resolve({ info, output: [stderr.trim(), failure].filter(Boolean).join('\n') });
    });
  }));
}

/** What drivers and Dawn print on this machine while a GPU is looked for; empty where they are silent. */
export const driverOutput = async (): Promise<string> => (await probe()).output;

/** @throws Unavailable where there is none */
async function findGpu(): Promise<AdapterInfo> {
  const { info, output } = await probe();
  if (info) return info;
  if (output.includes("Couldn't load Vulkan")) {
    throw new Unavailable('there is no Vulkan (libvulkan.so.1) on this machine', {
      remedy: `install Vulkan with your system's package manager (the package libvulkan1 or vulkan-icd-loader) and the GPU's own driver`,
    });
  }
  throw new Unavailable('no GPU that it can use was found', { remedy: DRIVER });
}
