/** The mask of dropout on WebGPU, computed where it is used: hash32 and keepsElement of src/math/random.ts. */
import { dropoutThreshold } from '../../math/random.ts';
import { float, int, type Uniforms } from './program.ts';

/** What {@link dropped} needs; others at every step. */
export const dropoutUniforms = (rate: number, seed: number): Uniforms => ({
  seed: int(seed | 0),
  threshold: int(dropoutThreshold(rate)),
  scale: float(1 / (1 - rate)),
});

/** WGSL: the statements that make `name` of an element's value, which is dropped or scaled. */
export const dropped = (name: string, value: string, element: string): string => /* wgsl */ `
  var hash = (u32(${element}) * 0x9e3779b9u) ^ bitcast<u32>(uniforms.seed);
  hash ^= hash >> 16u;
  hash *= 0x7feb352du;
  hash ^= hash >> 15u;
  hash *= 0x846ca68bu;
  hash ^= hash >> 16u;
  let ${name} = select(0.0, ${value} * uniforms.scale, (hash >> 1u) >= u32(uniforms.threshold));
`;
