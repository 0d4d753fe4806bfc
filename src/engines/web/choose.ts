/** Chooses the backend: each candidate must solve the self-test, and the first that is fast enough is taken. */
import * as tf from '@tensorflow/tfjs-core';
import { reportArchitecture, type Weights } from '../../model/architecture.ts';
import { START, Unavailable } from './backends.ts';
import { EngineError } from './files.ts';
import { knownImages } from './known-images.ts';
import { Predictor } from './predictor.ts';
import { BACKENDS, type BackendName, type Chosen } from './protocol.ts';
import { SelfTestError, testOperations, testProbabilities } from './self-test.ts';

/** A prediction of one image that takes no longer than this does not hold up a pen: nothing faster is looked for. */
const FAST_MILLISECONDS = 30;

export interface Active {
  readonly backend: Chosen;
  readonly predictor: Predictor;
  /** Settles, with the reason, when the backend is lost. */
  readonly lost: Promise<string>;
}

export interface Choice {
  /** Take this one and no other. */
  readonly forced: BackendName | null;
  readonly avoid: readonly BackendName[];
  /** Published probabilities of the known images; null where there are none to compare with. */
  readonly known: readonly number[] | null;
}

/**
 * Tries the backends in their order, puts the network on each that starts, and tests and times it there. Takes the
 * first that is fast; where none is, the fastest.
 * @throws EngineError `no-backend` when none passes.
 */
export async function choose(weights: Weights, { forced, avoid, known }: Choice): Promise<Active> {
  const passedOver: { name: BackendName; reason: string }[] = [];
  let best: (Active & { milliseconds: number }) | undefined;
  for (const name of forced ? [forced] : BACKENDS) {
    if (avoid.includes(name)) {
      passedOver.push({ name, reason: 'it stopped before' });
      continue;
    }
    try {
      const { device, lost } = await START[name](forced !== null);
      const { predictor, milliseconds } = await probe(weights, known);
      if (best && best.milliseconds <= milliseconds) {
        passedOver.push({ name, reason: `slower: ${Math.round(milliseconds)} ms an image` });
        predictor.dispose();
        tf.removeBackend(name);
        continue;
      }
      if (best) {
        passedOver.push({
          name: best.backend.name,
          reason: `slower: ${Math.round(best.milliseconds)} ms an image`,
        });
        best.predictor.dispose();
        tf.removeBackend(best.backend.name);
      }
      best = { backend: { name, device, passedOver }, predictor, lost, milliseconds };
      if (milliseconds <= FAST_MILLISECONDS) break;
    } catch (error) {
      // A backend may fail in ways of its own; whatever it says, the next one has its turn.
      const reason = error instanceof Error ? error.message : String(error);
      const expected = error instanceof Unavailable || error instanceof SelfTestError;
      passedOver.push({ name, reason: expected ? reason : `failed: ${reason}` });
    }
  }
  if (!best) {
    throw new EngineError(
      'no-backend',
      passedOver.map(({ name, reason }) => `${name}: ${reason}`).join('; '),
    );
  }
  await tf.setBackend(best.backend.name);
  return best;
}

/** Tests the current backend with the network on it, and times one image once it is warm. */
async function probe(
  weights: Weights,
  known: readonly number[] | null,
): Promise<{ predictor: Predictor; milliseconds: number }> {
  await testOperations();
  const predictor = new Predictor(reportArchitecture, weights);
  try {
    const images = knownImages();
    const found = await predictor.predict(images);
    if (known) testProbabilities(found, known);
    const one = images.subarray(0, images.length / 3);
    await predictor.predict(one); // A first call on a new shape compiles.
    const started = performance.now();
    await predictor.predict(one);
    return { predictor, milliseconds: performance.now() - started };
  } catch (error) {
    predictor.dispose();
    throw error;
  }
}
