/**
 * The one layer list. The network is trained from it, exported from it and, with batch normalisation folded into the
 * layer before, run in the browser from it.
 */
import { sizeOf } from '../math/arrays.ts';

export type Layer =
  /** 3×3 convolution with bias, stride 1, zero padding that keeps the size. */
  | { readonly type: 'conv'; readonly name: string; readonly filters: number }
  | { readonly type: 'batchNorm'; readonly name: string }
  | { readonly type: 'relu' }
  /** 2×2, stride 2; an odd last row or column is left out. */
  | { readonly type: 'maxPool' }
  /** Of single elements, or of whole channels of an image (PyTorch's Dropout2d). */
  | { readonly type: 'dropout'; readonly name: string; readonly rate: number; readonly channels?: boolean }
  /** Each channel is scaled by what two dense layers, with `units` between them, make of the channels' means. */
  | { readonly type: 'squeezeExcite'; readonly name: string; readonly units: number }
  /** Adds what went into the convolution of this name: the shortcut of a residual block. */
  | { readonly type: 'add'; readonly name: string; readonly inputOf: string }
  | { readonly type: 'flatten' }
  /** Fully connected, with bias. */
  | { readonly type: 'dense'; readonly name: string; readonly units: number };

export interface Architecture {
  /** [height, width, channels] */
  readonly inputShape: readonly [number, number, number];
  readonly layers: readonly Layer[];
}

/** Side of a convolution kernel. */
export const KERNEL_SIZE = 3;
/** Added to a variance before its root is taken; PyTorch's default. */
export const BATCH_NORM_EPSILON = 1e-5;

export type WeightRole = 'kernel' | 'bias' | 'gamma' | 'beta' | 'moving_mean' | 'moving_variance';

/** What is to be known of one weight before it has a value. */
export interface WeightSpec {
  /** `<layer>/<role>` as in a Keras LayersModel: `conv1/kernel`. */
  readonly name: string;
  readonly layer: string;
  readonly role: WeightRole;
  /** Convolution kernels HWIO, dense kernels [in, out], all others [channels]. */
  readonly shape: readonly number[];
  /** How many inputs one output of the layer sums over; 0 for batch normalisation. */
  readonly fanIn: number;
  /** False for the running statistics, which no gradient changes. */
  readonly trainable: boolean;
}

/** A weight's values, row-major. */
export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Weights by name, in the order of {@link weightSpecs}. */
export type Weights = Record<string, Weight>;

/** The shape behind each layer, the batch left out. Throws on a layer that does not fit the shape before it. */
export function outputShapes(architecture: Architecture): number[][] {
  let shape: number[] = [...architecture.inputShape];
  const shapes: number[][] = [];
  architecture.layers.forEach((layer, i) => {
    const [height, width, channels] = shape;
    switch (layer.type) {
      case 'conv':
      case 'maxPool':
      case 'squeezeExcite':
        if (height === undefined || width === undefined || channels === undefined) {
          throw new Error(
            `A ${layer.type} layer needs an input of three dimensions, not [${shape.join(', ')}].`,
          );
        }
        if (layer.type === 'conv') shape = [height, width, layer.filters];
        if (layer.type === 'maxPool') shape = [Math.floor(height / 2), Math.floor(width / 2), channels];
        break;
      case 'add': {
        const before = architecture.layers.slice(0, i).findIndex((conv) => isConv(conv, layer.inputOf));
        const added = before > 0 ? shapes[before - 1]! : architecture.inputShape;
        if (before < 0 || added.join() !== shape.join()) {
          throw new Error(
            `${layer.name} adds to [${shape.join(', ')}] what goes into ${layer.inputOf}, which ` +
              (before < 0 ? 'no convolution before it is called.' : `is [${added.join(', ')}].`),
          );
        }
        break;
      }
      case 'flatten':
        shape = [sizeOf(shape)];
        break;
      case 'dense':
        if (shape.length !== 1) {
          throw new Error(`${layer.name} needs a flat input, not [${shape.join(', ')}].`);
        }
        shape = [layer.units];
        break;
      default: // batchNorm, relu and dropout keep any shape
    }
    shapes.push(shape);
  });
  return shapes;
}

const isConv = (layer: Layer, name: string): boolean => layer.type === 'conv' && layer.name === name;

/** How many numbers the network gives for an image. */
export function classCount(architecture: Architecture): number {
  return sizeOf(outputShapes(architecture).at(-1) ?? architecture.inputShape);
}

/** The same network with so many outputs. @throws if it does not end in a dense layer */
export function withOutputs({ inputShape, layers }: Architecture, units: number): Architecture {
  const last = layers.at(-1);
  if (last?.type !== 'dense') throw new Error('The last layer of a classifier must be dense.');
  return { inputShape, layers: [...layers.slice(0, -1), { ...last, units }] };
}

/** The same network with as many outputs as the weights are for. */
export function architectureOf(architecture: Architecture, weights: Weights): Architecture {
  const last = architecture.layers.at(-1);
  const units = last?.type === 'dense' ? weights[`${last.name}/bias`]?.shape[0] : undefined;
  return units === undefined ? architecture : withOutputs(architecture, units);
}

/** Every weight of the architecture, in the order of its layers. */
export function weightSpecs(architecture: Architecture): WeightSpec[] {
  const shapes = outputShapes(architecture);
  return architecture.layers.flatMap((layer, i): WeightSpec[] => {
    const before = shapes[i - 1] ?? architecture.inputShape;
    const channels = before[before.length - 1]!;
    const own = 'name' in layer ? layer.name : layer.type;
    const spec = (role: WeightRole, shape: number[], fanIn: number, name = own): WeightSpec => ({
      name: `${name}/${role}`,
      layer: name,
      role,
      shape,
      fanIn,
      trainable: role !== 'moving_mean' && role !== 'moving_variance',
    });
    switch (layer.type) {
      case 'conv': {
        const fanIn = KERNEL_SIZE * KERNEL_SIZE * channels;
        return [
          spec('kernel', [KERNEL_SIZE, KERNEL_SIZE, channels, layer.filters], fanIn),
          spec('bias', [layer.filters], fanIn),
        ];
      }
      case 'dense':
        return [spec('kernel', [channels, layer.units], channels), spec('bias', [layer.units], channels)];
      case 'squeezeExcite': {
        const [squeeze, excite] = squeezeExciteNames(layer.name);
        return [
          spec('kernel', [channels, layer.units], channels, squeeze),
          spec('bias', [layer.units], channels, squeeze),
          spec('kernel', [layer.units, channels], layer.units, excite),
          spec('bias', [channels], layer.units, excite),
        ];
      }
      case 'batchNorm':
        return (['gamma', 'beta', 'moving_mean', 'moving_variance'] as const).map((role) =>
          spec(role, [channels], 0),
        );
      default:
        return [];
    }
  });
}

/** The two dense layers inside of a squeeze-and-excitation layer, under which their weights are named. */
export function squeezeExciteNames(name: string): [squeeze: string, excite: string] {
  return [`${name}_squeeze`, `${name}_excite`];
}

/** How many numbers training changes: running statistics are not counted, batch normalisation's γ and β are. */
export function countParameters(architecture: Architecture): number {
  return weightSpecs(architecture)
    .filter((spec) => spec.trainable)
    .reduce((sum, spec) => sum + sizeOf(spec.shape), 0);
}

/** The report's network: three blocks of two convolutions, four dense layers; 2,493,514 parameters. */
export const reportArchitecture: Architecture = {
  inputShape: [28, 28, 1],
  layers: [
    ...[64, 128, 256].flatMap((filters, block): Layer[] => [
      ...[2 * block + 1, 2 * block + 2].flatMap((n): Layer[] => [
        { type: 'conv', name: `conv${n}`, filters },
        { type: 'batchNorm', name: `bn${n}` },
        { type: 'relu' },
      ]),
      { type: 'maxPool' },
      { type: 'dropout', name: `dropout${block + 1}`, rate: 0.25 },
    ]),
    { type: 'flatten' },
    ...[
      { units: 512, rate: 0.5 },
      { units: 256, rate: 0.5 },
      { units: 128, rate: 0.3 },
    ].flatMap(({ units, rate }, i): Layer[] => [
      { type: 'dense', name: `dense${i + 1}`, units },
      { type: 'batchNorm', name: `bn${i + 7}` },
      { type: 'relu' },
      { type: 'dropout', name: `dropout${i + 4}`, rate },
    ]),
    { type: 'dense', name: 'dense4', units: 10 },
  ],
};

/** The report's network with squeeze and excitation behind the pooling of each block. */
export const attentionArchitecture: Architecture = {
  ...reportArchitecture,
  layers: reportArchitecture.layers.flatMap((layer, i, layers): Layer[] => {
    if (layer.type !== 'maxPool') return [layer];
    const block = layers.slice(0, i + 1).filter(({ type }) => type === 'maxPool').length;
    // An eighth of the channels, within the range that the paper tried. Behind the pooling it costs a quarter of what
    // it would before, and lets the same pass: a channel's maximum is scaled as all of it is.
    return [layer, { type: 'squeezeExcite', name: `se${block}`, units: 2 ** (block + 2) }];
  }),
};

/**
 * A residual network without bottlenecks (He et al., https://arxiv.org/abs/1512.03385), of about as many parameters as
 * the report's: three stages of two blocks, each stage entered by a convolution that widens.
 */
export const residualArchitecture: Architecture = {
  inputShape: reportArchitecture.inputShape,
  layers: [
    ...[32, 96, 224].flatMap((filters, stage): Layer[] => {
      const unit = (name: string): Layer[] => [
        { type: 'conv', name: `conv${name}`, filters },
        { type: 'batchNorm', name: `bn${name}` },
      ];
      return [
        ...unit(`${stage + 1}`),
        { type: 'relu' },
        ...[1, 2].flatMap((block): Layer[] => {
          const name = `${stage + 1}_${block}`;
          return [
            ...unit(`${name}a`),
            { type: 'relu' },
            ...unit(`${name}b`),
            { type: 'add', name: `add${name}`, inputOf: `conv${name}a` },
            { type: 'relu' },
          ];
        }),
        { type: 'maxPool' },
      ];
    }),
    { type: 'flatten' },
    { type: 'dropout', name: 'dropout1', rate: 0.5 },
    { type: 'dense', name: 'dense1', units: 10 },
  ],
};
