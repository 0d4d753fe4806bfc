/** A published network as an ONNX model. */
import { toPyTorch } from '../../src/artifacts/pytorch.ts';
import { encodeModel, type Node } from '../../src/engines/node/onnx/proto.ts';
import {
  type Architecture,
  BATCH_NORM_EPSILON,
  classCount,
  type Weights,
} from '../../src/model/architecture.ts';
import { PIXEL_DEVIATION, PIXEL_MEAN } from '../../src/model/preprocess.ts';
import { CliError } from './cli.ts';

export const ONNX_INPUT = 'images';
export const ONNX_OUTPUT = 'probabilities';

/**
 * @returns a model that takes images in [0, 1] of shape [n, 1, 28, 28] and gives class probabilities [n, 10]
 * @throws CliError when the network has a layer that this export does not know
 */
export function encodeOnnx(architecture: Architecture, weights: Weights): Uint8Array<ArrayBuffer> {
  const [height, width, channels] = architecture.inputShape;
  const tensors = toPyTorch(architecture, weights);
  const nodes: Node[] = [
    { op: 'Sub', inputs: [ONNX_INPUT, 'mean'], outputs: ['centred'] },
    { op: 'Div', inputs: ['centred', 'deviation'], outputs: ['x0'] },
  ];
  let last = 'x0';
  const add = (op: string, parameters: string[] = [], attributes: Node['attributes'] = {}): void => {
    const output = `x${nodes.length}`;
    nodes.push({ op, inputs: [last, ...parameters], outputs: [output], attributes });
    last = output;
  };
  for (const layer of architecture.layers) {
    switch (layer.type) {
      case 'conv':
        add('Conv', [`${layer.name}.weight`, `${layer.name}.bias`], { pads: [1, 1, 1, 1] });
        break;
      case 'batchNorm':
        add(
          'BatchNormalization',
          ['weight', 'bias', 'running_mean', 'running_var'].map((role) => `${layer.name}.${role}`),
          { epsilon: { float: BATCH_NORM_EPSILON } },
        );
        break;
      case 'relu':
        add('Relu');
        break;
      case 'maxPool':
        add('MaxPool', [], { kernel_shape: [2, 2], strides: [2, 2] });
        break;
      case 'flatten':
        add('Flatten');
        break;
      case 'dense':
        add('Gemm', [`${layer.name}.weight`, `${layer.name}.bias`], { transB: 1 });
        break;
      case 'dropout':
        break;
      default:
        throw new CliError(`The export to ONNX does not know layers of the type "${layer.type}".`);
    }
  }
  nodes.push({ op: 'Softmax', inputs: [last], outputs: [ONNX_OUTPUT] });
  return encodeModel({
    inputs: [{ name: ONNX_INPUT, shape: ['n', channels, height, width] }],
    outputs: [{ name: ONNX_OUTPUT, shape: ['n', classCount(architecture)] }],
    constants: [
      { name: 'mean', shape: [], data: Float32Array.of(PIXEL_MEAN) },
      { name: 'deviation', shape: [], data: Float32Array.of(PIXEL_DEVIATION) },
      ...Object.entries(tensors).map(([name, { shape, data }]) => ({ name, shape, data })),
    ],
    nodes,
  });
}
