import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { activate } from '../../../src/engines/node/webgpu.ts';
import { Unavailable } from '../../../src/engines/backends.ts';
import { adapterName, isSoftware } from '../../../src/engines/webgpu/adapter.ts';
import { noTestGpu, onHardware } from '../../test-gpu.ts';

const nobody = { vendor: '', architecture: '', device: '', description: '' };

describe('an adapter', () => {
  it('is called by what it tells', () => {
    const geforce = { ...nobody, vendor: 'nvidia', architecture: 'ampere', description: 'GeForce RTX 3060' };
    expect(adapterName(geforce)).toBe('nvidia ampere, GeForce RTX 3060');
    expect(adapterName({ ...nobody, vendor: 'apple', device: 'M2' })).toBe('apple, M2');
    const inNode = { ...nobody, vendor: 'nvidia', device: 'nvidia-l4', description: 'NVIDIA: 580.1' };
    expect(adapterName(inNode)).toBe('nvidia, nvidia-l4, NVIDIA: 580.1');
    expect(adapterName(nobody)).toBe('GPU');
  });

  it.each([
    ['google', 'SwiftShader Device (Subzero)'],
    ['mesa', 'llvmpipe (LLVM 15.0.6, 256 bits)'],
    ['microsoft', 'Microsoft Basic Render Driver'],
  ])('of %s called %s is software, whatever it says itself', (vendor, description) => {
    expect(isSoftware({ ...nobody, vendor, description })).toBe(true);
    expect(isSoftware({ ...nobody, vendor, description: 'Radeon' })).toBe(false);
    expect(isSoftware({ ...nobody, vendor, description: 'Radeon', isFallbackAdapter: true })).toBe(true);
  });
});

describe('webgpu in Node', () => {
  it('is not taken where it is emulated, unless it is asked for', async (test) => {
    if (noTestGpu) test.skip(noTestGpu);
    if (onHardware) test.skip('this GPU is a real one');
    await expect(activate(false)).rejects.toThrow(Unavailable);
    const gpu = await activate(true);
    expect(gpu).toMatchObject({ device: expect.stringContaining('SwiftShader') as string, software: true });
    expect(gpu.limits.join()).toMatch(/buffers of up to \d+ MiB.*up to \d+ threads with \d+ KiB/);
    expect(tf.getBackend()).toBe('webgpu');
    const product = tf.matMul([[1, 2]], [[3], [4]]);
    expect([...(await product.data())]).toEqual([11]);
  });

  it('tells when the device is lost', async (test) => {
    if (noTestGpu) test.skip(noTestGpu);
    const { lost } = await activate(true);
    (tf.backend() as tf.KernelBackend & { device: GPUDevice }).device.destroy();
    expect(await lost).toMatch(/destroyed/);
    await expect(tf.square(2).data()).rejects.toThrow();
  });
});
