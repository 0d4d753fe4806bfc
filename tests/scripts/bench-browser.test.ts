import { expect, it } from 'vitest';
import { countTraffic, trafficTable } from '../../bench/browser/traffic.ts';
import { activate } from '../../src/engines/node/webgpu.ts';
import { noTestGpu } from '../test-gpu.ts';
import { bench } from './cli.ts';

const { run } = bench();

it('npm run bench:browser -- --mode reads counts a step on webgpu', async (test) => {
  if (noTestGpu) test.skip(noTestGpu);
  await activate(true);
  const traffic = countTraffic(256);
  expect(trafficTable(traffic)).toMatchInlineSnapshot(`
    "        dispatches        read     written
    conv1           22    484.5 MB    174.6 MB
    conv2           28  1,245.1 MB    872.3 MB
    conv3           28    637.1 MB    443.8 MB
    conv4           28    741.3 MB    553.9 MB
    conv5           27    333.4 MB    234.7 MB
    conv6           26    402.8 MB    305.8 MB
    dense1          19     54.4 MB     38.9 MB
    dense2          20     13.4 MB       10 MB
    dense3          20      4.4 MB      2.9 MB
    dense4          23      0.5 MB      0.3 MB
    all            241  3,916.9 MB  2,637.2 MB"
  `);
});

it('no other mode is known', async () => {
  const { code, error } = await run('bench-browser', '--mode', 'writes');
  expect(code).toBe(2);
  expect(error).toContain('head, all, predict, reads');
});
