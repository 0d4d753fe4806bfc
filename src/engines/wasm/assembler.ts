/**
 * WebAssembly modules written in TypeScript: instructions are lists of bytes, put together by functions that take their
 * operands. Only what the routines need. (https://webassembly.github.io/spec/core/binary/)
 */

/** Bytes of instructions. */
export type Code = readonly number[];

export const I32 = 0x7f;
export const F32 = 0x7d;
/** Four floats. */
export const V128 = 0x7b;
export type ValueType = typeof I32 | typeof F32 | typeof V128;

const EMPTY = 0x40;
const END = 0x0b;

/** LEB128, as whole numbers are written everywhere in a module. */
function unsigned(n: number): number[] {
  const bytes: number[] = [];
  for (; n > 0x7f; n >>>= 7) bytes.push((n & 0x7f) | 0x80);
  return [...bytes, n];
}

function signed(n: number): number[] {
  const bytes: number[] = [];
  for (; n < -0x40 || n > 0x3f; n >>= 7) bytes.push((n & 0x7f) | 0x80);
  return [...bytes, n & 0x7f];
}

const vector = (opcode: number): Code => [0xfd, ...unsigned(opcode)];
const binary =
  (opcode: Code) =>
  (a: Code, b: Code): Code => [...a, ...b, ...opcode];

export const i32 = {
  constant: (n: number): Code => [0x41, ...signed(n)],
  add: binary([0x6a]),
  multiply: binary([0x6c]),
  and: binary([0x71]),
  /** Without signs, as all below. */
  less: binary([0x49]),
  shiftRight: binary([0x76]),
};

export const f32 = {
  /** @param offset bytes behind the address */
  load: (address: Code, offset = 0): Code => [...address, 0x2a, 2, ...unsigned(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    0x38,
    2,
    ...unsigned(offset),
  ],
};

export const f32x4 = {
  /** Four times the same. */
  constant: (value: number): Code => [
    ...vector(0x0c),
    ...new Uint8Array(new Float32Array(4).fill(value).buffer),
  ],
  load: (address: Code, offset = 0): Code => [...address, ...vector(0x00), 2, ...unsigned(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [
    ...address,
    ...value,
    ...vector(0x0b),
    2,
    ...unsigned(offset),
  ],
  /** One float of memory, four times. */
  loadSplat: (address: Code): Code => [...address, ...vector(0x09), 2, 0],
  splat: (value: Code): Code => [...value, ...vector(0x13)],
  sqrt: (value: Code): Code => [...value, ...vector(0xe3)],
  add: binary(vector(0xe4)),
  subtract: binary(vector(0xe5)),
  multiply: binary(vector(0xe6)),
  divide: binary(vector(0xe7)),
  max: binary(vector(0xe9)),
  /** All bits set where it is so, as in `equal`. */
  greater: binary(vector(0x44)),
  equal: binary(vector(0x41)),
  /** a · b + c, rounded once or twice as the processor likes best: relaxed SIMD, which not every browser has. */
  relaxedMultiplyAdd: (a: Code, b: Code, c: Code): Code => [...a, ...b, ...c, ...vector(0x105)],
};

/** Bits of four numbers of either kind. */
export const v128 = {
  and: binary(vector(0x4e)),
  /** a and not b */
  andNot: binary(vector(0x4f)),
  xor: binary(vector(0x51)),
};

export const i32x4 = {
  constant: (...values: [number, number, number, number]): Code => [
    ...vector(0x0c),
    ...new Uint8Array(new Int32Array(values).buffer),
  ],
  splat: (value: Code): Code => [...value, ...vector(0x11)],
  add: binary(vector(0xae)),
  multiply: binary(vector(0xb5)),
  /** Without signs, as `atLeast`. */
  shiftRight: (value: Code, bits: number): Code => [...value, ...i32.constant(bits), ...vector(0xad)],
  atLeast: binary(vector(0x40)),
};

/** A parameter or local variable. */
export interface Local {
  readonly get: Code;
  set(value: Code): Code;
  /** For whole numbers: more by so much. */
  advance(by: Code): Code;
}

export interface Routine {
  readonly parameters: readonly ValueType[];
  readonly locals: readonly ValueType[];
  readonly body: Code;
}

/** @param write is given the parameters and a function that declares a local variable, and returns the body */
export function routine(
  parameters: readonly ValueType[],
  write: (parameters: Local[], local: (type: ValueType) => Local) => readonly Code[],
): Routine {
  const locals: ValueType[] = [];
  const at = (index: number): Local => {
    const get = [0x20, ...unsigned(index)];
    const set = (value: Code): Code => [...value, 0x21, ...unsigned(index)];
    return { get, set, advance: (by) => set(i32.add(get, by)) };
  };
  const body = write(
    parameters.map((_, i) => at(i)),
    (type) => at(parameters.length + locals.push(type) - 1),
  ).flat();
  return { parameters, locals, body };
}

/** Runs the body as often as the counter says, not at all for 0, and counts it down. */
export function repeat(counter: Local, body: readonly Code[]): Code {
  return when(counter.get, [
    [0x03, EMPTY],
    ...body,
    counter.advance(i32.constant(-1)),
    [...counter.get, 0x0d, 0, END], // once more unless it is 0
  ]);
}

export function when(condition: Code, then: readonly Code[], otherwise?: readonly Code[]): Code {
  return [
    ...condition,
    ...[0x04, EMPTY],
    ...then.flat(),
    ...(otherwise ? [0x05, ...otherwise.flat()] : []),
    END,
  ];
}

/**
 * A module that imports its memory as `host.memory` and exports the routines by their names.
 * @param shared whether the memory is
 */
export function assemble(
  routines: Readonly<Record<string, Routine>>,
  shared: boolean,
): Uint8Array<ArrayBuffer> {
  const all = Object.values(routines);
  const list = (items: readonly Code[]): Code => [...unsigned(items.length), ...items.flat()];
  const text = (value: string): Code => list([...new TextEncoder().encode(value)].map((byte) => [byte]));
  const section = (id: number, content: Code): Code => [id, ...unsigned(content.length), ...content];
  const anySize = shared ? [0x03, 0, ...unsigned(65_536)] : [0x00, 0];
  const code = ({ locals, body }: Routine): Code => {
    const content = [...list(locals.map((type) => [1, type])), ...body, END];
    return [...unsigned(content.length), ...content];
  };
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, list(all.map(({ parameters }) => [0x60, ...list(parameters.map((type) => [type])), 0]))),
    ...section(2, list([[...text('host'), ...text('memory'), 0x02, ...anySize]])),
    ...section(3, list(all.map((_, i) => unsigned(i)))),
    ...section(7, list(Object.keys(routines).map((name, i) => [...text(name), 0x00, ...unsigned(i)]))),
    ...section(10, list(all.map(code))),
  ]);
}
