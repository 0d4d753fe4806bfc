/** Chooses the backend: each candidate must pass the self-test, and the first that is fast enough is taken. */
import * as tf from '@tensorflow/tfjs-core';
import { WEB_BACKENDS, Unavailable } from '../backends.ts';
import type { Architecture, Weights } from '../../network/architecture.ts';
import { START } from './backends.ts';
import { knownImages } from '../../data/dataset.ts';
import { compilePrediction, Predictor } from './predictor.ts';
import { type Chosen, EngineError, type Exchanges, type PassedOver, type Report } from './protocol.ts';
import { SelfTestError, testOperations, testProbabilities } from '../self-test.ts';

/** If predicting one image takes no longer than this, it keeps up with a pen, and nothing faster is looked for. */
const FAST_MILLISECONDS = 30;

/** A published network, ready to be put on a backend. */
export interface Model {
  readonly architecture: Architecture;
  readonly weights: Weights;
  /** Published probabilities for the known images; null where there are none to compare with. */
  readonly known: readonly number[] | null;
}

/** A network on a backend. */
export interface Active {
  readonly backend: Chosen;
  readonly predictor: Predictor;
  /** Settles, with the reason, when the backend is lost. */
  readonly lost: Promise<string>;
}

export type Preference = Pick<Exchanges['load']['request'], 'forced' | 'avoid' | 'threads' | 'training'>;

/** WebGL comes last: compiling its gradients takes longer than a lesson on wasm. */
const TRAINING_ORDER: typeof WEB_BACKENDS = [...WEB_BACKENDS.filter((name) => name !== 'webgl'), 'webgl'];

/**
 * Tries the backends in order: puts the network on each that starts, and tests and times it there. Takes the first that
 * is fast enough or, if none is, the fastest.
 * @param model may still be loading while the first backend starts
 * @throws EngineError `no-backend` when none passes, and what `model` is rejected with
 */
export async function choose(
  model: Promise<Model>,
  architecture: Architecture,
  { forced, avoid, threads, training }: Preference,
  report: Report,
): Promise<Active> {
  const passedOver: PassedOver[] = [];
  const passOver = (other: PassedOver, predictor?: Predictor): void => {
    const { name } = other;
    passedOver.push(other);
    predictor?.dispose();
    // It may have failed before it was registered. Its factory is kept, since it may be needed again.
    const factory = tf.findBackendFactory(name);
    if (factory) {
      tf.removeBackend(name);
      tf.registerBackend(name, factory);
    }
  };
  let best: Active | undefined;
  let unloaded = false;
  model.catch(() => (unloaded = true));
  const order = training ? TRAINING_ORDER : WEB_BACKENDS;
  for (const name of forced ? [forced] : order) {
    const avoided = avoid.find((other) => other.name === name);
    if (avoided) {
      passOver(avoided);
      continue;
    }
    try {
      const { device, lost } = await START[name]({ forced: forced !== null, threads, report });
      await testOperations();
      if (name === 'webgpu') await compilePrediction(architecture);
      report(null);
      const { predictor, milliseconds } = await probe(await model, () => report(name));
      const slower = (time: number) => `slower: ${Math.round(time)} ms an image`;
      if (best && best.backend.milliseconds <= milliseconds) {
        passOver({ name, reason: slower(milliseconds) }, predictor);
        continue;
      }
      if (best) {
        const { name: slow, milliseconds: time } = best.backend;
        passOver({ name: slow, reason: slower(time) }, best.predictor);
      }
      best = { backend: { name, device, milliseconds, passedOver }, predictor, lost };
      if (milliseconds <= FAST_MILLISECONDS || (training && name === 'wasm')) break;
    } catch (error) {
      // No backend's fault.
      if (unloaded) await model;
      // A backend may fail in its own way; whatever the error is, the next one is tried.
      const reason = error instanceof Error ? error.message : String(error);
      const expected = error instanceof Unavailable || error instanceof SelfTestError;
      passOver({ name, reason: expected ? reason : `failed: ${reason}` });
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

/** Puts another network on this one's backend, and tests it there. @throws SelfTestError */
export async function exchange({ backend, lost, predictor }: Active, model: Model): Promise<Active> {
  predictor.dispose();
  await testOperations();
  return { backend, lost, predictor: (await probe(model)).predictor };
}

/** Tests the network on the current backend, and times it there once it is warm. */
async function probe(
  { architecture, weights, known }: Model,
  report = (): void => undefined,
): Promise<{ predictor: Predictor; milliseconds: number }> {
  report();
  const predictor = new Predictor(architecture, weights);
  try {
    const images = knownImages();
    const found: number[] = [];
    let milliseconds = Infinity;
    // One image at a time, as when drawing. The first prediction of a shape compiles, so the fastest one counts.
    for (const image of images) {
      report();
      const started = performance.now();
      found.push(...(await predictor.predict(image)));
      milliseconds = Math.min(milliseconds, performance.now() - started);
    }
    if (known) testProbabilities(found, known);
    return { predictor, milliseconds };
  } catch (error) {
    predictor.dispose();
    throw error;
  }
}
