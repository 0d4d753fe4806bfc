/** The browser's one worker: loads a model, chooses where to compute, predicts, and teaches the network more. */
import * as tf from '@tensorflow/tfjs-core';
import { CLASS_COUNT } from '../../data/dataset.ts';
import type { WebBackend } from '../backends.ts';
import type { Weights } from '../../network/architecture.ts';
import { DivergedError, FineTuning, type Lesson } from '../../training/fine-tuning.ts';
import type { TrainingState } from '../../training/trainer.ts';
import { testGradients } from '../self-test.ts';
import { choose, exchange, type Active, type Model } from './choose.ts';
import { EngineError, fetchWeights } from './files.ts';
import { keptWeights } from './kept-networks.ts';
import { keep } from './offline.ts';
import type { Answer, Notice, Preparing, Request } from './protocol.ts';

type Load = Extract<Request, { type: 'load' }>;

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
const send = (message: Answer | Notice | Preparing, transfer: Transferable[] = []) =>
  scope.postMessage(message, transfer);

interface Loaded {
  model: Model;
  forced: WebBackend | null;
  avoid: WebBackend[];
  active: Active;
}

let loaded: Loaded | undefined;

async function load({ model: source, forced, avoid }: Load): Promise<Loaded> {
  const weights =
    source.kept === undefined
      ? await fetchWeights(source, (bytes, total) => send({ type: 'progress', loaded: bytes, total }))
      : await keptWeights(source.kept);
  send({ type: 'choosing' });
  const { architecture, known } = source;
  const model = { architecture, weights, known };
  const before = loaded;
  loaded = undefined;
  endLesson();
  const exchanged = before && unlessLost(before.active, () => exchange(before.active, model));
  const active = await exchanged?.catch(() => null);
  return { model, forced, avoid: [...avoid], active: active ?? (await choose(model, { forced, avoid })) };
}

/** Predicts; a backend that fails or is lost in doing so is replaced by the next, and the images are not lost. */
async function predict(images: Uint8Array): Promise<Float32Array<ArrayBuffer>> {
  if (!loaded) throw new EngineError('no-backend', 'no model is loaded');
  const { model, forced, avoid, active } = loaded;
  try {
    const probabilities = await unlessLost(active, () => active.predictor.predict(images));
    if (!sound(probabilities)) throw new Error('the probabilities do not add up to one');
    return probabilities;
  } catch (error) {
    const { name } = active.backend;
    avoid.push(name);
    if (forced === name) throw new EngineError('no-backend', `${name}: ${(error as Error).message}`);
    // Where no other is found, the page leaves this worker.
    loaded.active = await choose(model, { forced, avoid });
    return predict(images);
  }
}

function sound(probabilities: Float32Array): boolean {
  for (let i = 0; i < probabilities.length; i += CLASS_COUNT) {
    const sum = probabilities.subarray(i, i + CLASS_COUNT).reduce((total, p) => total + p, 0);
    if (!(Math.abs(sum - 1) < 1e-2)) return false; // NaN is not sound either
  }
  return true;
}

/** The backend whose loss is listened for, why it is lost, and how to tell the one who waits. */
const watch: { active?: Active; lost?: string; tell?: (error: Error) => void } = {};

/** Does the work, or throws as soon as the backend is lost: work on it may then never end. */
async function unlessLost<T>(active: Active, work: () => Promise<T>): Promise<T> {
  if (watch.active !== active) {
    watch.active = active;
    delete watch.lost;
    // Once for all work: a race with a promise that never settles would remember every one of them.
    void active.lost.then((reason) => {
      if (watch.active !== active) return;
      watch.lost = reason;
      watch.tell?.(new Error(reason));
    });
  }
  if (watch.lost !== undefined) throw new Error(watch.lost);
  try {
    return await new Promise<T>((resolve, reject) => {
      watch.tell = reject;
      work().then(resolve, reject);
    });
  } finally {
    delete watch.tell;
  }
}

/** The network that is being taught, beside the published one. */
let pupil: FineTuning | undefined;

function endLesson(): void {
  pupil?.dispose();
  pupil = undefined;
}

/** What fails in teaching is the backend's fault; the page starts the lesson elsewhere, from its last epoch. */
async function blameBackend<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await unlessLost(loaded!.active, work);
  } catch (error) {
    if (error instanceof EngineError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    throw new EngineError(error instanceof DivergedError ? 'diverged' : 'lost', message);
  }
}

const preparing = (done: number, total: number) => send({ type: 'preparing', done, total });

function begin(lesson: Lesson, weights: Weights | null, state: TrainingState | null): Promise<FineTuning> {
  if (!loaded) throw new EngineError('no-backend', 'no model is loaded');
  const { model } = loaded;
  endLesson();
  return blameBackend(async () => {
    await testGradients();
    pupil = new FineTuning(model.architecture, weights ?? model.weights, lesson);
    await pupil.prepare(preparing);
    if (state) pupil.restore(state);
    return pupil;
  });
}

function taught(): FineTuning {
  if (!pupil) throw new EngineError('lost', 'there is no lesson');
  return pupil;
}

async function answerPupil(id: number, images: Uint8Array): Promise<void> {
  const { active, model } = loaded!;
  const total = images.length / (model.architecture.inputShape[0] * model.architecture.inputShape[1]);
  const started = performance.now();
  const found = await blameBackend(() => taught().probabilities(images, (done) => preparing(done, total)));
  const probabilities = Float32Array.from(found);
  const milliseconds = performance.now() - started;
  send({ type: 'predicted', id, probabilities, milliseconds, backend: active.backend }, [
    probabilities.buffer,
  ]);
}

async function step(id: number): Promise<void> {
  const started = performance.now();
  const event = await blameBackend(() => taught().next());
  const { numTensors: tensors, numBytes: bytes } = tf.memory();
  send({ type: 'trained', id, event, milliseconds: performance.now() - started, memory: { tensors, bytes } });
}

async function answer(request: Request): Promise<void> {
  const { id } = request;
  try {
    switch (request.type) {
      case 'load':
        loaded = await load(request);
        send({ type: 'loaded', id, backend: loaded.active.backend });
        void keep();
        break;
      case 'predict': {
        if (request.pupil) return await answerPupil(id, request.images);
        const started = performance.now();
        const probabilities = await predict(request.images);
        const milliseconds = performance.now() - started;
        const { backend } = loaded!.active;
        send({ type: 'predicted', id, probabilities, milliseconds, backend }, [probabilities.buffer]);
        break;
      }
      case 'features': {
        if (!loaded) throw new EngineError('no-backend', 'no model is loaded');
        const features = await loaded.active.predictor.features(request.image);
        send(
          { type: 'features', id, features },
          features.map(({ values }) => values.buffer),
        );
        break;
      }
      case 'teach': {
        const { stepsPerEpoch, totalSteps } = await begin(request.lesson, request.weights, request.state);
        send({ type: 'ready', id, stepsPerEpoch, totalSteps });
        break;
      }
      case 'next':
        await step(id);
        break;
      case 'state':
        send({ type: 'state', id, state: await blameBackend(() => taught().state()) });
        break;
      case 'weights':
        send({ type: 'weights', id, weights: await blameBackend(() => taught().weights()) });
    }
  } catch (error) {
    const { failure, fault } =
      error instanceof EngineError ? error : ({ failure: 'no-backend', fault: null } as const);
    const detail = error instanceof Error ? error.message : String(error);
    send({ type: 'failed', id, failure, detail, fault });
  }
}

/** One request after another: a backend does one thing at a time. */
let last = Promise.resolve();
scope.addEventListener('message', ({ data }: MessageEvent<Request>) => {
  last = last.then(() => answer(data));
});
