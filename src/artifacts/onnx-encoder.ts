/**
 * A writer for the few messages of ONNX's protobuf format that a small graph needs
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3), so that graphs are made in memory.
 */
import { concatenate } from '../math/arrays.ts';

/** Element types of ONNX tensors that the engine uses. */
export const elementType = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9, float16: 10 } as const;
export type ElementType = keyof typeof elementType;

/** A named input or output; a string dimension is symbolic (any size). */
export interface ValueInfo {
  name: string;
  type?: ElementType;
  shape: readonly (number | string)[];
}

export interface Constant {
  name: string;
  shape: readonly number[];
  /** A Uint16Array holds the bits of half precision. */
  data: Float32Array | Uint16Array | BigInt64Array;
}

/** Integers become INT(S), `{ float }` becomes FLOAT, text becomes STRING. */
export type Attribute = number | readonly number[] | string | { float: number };

export interface Node {
  op: string;
  inputs: readonly string[];
  outputs: readonly string[];
  attributes?: Readonly<Record<string, Attribute>>;
  /** Operator set; '' is ONNX's own, 'com.microsoft' ONNX Runtime's extensions. */
  domain?: string;
}

export interface Graph {
  inputs: readonly ValueInfo[];
  outputs: readonly ValueInfo[];
  constants?: readonly Constant[];
  nodes: readonly Node[];
}

/** Pieces of the message, in order: large constants are not copied until the whole is put together. */
type Bytes = Uint8Array[];

function varint(value: number): Bytes {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return [Uint8Array.of(...bytes, Number(rest))];
}

const integer = (field: number, value: number): Bytes => [...varint(field << 3), ...varint(value)];

const block = (field: number, content: Bytes): Bytes => [
  ...varint((field << 3) | 2),
  ...varint(content.reduce((length, piece) => length + piece.length, 0)),
  ...content,
];

const text = (field: number, value: string): Bytes => block(field, [new TextEncoder().encode(value)]);

const float = (field: number, value: number): Bytes => [
  ...varint((field << 3) | 5),
  new Uint8Array(new Float32Array([value]).buffer),
];

function attribute(name: string, value: Attribute): Bytes {
  const head = text(1, name);
  if (typeof value === 'number') return [...head, ...integer(3, value), ...integer(20, 2)];
  if (typeof value === 'string') return [...head, ...text(4, value), ...integer(20, 3)];
  if ('float' in value) return [...head, ...float(2, value.float), ...integer(20, 1)];
  return [...head, ...value.flatMap((item) => integer(8, item)), ...integer(20, 7)];
}

function node({ op, inputs, outputs, attributes = {}, domain = '' }: Node): Bytes {
  return [
    ...inputs.flatMap((name) => text(1, name)),
    ...outputs.flatMap((name) => text(2, name)),
    ...text(4, op),
    ...Object.entries(attributes).flatMap(([name, value]) => block(5, attribute(name, value))),
    ...text(7, domain),
  ];
}

function typeOf(data: Constant['data']): ElementType {
  if (data instanceof Float32Array) return 'float32';
  return data instanceof Uint16Array ? 'float16' : 'int64';
}

function constant({ name, shape, data }: Constant): Bytes {
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return [
    ...shape.flatMap((size) => integer(1, size)),
    ...integer(2, elementType[typeOf(data)]),
    ...text(8, name),
    ...block(9, [raw]),
  ];
}

function valueInfo({ name, type = 'float32', shape }: ValueInfo): Bytes {
  const dimensions = shape.flatMap((size) =>
    block(1, typeof size === 'number' ? integer(1, size) : text(2, size)),
  );
  const tensor = [...integer(1, elementType[type]), ...block(2, dimensions)];
  return [...text(1, name), ...block(2, block(1, tensor))];
}

export interface ModelInfo {
  producer: string;
  description: string;
  metadata: Readonly<Record<string, string>>;
}

/**
 * The graph as a serialised ONNX model (IR version 8, operator set 17), without constants that no node reads.
 * @param info for a file that is published
 */
export function encodeModel(
  { inputs, outputs, constants = [], nodes }: Graph,
  info?: ModelInfo,
): Uint8Array<ArrayBuffer> {
  const read = new Set(nodes.flatMap((each) => each.inputs));
  const graph = [
    ...nodes.flatMap((each) => block(1, node(each))),
    ...text(2, 'graph'),
    ...constants.filter(({ name }) => read.has(name)).flatMap((each) => block(5, constant(each))),
    ...inputs.flatMap((each) => block(11, valueInfo(each))),
    ...outputs.flatMap((each) => block(12, valueInfo(each))),
  ];
  const operatorSet = (domain: string, version: number): Bytes =>
    block(8, [...text(1, domain), ...integer(2, version)]);
  return concatenate([
    ...integer(1, 8),
    ...block(7, graph),
    ...operatorSet('', 17),
    ...(nodes.some(({ domain }) => domain) ? operatorSet('com.microsoft', 1) : []),
    ...(info ? [...text(2, info.producer), ...text(6, info.description)] : []),
    ...Object.entries(info?.metadata ?? {}).flatMap(([key, value]) =>
      block(14, [...text(1, key), ...text(2, value)]),
    ),
  ]);
}
