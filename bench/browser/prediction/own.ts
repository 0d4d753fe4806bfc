/** The drawing page's engine, exactly as it is there: hash checked, backend tested, in its worker. */
import { Engine } from '../../../src/engines/web/client.ts';
import type { Contestant, Task } from './contestant.ts';

export async function contestant({ backend, model }: Task): Promise<Contestant> {
  const engine = new Engine({ forced: backend });
  await engine.load(model);
  return { predict: async (image) => (await engine.predict(image)).probabilities };
}
