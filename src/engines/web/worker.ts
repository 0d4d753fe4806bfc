/** The browser's one worker: loads a published model, chooses where to compute, predicts. */
import type { Weights } from '../../model/architecture.ts';
import { choose, type Active, type Choice } from './choose.ts';
import { EngineError, fetchWeights } from './files.ts';
import type { Answer, BackendName, Notice, Request } from './protocol.ts';

type Load = Extract<Request, { type: 'load' }>;

const CLASSES = 10;

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
const send = (message: Answer | Notice, transfer: Transferable[] = []) =>
  scope.postMessage(message, transfer);

interface Loaded extends Choice {
  weights: Weights;
  avoid: BackendName[];
  active: Active;
}

let loaded: Loaded | undefined;

async function load({ id, model, forced, avoid }: Load): Promise<Answer> {
  const weights = await fetchWeights(model, (bytes, total) =>
    send({ type: 'progress', loaded: bytes, total }),
  );
  send({ type: 'choosing' });
  loaded?.active.predictor.dispose();
  loaded = undefined;
  const choice = { known: model.known, forced, avoid: [...avoid] };
  loaded = { ...choice, weights, active: await choose(weights, choice) };
  return { type: 'loaded', id, backend: loaded.active.backend };
}

/** Predicts; a backend that fails or is lost in doing so is replaced by the next, and the images are not lost. */
async function predict(
  images: Uint8Array,
): Promise<{ probabilities: Float32Array<ArrayBuffer>; milliseconds: number }> {
  if (!loaded) throw new EngineError('no-backend', 'no model is loaded');
  const { active } = loaded;
  const started = performance.now();
  try {
    const lost = active.lost.then((reason) => Promise.reject(new Error(reason)));
    const probabilities = await Promise.race([active.predictor.predict(images), lost]);
    if (!sound(probabilities)) throw new Error('the probabilities do not add up to one');
    return { probabilities, milliseconds: performance.now() - started };
  } catch (error) {
    const { name } = active.backend;
    loaded.avoid.push(name);
    if (loaded.forced === name) throw new EngineError('no-backend', `${name}: ${(error as Error).message}`);
    loaded.active = await choose(loaded.weights, loaded);
    return predict(images);
  }
}

function sound(probabilities: Float32Array): boolean {
  for (let i = 0; i < probabilities.length; i += CLASSES) {
    const sum = probabilities.subarray(i, i + CLASSES).reduce((total, p) => total + p, 0);
    if (!(Math.abs(sum - 1) < 1e-2)) return false; // NaN is not sound either
  }
  return true;
}

async function answer(request: Request): Promise<void> {
  const { id } = request;
  try {
    if (request.type === 'load') return send(await load(request));
    const { probabilities, milliseconds } = await predict(request.images);
    const { backend } = loaded!.active;
    send({ type: 'predicted', id, probabilities, milliseconds, backend }, [probabilities.buffer]);
  } catch (error) {
    const failure = error instanceof EngineError ? error.failure : 'no-backend';
    send({ type: 'failed', id, failure, detail: error instanceof Error ? error.message : String(error) });
  }
}

/** One request after another: a backend does one thing at a time. */
let last = Promise.resolve();
scope.addEventListener('message', ({ data }: MessageEvent<Request>) => {
  last = last.then(() => answer(data));
});
