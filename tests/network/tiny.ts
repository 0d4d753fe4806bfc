import type { Architecture, Layer, Weights } from '../../src/network/architecture.ts';
import { type TorchTensor, fromTorch, golden } from './pytorch.ts';

export interface TinyTraining {
  batchSize: number;
  images: TorchTensor;
  labels: number[][];
  initial: Record<string, TorchTensor>;
  steps: { lr: number; beta1: number; loss: number; gradNorm: Record<string, number> }[];
  final: Record<string, TorchTensor>;
  evalLogitsOfBatch0: number[][];
  evalLossOfBatch0: number;
}

export const tinyTraining = golden<TinyTraining>('tiny-training');

/** The small network of `golden/tiny-training.json`, with dropout before the last layer where a rate is given. */
export function tinyArchitecture(rate = 0): Architecture {
  const dropout: Layer[] = rate > 0 ? [{ type: 'dropout', name: 'dropout1', rate }] : [];
  return {
    inputShape: [7, 7, 1],
    layers: [
      { type: 'conv', name: 'conv1', filters: 4 },
      { type: 'batchNorm', name: 'bn1' },
      { type: 'relu' },
      { type: 'conv', name: 'conv2', filters: 6 },
      { type: 'batchNorm', name: 'bn2' },
      { type: 'relu' },
      { type: 'maxPool' },
      { type: 'flatten' },
      { type: 'dense', name: 'dense1', units: 8 },
      { type: 'batchNorm', name: 'bn3' },
      { type: 'relu' },
      ...dropout,
      { type: 'dense', name: 'dense2', units: 10 },
    ],
  };
}

/** The small network with a residual block around its second convolution and one more. */
export function tinyResidual(): Architecture {
  const tiny = tinyArchitecture();
  const at = tiny.layers.findIndex((layer) => layer.type === 'conv' && layer.name === 'conv2');
  const { filters } = tiny.layers.find((layer) => layer.type === 'conv')! as { filters: number };
  const block: Layer[] = [
    { type: 'conv', name: 'block1a', filters },
    { type: 'batchNorm', name: 'block1bn' },
    { type: 'relu' },
    { type: 'conv', name: 'block1b', filters },
    { type: 'batchNorm', name: 'block1bn2' },
    { type: 'add', name: 'add1', inputOf: 'block1a' },
    { type: 'relu' },
  ];
  return { ...tiny, layers: [...tiny.layers.slice(0, at), ...block, ...tiny.layers.slice(at)] };
}

const LAYERS: Record<string, string> = { c: 'conv', b: 'bn', f: 'dense' };
const ROLES: Record<string, string> = {
  weight: 'kernel',
  bias: 'bias',
  running_mean: 'moving_mean',
  running_var: 'moving_variance',
};
const NORM_ROLES: Record<string, string> = { ...ROLES, weight: 'gamma', bias: 'beta' };

/** `b1.weight` → `bn1/gamma` */
export function tinyName(torchName: string): string {
  const [layer, role] = torchName.split('.') as [string, string];
  return `${LAYERS[layer[0]!]}${layer.slice(1)}/${(layer.startsWith('b') ? NORM_ROLES : ROLES)[role]}`;
}

/** A state dict of the small network as weights of ours. */
export function tinyWeights(stateDict: Record<string, TorchTensor>): Weights {
  return Object.fromEntries(
    Object.entries(stateDict).map(([name, tensor]) => [
      tinyName(name),
      fromTorch(tensor, name === 'f1.weight' ? [6, 3, 3] : undefined),
    ]),
  );
}
