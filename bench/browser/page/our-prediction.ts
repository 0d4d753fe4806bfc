/** The drawing page's engine, exactly as used there: hash checked, backend tested, in its worker. */
import { knownImages } from '../../../src/data/dataset.ts';
import { Engine } from '../../../src/engines/web/client.ts';
import type { PredictionTask, Step } from '../candidates.ts';

export async function start({ backend, model, threads = false }: PredictionTask): Promise<Step> {
  const images = knownImages();
  const engine = new Engine({ forced: backend, threads });
  await engine.load(model);
  return async (i) => (await engine.predict(images[i % images.length]!)).probabilities;
}
