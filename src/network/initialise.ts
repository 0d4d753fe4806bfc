import { type Architecture, type Weights, weightSpecs } from './architecture.ts';
import { sizeOf } from '../math/arrays.ts';
import { Random, deriveSeed } from '../math/random.ts';

/**
 * A network's first weights, as PyTorch draws them: weights and biases of convolutions and dense layers uniform in
 * ±1/√fan_in (`kaiming_uniform_` with a = √5), γ 1, β 0, running mean 0, running variance 1.
 *
 * Each weight has a stream of its own, so a layer more or less leaves the others' values as they are.
 * @param seed the run's seed
 */
export function initialise(architecture: Architecture, seed: number): Weights {
  return Object.fromEntries(
    weightSpecs(architecture).map(({ name, role, shape, fanIn }) => {
      const data = new Float32Array(sizeOf(shape));
      if (role === 'kernel' || role === 'bias') {
        const random = new Random(deriveSeed(seed, 'initialisation', name));
        const bound = 1 / Math.sqrt(fanIn);
        for (let i = 0; i < data.length; i++) data[i] = bound * (2 * random.uniform() - 1);
      } else if (role === 'gamma' || role === 'moving_variance') {
        data.fill(1);
      }
      return [name, { shape, data }];
    }),
  );
}

/**
 * Weights for a network with more outputs: those of the first ones as they are, those of the new ones as a first weight
 * is drawn.
 * @param architecture of the wider network @param weights of the one with fewer outputs
 */
export function addOutputs(architecture: Architecture, weights: Weights, seed: number): Weights {
  const fresh = initialise(architecture, seed);
  return Object.fromEntries(
    Object.entries(fresh).map(([name, { shape, data }]) => {
      const known = weights[name]!;
      const [before, after] = [known.shape.at(-1)!, shape.at(-1)!];
      if (before === after) return [name, known];
      const row = (i: number) => Math.floor(i / after) * before + (i % after);
      return [
        name,
        { shape, data: data.map((value, i) => (i % after < before ? known.data[row(i)]! : value)) },
      ];
    }),
  );
}
