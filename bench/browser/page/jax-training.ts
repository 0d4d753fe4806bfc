/**
 * The report's network in jax-js: the whole network, or its dense layers on features. One compiled step of forward
 * pass, backward pass and AdamW. Dropout and the learning rate's schedule are left out, so it does less work than ours.
 */
import { blockUntilReady, defaultDevice, init, jit, lax, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import type { Step, TrainingTask } from '../candidates.ts';
import { sizeOf } from '../../../src/math/arrays.ts';

type Arr = np.Array;
/** For each layer: kernel, bias and, except in the last, γ and β. */
type Parameters = Arr[][];

const [FILTERS, UNITS, CLASSES] = [[64, 64, 128, 128, 256, 256], [512, 256, 128], 10];
const FEATURES = 2304;
const [BETA1, BETA2, EPSILON, RATE, DECAY] = [0.9, 0.999, 1e-8, 1e-3, 1e-4];

/** Numbers that are neither equal nor large. */
const values = (shape: number[], scale: number): Arr =>
  np
    .array(Float32Array.from({ length: sizeOf(shape) }, (_, i) => scale * Math.sin(i * 12.9898)))
    .reshape(shape);

function parameters(mode: TrainingTask['mode']): Parameters {
  const layer = (kernel: number[], fanIn: number, out: number, shape: number[]) => [
    values(kernel, 1 / Math.sqrt(fanIn)),
    np.zeros(shape),
    ...(out === CLASSES ? [] : [np.ones(shape), np.zeros(shape)]),
  ];
  const convolutions = FILTERS.map((out, i) => {
    const channels = FILTERS[i - 1] ?? 1;
    return layer([out, channels, 3, 3], 9 * channels, out, [1, out, 1, 1]);
  });
  const dense = [...UNITS, CLASSES].map((out, i) => {
    const before = UNITS[i - 1] ?? FEATURES;
    return layer([before, out], before, out, [1, out]);
  });
  return mode === 'head' ? dense : [...convolutions, ...dense];
}

function normalise(x: Arr, gamma: Arr, beta: Arr, axes: number[]): Arr {
  const mean = np.mean(x.ref, axes, { keepdims: true });
  const centred = x.sub(mean);
  const variance = np.mean(np.square(centred.ref), axes, { keepdims: true });
  return nn.relu(
    centred
      .div(np.sqrt(variance.add(1e-5)))
      .mul(gamma)
      .add(beta),
  );
}

/** 2×2; an odd last row or column is dropped. */
function pool(x: Arr): Arr {
  const [n, channels, height, width] = x.shape as [number, number, number, number];
  const [rows, columns] = [height >> 1, width >> 1];
  const even = height % 2 ? x.slice([], [], [0, 2 * rows], [0, 2 * columns]) : x;
  return np.max(even.reshape([n, channels, rows, 2, columns, 2]), [3, 5]);
}

function loss(all: Parameters, x: Arr, targets: Arr): Arr {
  const n = x.shape[0]!;
  all.forEach(([kernel, bias, gamma, beta], i) => {
    if (kernel!.shape.length === 4) {
      x = lax.convGeneralDilated(x, kernel!, [1, 1], 'SAME').add(bias!);
      x = normalise(x, gamma!, beta!, [0, 2, 3]);
      if (i % 2) x = pool(x);
      if (i === FILTERS.length - 1) x = x.reshape([n, FEATURES]);
      return;
    }
    x = np.matmul(x, kernel!).add(bias!);
    // When only the head is trained, the statistics are frozen: ours scales and shifts by constants there.
    if (gamma) x = all.length > 4 ? normalise(x, gamma, beta!, [0]) : nn.relu(x.mul(gamma).add(beta!));
  });
  return nn
    .logSoftmax(x)
    .mul(targets)
    .sum()
    .mul(-1 / n);
}

const step = jit((all: Parameters, m: Parameters, v: Parameters, x: Arr, targets: Arr) => {
  const copies = all.map((layer) => layer.map((each) => each.ref));
  const [value, gradients] = valueAndGrad(loss)(copies, x, targets) as [Arr, Parameters];
  const [parameters, first, second]: [Parameters, Parameters, Parameters] = [[], [], []];
  all.forEach((layer, i) => {
    const rows: [Arr[], Arr[], Arr[]] = [[], [], []];
    layer.forEach((parameter, j) => {
      const gradient = gradients[i]![j]!;
      const newM = m[i]![j]!.mul(BETA1).add(gradient.ref.mul(1 - BETA1));
      const newV = v[i]![j]!.mul(BETA2).add(np.square(gradient).mul(1 - BETA2));
      const change = newM.ref.div(np.sqrt(newV.ref).add(EPSILON)).mul(RATE);
      rows[0].push(parameter.mul(1 - RATE * DECAY).sub(change));
      rows[1].push(newM);
      rows[2].push(newV);
    });
    parameters.push(rows[0]);
    first.push(rows[1]);
    second.push(rows[2]);
  });
  return [parameters, first, second, value] as [Parameters, Parameters, Parameters, Arr];
});

export async function start({ mode, backend, batch }: TrainingTask): Promise<Step> {
  if (!(await init(backend)).includes(backend)) throw new Error(`jax-js has no ${backend} here`);
  defaultDevice(backend);
  let all = parameters(mode);
  const zeros = () => all.map((layer) => layer.map((each) => np.zeros(each.shape)));
  let [m, v] = [zeros(), zeros()];
  const shape = mode === 'head' ? [batch, FEATURES] : [batch, 1, 28, 28];
  const x = values(shape, 1);
  const targets = np
    .array(Float32Array.from({ length: batch * CLASSES }, (_, i) => 0.01 + (i % 11 === 0 ? 0.9 : 0)))
    .reshape([batch, CLASSES]);
  return async () => {
    let value: Arr;
    [all, m, v, value] = step(all, m, v, x.ref, targets.ref) as [Parameters, Parameters, Parameters, Arr];
    await blockUntilReady([all, m, v]);
    return value.data();
  };
}
