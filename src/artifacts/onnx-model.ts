/** A published network as an ONNX model. */
import { halvedKernels, toPyTorch } from './state-dict.ts';
import { elementType, encodeModel, type Node } from './onnx-encoder.ts';
import {
  type Architecture,
  BATCH_NORM_EPSILON,
  classCount,
  squeezeExciteNames,
  type Weights,
} from '../network/architecture.ts';
import { PIXEL_DEVIATION, PIXEL_MEAN } from '../network/preprocess.ts';

export const ONNX_INPUT = 'images';
export const ONNX_OUTPUT = 'probabilities';

/** The axes of height and width in NCHW, in a constant of this name. */
const PIXEL_AXES = 'pixel_axes';

/** What the input takes, for the file itself. */
export const ONNX_SHAPE = 'images [n, 28, 28, 1], grey values in [0, 1], white on black';

/**
 * @param metadata facts about the run, for the file
 * @returns a model that takes images in [0, 1] of shape [n, 28, 28, 1], as the LayersModel does, and gives class
 *   probabilities [n, 10]; its kernels are stored in half precision
 */
export function encodeOnnx(
  architecture: Architecture,
  weights: Weights,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array<ArrayBuffer> {
  const [height, width, channels] = architecture.inputShape;
  const tensors = Object.entries(halvedKernels(toPyTorch(architecture, weights)));
  const halved = tensors.filter(([, { data }]) => data instanceof Uint16Array).map(([name]) => name);
  const nodes: Node[] = [
    // ONNX Runtime does this once, when it loads the file.
    ...halved.map((name) => ({
      ...{
        op: 'Cast',
        inputs: [`${name}.float16`],
        outputs: [name],
        attributes: { to: elementType.float32 },
      },
    })),
    { op: 'Transpose', inputs: [ONNX_INPUT], outputs: ['planes'], attributes: { perm: [0, 3, 1, 2] } },
    { op: 'Sub', inputs: ['planes', 'mean'], outputs: ['centred'] },
    { op: 'Div', inputs: ['centred', 'deviation'], outputs: ['x0'] },
  ];
  let last = 'x0';
  /** What goes into the convolutions, by their names. */
  const inputs = new Map<string, string>();
  const add = (op: string, parameters: string[] = [], attributes: Node['attributes'] = {}): void => {
    const output = `x${nodes.length}`;
    nodes.push({ op, inputs: [last, ...parameters], outputs: [output], attributes });
    last = output;
  };
  const addDense = (name: string): void => add('Gemm', [`${name}.weight`, `${name}.bias`], { transB: 1 });
  for (const layer of architecture.layers) {
    switch (layer.type) {
      case 'conv':
        inputs.set(layer.name, last);
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
      case 'add':
        add('Add', [inputs.get(layer.inputOf)!]);
        break;
      case 'maxPool':
        add('MaxPool', [], { kernel_shape: [2, 2], strides: [2, 2] });
        break;
      case 'flatten':
        add('Flatten');
        break;
      case 'dense':
        addDense(layer.name);
        break;
      case 'squeezeExcite': {
        const before = last;
        const [squeeze, excite] = squeezeExciteNames(layer.name);
        add('GlobalAveragePool');
        add('Flatten');
        addDense(squeeze);
        add('Relu');
        addDense(excite);
        add('Sigmoid');
        add('Unsqueeze', [PIXEL_AXES]);
        add('Mul', [before]);
        break;
      }
      case 'dropout': // acts in training only
    }
  }
  nodes.push({ op: 'Softmax', inputs: [last], outputs: [ONNX_OUTPUT] });
  const graph = {
    inputs: [{ name: ONNX_INPUT, shape: ['n', height, width, channels] }],
    outputs: [{ name: ONNX_OUTPUT, shape: ['n', classCount(architecture)] }],
    constants: [
      { name: 'mean', shape: [], data: Float32Array.of(PIXEL_MEAN) },
      { name: 'deviation', shape: [], data: Float32Array.of(PIXEL_DEVIATION) },
      { name: PIXEL_AXES, shape: [2], data: BigInt64Array.of(2n, 3n) },
      ...tensors.map(([name, { shape, data }]) => ({
        name: data instanceof Uint16Array ? `${name}.float16` : name,
        ...{ shape, data },
      })),
    ],
    nodes,
  };
  return encodeModel(graph, {
    producer: 'fashion-mnist-report',
    description: `A network for Fashion-MNIST. Input: ${ONNX_SHAPE}. Output: probabilities [n, ${classCount(architecture)}].`,
    metadata,
  });
}
