/** The browser's one worker: loads a published model, chooses where to compute, predicts. */
import { choose, exchange, type Active, type Model } from './choose.ts';
import { EngineError, fetchWeights } from './files.ts';
import { keep } from './offline.ts';
import type { Answer, BackendName, Notice, Request } from './protocol.ts';

type Load = Extract<Request, { type: 'load' }>;

const CLASSES = 10;

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
const send = (message: Answer | Notice, transfer: Transferable[] = []) =>
  scope.postMessage(message, transfer);

interface Loaded {
  model: Model;
  forced: BackendName | null;
  avoid: BackendName[];
  active: Active;
}

let loaded: Loaded | undefined;

async function load({ model: source, forced, avoid }: Load): Promise<Loaded> {
  const weights = await fetchWeights(source, (bytes, total) =>
    send({ type: 'progress', loaded: bytes, total }),
  );
  send({ type: 'choosing' });
  const { architecture, known } = source;
  const model = { architecture, weights, known };
  const before = loaded;
  loaded = undefined;
  const active = before ? await exchange(before.active, model).catch(() => null) : null;
  return { model, forced, avoid: [...avoid], active: active ?? (await choose(model, { forced, avoid })) };
}

/** Predicts; a backend that fails or is lost in doing so is replaced by the next, and the images are not lost. */
async function predict(images: Uint8Array): Promise<Float32Array<ArrayBuffer>> {
  if (!loaded) throw new EngineError('no-backend', 'no model is loaded');
  const { model, forced, avoid, active } = loaded;
  try {
    const lost = active.lost.then((reason) => Promise.reject(new Error(reason)));
    const probabilities = await Promise.race([active.predictor.predict(images), lost]);
    if (!sound(probabilities)) throw new Error('the probabilities do not add up to one');
    return probabilities;
  } catch (error) {
    const { name } = active.backend;
    avoid.push(name);
    if (forced === name) throw new EngineError('no-backend', `${name}: ${(error as Error).message}`);
    loaded.active = await choose(model, { forced, avoid });
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
    if (request.type === 'load') {
      loaded = await load(request);
      send({ type: 'loaded', id, backend: loaded.active.backend });
      void keep();
      return;
    }
    const started = performance.now();
    const probabilities = await predict(request.images);
    const milliseconds = performance.now() - started;
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
