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
