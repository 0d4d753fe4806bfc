/** The op tests that tfjs ships, run against those of its kernels that this project replaces on webgpu. */
import { beforeAll } from 'vitest';
import { activate } from '../../../src/engines/node/webgpu.ts';
import { noTestGpu } from '../../test-gpu.ts';
import { opTests, runOpTests } from '../op-tests.ts';

if (!noTestGpu) beforeAll(() => activate(true));

const files = ['conv2d', 'fused/fused_conv2d', 'fused/fused_mat_mul', 'mat_mul', 'max_pool', 'sum'];
const tests = await opTests(noTestGpu ? [] : files);
runOpTests(tests, { name: 'webgpu', backendName: 'webgpu', isDataSync: false });
