/** tfjs on a GPU with Vulkan, Metal or D3D12: through Dawn, which the package `webgpu` brings to Node. */
import { constants } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';

import { Unavailable } from '../backends.ts';
import { adapterName, isSoftware } from '../webgpu/adapter.ts';
import { registerWebGpuKernels } from '../webgpu/kernels.ts';

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

const LINUX_LOADER = 'libvulkan.so.1';
const DRIVER = "install the GPU's own driver";

/**
 * Makes tfjs's WebGPU backend the current one.
 * @param software whether an adapter that is emulated on the CPU will do: good for tests only
 * @throws Unavailable without an adapter, or where it will not do
 */
export async function activate(software: boolean): Promise<Gpu> {
  if (process.platform === 'linux') checkVulkan();
  const gpu = await provideGpu();
  // tfjs asks again, in the same words, and throws inside its own start where the answer is null.
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Unavailable('no GPU that it can use was found', { remedy: DRIVER });
  const { info, limits } = adapter;
  const device = adapterName(info);
  if (isSoftware(info) && !software) {
    throw new Unavailable(`only a GPU emulated in software was found (${device})`, { remedy: DRIVER });
  }
  await import('@tensorflow/tfjs-backend-webgpu');
  if (!(await tf.setBackend('webgpu'))) throw new Unavailable(`tfjs does not start on ${device}`);
  registerWebGpuKernels();
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

/**
 * Dawn prints several lines on a Linux without Vulkan. So the dynamic linker is asked beforehand: it fails in one way
 * when there is no such library, and in another when it is there but no module of Node's.
 */
function checkVulkan(): void {
  try {
    process.dlopen({ exports: {} }, LINUX_LOADER, constants.dlopen.RTLD_LAZY);
  } catch (error) {
    if (!/cannot open shared object/.test(String(error))) return;
    throw new Unavailable(`there is no Vulkan (${LINUX_LOADER}) on this machine`, {
      remedy: `install Vulkan with your system's package manager (the package libvulkan1 or vulkan-icd-loader) and the GPU's own driver`,
    });
  }
}
