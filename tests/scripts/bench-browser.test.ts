import { describe, expect, it } from 'vitest';
import { countReads } from '../../bench/browser/reads.ts';
import { bench } from './cli.ts';

const { run } = bench();

describe('the filter gradient on webgpu, by layer', () => {
  it.each(countReads(256))('$name: far fewer reads than tfjs’s kernel', ({ name, stock, own }) => {
    // Nine rows fill one tile of eight and begin another.
    expect(stock.reads / own.reads).toBeGreaterThan(name === 'conv1' ? 4 : 16);
    // Enough threads for a large GPU; tfjs's kernel has 576 for the first layer.
    expect(own.threads).toBeGreaterThanOrEqual(16_384);
  });

  it('npm run bench:browser -- --mode reads prints them', async () => {
    const { code, out } = await run('bench-browser', '--mode', 'reads');
    expect(code).toBe(0);
    expect(out).toMatchInlineSnapshot(`
      "What the filter gradients read in a step of 256 images on webgpu
              tfjs reads  on threads  this project  on threads   fewer
      conv1     220.33 M         576       54.37 M      32,768   4.1 ×
      conv2  14,101.25 M      36,864      506.38 M      32,256  27.8 ×
      conv3   6,710.89 M      73,728      322.17 M      32,256  20.8 ×
      conv4  13,421.77 M     147,456       633.6 M      27,648  21.2 ×
      conv5   6,056.57 M     294,912      312.08 M      18,432  19.4 ×
      conv6  12,113.15 M     589,824      619.97 M      36,864  19.5 ×
      "
    `);
  });

  it('no other mode is known', async () => {
    const { code, error } = await run('bench-browser', '--mode', 'writes');
    expect(code).toBe(2);
    expect(error).toContain('head, all, predict, reads');
  });
});
