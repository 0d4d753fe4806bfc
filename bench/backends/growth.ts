/** How cost grows: with the batch, with the threads, and how near each kernel comes to what the machine can do. */
import { median } from 'd3';
import { compiledGraph, loadRuntime, node, tensor } from '../../src/engines/onnxruntime/compiled-graph.ts';
import { sizeOf } from '../../src/math/arrays.ts';
import { outputShapes, reportArchitecture } from '../../src/network/architecture.ts';
import { alignColumns } from '../../src/node/terminal.ts';
import { machine } from '../../src/runs/provenance.ts';
import { inProcess, measureProfiles } from './profile.ts';
import { type Mode, MODES } from './workload.ts';

const BACKEND = 'onnxruntime';
const BATCHES = [2, 4, 8, 16, 32, 64, 128, 256, 512];
/** The batch over which threads are counted and kernels are timed. */
const BATCH = 256;
const [WARM_UP, STEPS] = [2, 3];

interface Growth {
  imagesPerSecond: number;
  /** From the CPU's time, of all threads together. */
  imagesPerCpuSecond: number;
  peakBytes: number;
}

/** What a machine can do at most, measured. */
export interface Limits {
  /** Operations per second of ONNX Runtime's product of two matrices of 2048², on one thread. */
  flops: number;
  /** Bytes per second, read and written, of a copy of 256 MiB on one thread. */
  bytes: number;
}

export interface GrowthFigures {
  machine: ReturnType<typeof machine>;
  limits: Limits;
  /** Batch 1 is for inference alone: a batch to normalise has two images at least. */
  batches: ({ batch: number } & Partial<Record<Mode, Growth>>)[];
  threads: ({ threads: number } & Partial<Record<Mode, Growth>>)[];
  kernels: { kernel: string; seconds: number; operations: number; bytes: number }[];
}

/** @param log receives progress, a line at a time */
export async function measureGrowth(threads: number, log: (line: string) => void): Promise<GrowthFigures> {
  const figures: GrowthFigures = {
    ...{ machine: machine(), limits: await measureLimits(), batches: [], threads: [], kernels: [] },
  };
  const both = async (batch: number, threads: number): Promise<Partial<Record<Mode, Growth>>> => {
    const found: Partial<Record<Mode, Growth>> = {};
    for (const mode of batch > 1 ? MODES : (['infer'] as const)) {
      log(`${mode}, batch ${batch}, ${threads} threads`);
      found[mode] = await measureOne(mode, batch, threads);
    }
    return found;
  };
  for (const batch of [1, ...BATCHES]) figures.batches.push({ batch, ...(await both(batch, threads)) });
  for (let count = 1; count < threads; count *= 2) {
    figures.threads.push({ threads: count, ...(await both(BATCH, count)) });
  }
  figures.threads.push({ threads, ...figures.batches.find(({ batch }) => batch === BATCH)! });
  log('kernels');
  const [training] = await measureProfiles({ name: BACKEND, batch: BATCH, threads: 1, steps: STEPS });
  const work = workOf(BATCH);
  figures.kernels = training!.kernels.flatMap(({ kernel, seconds }) =>
    work[kernel] ? [{ kernel, seconds: seconds / training!.steps, ...work[kernel] }] : [],
  );
  return figures;
}

/** In a new process each time: the memory of one only grows. */
const measureOne = (mode: Mode, batch: number, threads: number): Promise<Growth> =>
  inProcess({ name: BACKEND, batch, threads }, mode, async (candidate) => {
    await candidate.run({ steps: WARM_UP });
    const { seconds, cpuSeconds, peakBytes } = await candidate.run({ steps: STEPS });
    return {
      imagesPerSecond: batch / median(seconds)!,
      imagesPerCpuSecond: (batch * STEPS) / cpuSeconds,
      peakBytes,
    };
  });

async function measureLimits(): Promise<Limits> {
  await loadRuntime();
  const size = 2048;
  const matrix = () => tensor(new Float32Array(size ** 2).fill(0.5), [size, size]);
  const [a, b, c] = [matrix(), matrix(), matrix()];
  const square = (name: string) => ({ name, shape: [size, size] });
  const product = compiledGraph('limit', () => ({
    ...{ inputs: [square('a'), square('b')], outputs: [square('c')] },
    nodes: [node('MatMul', ['a', 'b'], ['c'])],
  }));
  const bytes = new Uint8Array(2 ** 28).fill(1);
  return {
    flops: (2 * size ** 3) / secondsOf(() => product({ a, b }, { c })),
    bytes: bytes.length / secondsOf(() => void bytes.copyWithin(0, bytes.length / 2)),
  };
}

/** Of this process's CPU time, which other work on the machine does not lengthen much. */
function secondsOf(work: () => void): number {
  const times = 10;
  work();
  const before = process.cpuUsage();
  for (let i = 0; i < times; i++) work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6 / times;
}

/**
 * What a training step asks of some kernels: operations as the definition counts them (two a product), and bytes of the
 * tensors that go in and come out, each once.
 */
function workOf(batch: number): Record<string, { operations: number; bytes: number }> {
  const { layers, inputShape } = reportArchitecture;
  const shapes = outputShapes(reportArchitecture);
  const work: Record<string, { operations: number; bytes: number }> = {};
  const add = (kernels: readonly string[], operations: number, floats: number): void => {
    for (const kernel of kernels) {
      const sum = (work[kernel] ??= { operations: 0, bytes: 0 });
      sum.operations += batch * operations;
      sum.bytes += 4 * batch * floats;
    }
  };
  layers.forEach((layer, i) => {
    const [before, after] = [shapes[i - 1] ?? inputShape, shapes[i]!];
    const [read, written] = [sizeOf(before), sizeOf(after)];
    const images = after.length === 3;
    if (layer.type === 'conv') {
      const operations = 2 * 9 * before[2]! * written;
      add(['FusedConv2D', 'Conv2DBackpropFilter'], operations, read + written);
      // Nobody asks for the gradient with respect to the images.
      if (i > 0) add(['Conv2DBackpropInput'], operations, read + written);
    }
    if (layer.type === 'batchNorm' && images) {
      add(['BatchNormTrain'], 0, 2 * written);
      add(['BatchNormTrainGrad'], 0, 3 * written);
    }
    if (layer.type === 'maxPool') {
      add(['MaxPool'], 0, read + written);
      add(['MaxPoolGrad'], 0, 2 * (read + written));
    }
    if (layer.type === 'dropout' && images) add(['DropoutTrain'], 0, 4 * written);
  });
  return work;
}

export function growthTables({ machine, limits, batches, threads, kernels }: GrowthFigures): string[] {
  const cells = (measured: Partial<Record<Mode, Growth>>): string[] =>
    MODES.flatMap((mode) => {
      const growth = measured[mode];
      return growth
        ? [
            growth.imagesPerSecond.toPrecision(3),
            growth.imagesPerCpuSecond.toPrecision(3),
            `${(growth.peakBytes / 2 ** 20).toFixed(0)} MiB`,
          ]
        : ['–', '–', '–'];
    });
  const head = ['training, images/s', 'inference, images/s'].flatMap((title) => [
    ...[title, 'per CPU second', 'peak memory'],
  ]);
  const share = (value: number): string => `${(100 * value).toFixed(0)} %`;
  return [
    `${BACKEND} on ${machine.cpu}, ${machine.cores} cores, ${machine.platform}`,
    `One thread multiplies at ${(limits.flops / 1e9).toFixed(0)} GFLOP/s and copies ${(limits.bytes / 2 ** 30).toFixed(1)} GiB/s.`,
    '',
    ...alignColumns(
      [['batch', ...head], ...batches.map((row) => [String(row.batch), ...cells(row)])],
      '>>>>>>>',
    ),
    '',
    ...alignColumns(
      [[`threads, batch ${BATCH}`, ...head], ...threads.map((row) => [String(row.threads), ...cells(row)])],
      '>>>>>>>',
    ),
    '',
    ...alignColumns(
      [
        ['kernel, one thread', 'ms/step', 'GFLOP/s', 'of products', 'GiB/s', 'of copies'],
        ...kernels.map(({ kernel, seconds, operations, bytes }) => [
          kernel,
          (1000 * seconds).toFixed(0),
          operations ? (operations / seconds / 1e9).toFixed(0) : '',
          operations ? share(operations / seconds / limits.flops) : '',
          (bytes / seconds / 2 ** 30).toFixed(1),
          share(bytes / seconds / limits.bytes),
        ]),
      ],
      '<>>>>>',
    ),
    '',
    'Operations are counted by the definition of a convolution: tiles need fewer, so a share may exceed 100 %.',
  ];
}
