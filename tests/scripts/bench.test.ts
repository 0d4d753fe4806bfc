import { beforeAll, describe, expect, it, vi } from 'vitest';
import { median } from 'd3';
import { growthTables } from '../../bench/backends/growth.ts';
import { CandidateProcess, type Layout, PYTORCH, sizeFor } from '../../bench/backends/process.ts';
import {
  agree,
  type CandidateResult,
  throughputTables,
  type Throughput,
} from '../../bench/backends/throughput.ts';
import { BackendError } from '../../src/engines/node/choose.ts';
import { alignColumns } from '../../src/node/terminal.ts';
import { NODE_BACKENDS } from '../../src/engines/backends.ts';
import { bench } from './cli.ts';

const { run } = bench();
// Processes that train the report's network, one after another: some seconds, on a busy machine minutes.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

describe('npm run bench', () => {
  let figures: Throughput;
  beforeAll(async () => {
    const { code, out, error } = await run(
      'bench',
      ...['--backends', 'onnxruntime,wasm', '--rounds', '1', '--batch', '2', '--threads', '1', '--json'],
    );
    expect(code, error).toBe(0);
    figures = JSON.parse(out) as Throughput;
  });

  it('measures training and inference of each backend, in turn', () => {
    expect(figures).toMatchObject({ threads: 1, rounds: 1, parameters: 2_493_514, absent: [] });
    expect(figures.results.map(({ name }) => name)).toEqual(['onnxruntime', 'wasm']);
    for (const { name, train, infer } of figures.results) {
      for (const measurement of [train!, infer!]) {
        expect(measurement.batch).toBe(2);
        expect(measurement.seconds).toHaveLength(name === 'wasm' ? 1 : 3);
        expect(measurement.imagesPerSecond).toBeCloseTo(2 / median(measurement.seconds)!, 10);
        expect(measurement.peakBytes).toBeGreaterThan(2 ** 26);
      }
      expect(train!.imagesPerSecond, name).toBeLessThan(infer!.imagesPerSecond);
    }
  });

  it('shows them as tables, with the ratio to each baseline', () => {
    const text = throughputTables({ ...figures, absent: [{ name: 'cpu', reason: 'it is asleep' }] }).join(
      '\n',
    );
    const ratio = figures.results[0]!.train!.imagesPerSecond / figures.results[1]!.train!.imagesPerSecond;
    expect(text).toMatch(
      /Training +batch +images\/s +per CPU second +s\/step +range +× wasm +peak memory +on/,
    );
    expect(text).toMatch(new RegExp(`onnxruntime +2 .* ${ratio.toPrecision(3)} `));
    expect(text).toMatch('cpu: it is asleep');
    expect(text).toMatch(/Without dropout, .* onnxruntime finds a first loss of 2\.\d{5} in training/);
  });

  it('compares only engines that find the same', () => {
    const [first, second] = figures.results.map((result) => result.first);
    for (const key of ['training', 'inference', 'gradient'] as const) {
      expect(Math.abs(first![key] / second![key] - 1), key).toBeLessThan(1e-3);
    }
    expect(agree(first!, second!)).toBe(true);
    expect(agree(first!, { ...first!, inference: 1.01 * first!.inference })).toBe(false);
    expect(agree(first!, { ...first!, gradient: NaN })).toBe(false);
  });

  it('gives ratios to PyTorch in its faster layout, and what PyTorch is made of', () => {
    const [ours] = figures.results as [CandidateResult];
    const torch = (layout: Layout, imagesPerSecond: number): CandidateResult => ({
      ...{ ...ours, name: PYTORCH, layout, versions: { torch: '2.6' }, details: ['BLAS loaded: none'] },
      train: { ...ours.train!, imagesPerSecond },
    });
    const rate = ours.train!.imagesPerSecond;
    const results = [ours, torch('contiguous', 4 * rate), torch('channels_last', 2 * rate)];
    const text = throughputTables({ ...figures, results }).join('\n');
    expect(text).toMatch(/^onnxruntime .* 0\.250 /m);
    expect(text).toMatch(/^pytorch, channels_last .* 0\.500 /m);
    expect(text).toMatch('PyTorch 2.6; ratios are to the faster of its layouts:\n  BLAS loaded: none');
  });

  it('tells where the time of a step goes', async () => {
    const { code, out } = await run(
      'bench',
      ...'--profile --backends onnxruntime --batch 2 --steps 2'.split(' '),
    );
    expect(code).toBe(0);
    const [training, inference] = out.split('\n\n') as [string, string];
    expect(training).toMatch(/^Training on onnxruntime, batch 2: .* s per step, mean of 2\n/);
    expect(training).toMatch(/Conv2DBackpropFilter +6 /);
    expect(training).toMatch(/BatchNormTrainGrad +9 /);
    expect(inference).toMatch(/FusedConv2D +6 /);
    const shares = [...training.matchAll(/([\d.]+) %$/gm)].map(([, share]) => Number(share));
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(100, -1);
  });

  it('tells whether memory stays as it is', async () => {
    const { code, out } = await run(
      'bench',
      ...'--memory --backends onnxruntime --batch 2 --steps 2 --json'.split(' '),
    );
    expect(code).toBe(0);
    const [memory] = JSON.parse(out) as Record<string, number>[];
    expect(memory).toMatchObject({ name: 'onnxruntime', batch: 2, warmUp: 20, steps: 2 });
    expect(memory!['peak']).toBeGreaterThanOrEqual(memory!['after']!);
  });

  it('shows how cost grows, and how near kernels come to the machine', () => {
    const growth = { imagesPerSecond: 123.4, imagesPerCpuSecond: 60, peakBytes: 2 ** 30 };
    const text = growthTables({
      machine: figures.machine,
      limits: { flops: 8e10, bytes: 2 ** 33 },
      batches: [
        { batch: 1, infer: growth },
        { batch: 512, train: growth, infer: growth },
      ],
      threads: [{ threads: 2, train: growth, infer: growth }],
      kernels: [
        { kernel: 'FusedConv2D', seconds: 0.5, operations: 6e10, bytes: 2 ** 30 },
        { kernel: 'MaxPool', seconds: 0.25, operations: 0, bytes: 2 ** 30 },
      ],
    }).join('\n');
    expect(text).toMatch('One thread multiplies at 80 GFLOP/s and copies 8.0 GiB/s.');
    expect(text).toMatch(/^ +1 +– +– +– +123 +60\.0 +1024 MiB$/m);
    expect(text).toMatch(/^ +512 +123 +60\.0 +1024 MiB +123 +60\.0 +1024 MiB$/m);
    expect(text).toMatch(/^FusedConv2D +500 +120 +150 % +2\.0 +25 %$/m);
    expect(text).toMatch(/^MaxPool +250 +4\.0 +50 %$/m);
  });

  it.each([
    [['--growth', '--batch', '8'], '--growth goes through batches on onnxruntime'],
    [['--backends', 'onnxruntime,cuda'], 'Unknown backend "cuda"; known are tensorflow-gpu, '],
    [['--rounds', '0'], '--rounds takes a whole number from 1 '],
    [['--threads', '0'], '--threads takes a whole number from 1 '],
    [['--steps', '3'], '--steps goes with --memory or --profile'],
    [['--memory', '--profile'], 'Choose one of --memory, --profile and --growth.'],
    [['--profile', '--backends', 'pytorch'], 'not for pytorch'],
  ])('refuses %j in one sentence', async (args, message) => {
    const { code, error } = await run('bench', ...args);
    expect(code).toBe(2);
    expect(error).toMatch(message);
    expect(error.trim().split('\n')).toHaveLength(1);
  });
});

describe('npm run doctor', () => {
  it('says of each backend whether it works here, and which auto takes', async () => {
    const { code, out } = await run('doctor', '--no-speed');
    expect(code).toBe(0);
    for (const name of NODE_BACKENDS) expect(out).toMatch(new RegExp(`^${name} +(yes|no) `, 'm'));
    expect(out).toMatch(/^cpu +yes /m);
    expect(out).toMatch(
      /tensorflow: the package @tensorflow\/tfjs-node is not installed; install it with "npm/,
    );
    expect(out).toMatch(/^--backend auto takes (\S+)\.$/m);
  });
});

describe('a candidate’s process', () => {
  const startTorch = (python: string) => CandidateProcess.start(PYTORCH, { threads: 1, python });

  it('that does not start says why', async () => {
    await expect(startTorch('/nowhere/python3')).rejects.toThrow(BackendError);
    await expect(startTorch('/nowhere/python3')).rejects.toThrow('ENOENT');
    // Node cannot run Python.
    await expect(startTorch(process.execPath)).rejects.toThrow('bad option');
  });

  it('that takes too long is ended', async () => {
    await expect(CandidateProcess.start('cpu', { timeout: 1 })).rejects.toThrow(
      'it took longer than 0.001 s',
    );
  });

  it('that is slow is given fewer images', () => {
    expect(sizeFor('onnxruntime', { emulated: false }, 256)).toEqual({ batch: 256, warmUp: 5, steps: 3 });
    expect(sizeFor('wasm', { emulated: false }, 256).batch).toBe(64);
    expect(sizeFor('webgpu', { emulated: true }, 256).batch).toBe(2);
    expect(sizeFor('wasm', { emulated: false }, 8).batch).toBe(8);
  });
});

it('columns are as wide as their widest text', () => {
  expect(
    alignColumns(
      [
        ['a', '1', 'x'],
        ['bc', '10'],
      ],
      '<>',
    ),
  ).toEqual(['a    1  x', 'bc  10']);
});
