/** The browser's one worker: loads a model, chooses where to compute, predicts, and fine-tunes the network. */
import * as tf from '@tensorflow/tfjs-core';
import { type Architecture, classCount } from '../../network/architecture.ts';
import type { FineTuning } from '../../training/fine-tuning.ts';
import { Stopped } from '../backends.ts';
import { choose, exchange, type Active, type Model, type Preference } from './choose.ts';
import { fetchWeights } from './files.ts';
import { keptWeights } from './kept-networks.ts';
import {
  type AnswerTo,
  EngineError,
  type Exchanges,
  type ModelSource,
  type Notice,
  type Preparing,
  type Reply,
  type Request,
  type RequestType,
  type Trying,
} from './protocol.ts';

const scope = globalThis as unknown as DedicatedWorkerGlobalScope;
const send = (message: Reply | Notice | Preparing | Trying, transfer: Transferable[] = []) =>
  scope.postMessage(message, transfer);

interface Loaded {
  model: Model;
  preference: Preference;
  active: Active;
}

let loaded: Loaded | undefined;

/** What lessons need; pages that only predict never load it. @throws EngineError `unreachable` */
const loadTeaching = () =>
  import('./teaching.ts').catch((error: unknown) => {
    throw new EngineError('unreachable', String(error));
  });

const chooseFor = (model: Promise<Model>, of: Architecture, preference: Preference): Promise<Active> =>
  choose(model, of, preference, (backend) => send({ type: 'trying', backend }));

async function fetchModel(source: ModelSource, training: boolean): Promise<Model> {
  const weights =
    source.kept === undefined
      ? await fetchWeights(source, (bytes, total) => send({ type: 'progress', loaded: bytes, total }))
      : await keptWeights(source.kept);
  if (training) await loadTeaching();
  send({ type: 'choosing' });
  const { architecture, known } = source;
  return { architecture, weights, known };
}

async function load({ model: source, ...preference }: Exchanges['load']['request']): Promise<Loaded> {
  const fetching = fetchModel(source, preference.training);
  const before = loaded;
  let active: Active | null = null;
  if (before) {
    const model = await fetching;
    loaded = undefined;
    endLesson();
    active = await unlessLost(before.active, () => exchange(before.active, model)).catch(() => null);
  }
  active ??= await chooseFor(fetching, source.architecture, preference);
  return { model: await fetching, preference, active };
}

/** Predicts; a backend that fails or is lost in doing so is replaced by the next, and the images are not lost. */
async function predict(images: Uint8Array): Promise<Float32Array<ArrayBuffer>> {
  const running = current();
  const { model, preference, active } = running;
  try {
    const probabilities = await unlessLost(active, () => active.predictor.predict(images));
    if (!sound(probabilities, classCount(model.architecture)))
      throw new Error('the probabilities do not add up to one');
    return probabilities;
  } catch (error) {
    if (error instanceof EngineError) throw error;
    const { name } = active.backend;
    const avoid = [...preference.avoid, { name, reason: 'it stopped before' }];
    running.preference = { ...preference, avoid };
    if (preference.forced === name)
      throw new EngineError('no-backend', `${name}: ${(error as Error).message}`);
    // Where no other is found, the page leaves this worker.
    running.active = await chooseFor(Promise.resolve(model), model.architecture, running.preference);
    return predict(images);
  }
}

function sound(probabilities: Float32Array, classes: number): boolean {
  for (let i = 0; i < probabilities.length; i += classes) {
    const sum = probabilities.subarray(i, i + classes).reduce((total, p) => total + p, 0);
    if (!(Math.abs(sum - 1) < 1e-2)) return false; // NaN is not sound either
  }
  return true;
}

/** The backend whose loss is listened for, why it is lost, and what rejects the work that waits. */
const watch: { active?: Active; lost?: string; reject?: (error: Error) => void } = {};

/** Does the work, or throws as soon as the backend is lost: work on it may then never end. */
async function unlessLost<T>(active: Active, work: () => Promise<T>): Promise<T> {
  if (watch.active !== active) {
    watch.active = active;
    delete watch.lost;
    // Once for all work: a race with a promise that never settles would remember every one of them.
    void active.lost.then((reason) => {
      if (watch.active !== active) return;
      watch.lost = reason;
      watch.reject?.(new Error(reason));
    });
  }
  if (watch.lost !== undefined) throw new Error(watch.lost);
  try {
    return await new Promise<T>((resolve, reject) => {
      watch.reject = reject;
      work().then(resolve, reject);
    });
  } catch (error) {
    throw error instanceof Stopped ? new EngineError('stopped', error.message) : error;
  } finally {
    delete watch.reject;
  }
}

/** The network that is being fine-tuned, beside the published one. */
let tuning: FineTuning | undefined;

function endLesson(): void {
  tuning?.dispose();
  tuning = undefined;
}

/** What fails in fine-tuning is the backend's fault; the page starts the lesson elsewhere, from its last epoch. */
async function blameBackend<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await unlessLost(loaded!.active, work);
  } catch (error) {
    if (error instanceof EngineError) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const { DivergedError } = await loadTeaching();
    throw new EngineError(error instanceof DivergedError ? 'diverged' : 'lost', message);
  }
}

const preparing = (done: number, total: number) => send({ type: 'preparing', done, total });

function current(): Loaded {
  if (!loaded) throw new EngineError('no-backend', 'no model is loaded');
  return loaded;
}

function lesson(): FineTuning {
  if (!tuning) throw new EngineError('lost', 'there is no lesson');
  return tuning;
}

/** What answers each type of request, and which memory of the answer is given away with it. */
const answers: {
  [Type in RequestType]: (
    request: Exchanges[Type]['request'],
  ) => Promise<{ answer: AnswerTo<Type>; transfer?: Transferable[] }>;
} = {
  async load(request) {
    loaded = await load(request);
    const files = performance.getEntriesByType('resource').map(({ name }) => name);
    return { answer: { backend: loaded.active.backend, files: [location.href, ...files] } };
  },
  async predict({ images, tuned }) {
    const { inputShape } = current().model.architecture;
    const total = images.length / (inputShape[0] * inputShape[1]);
    const started = performance.now();
    const probabilities = tuned
      ? await blameBackend(() => lesson().probabilities(images, (done) => preparing(done, total)))
      : await predict(images);
    const milliseconds = performance.now() - started;
    const { backend } = current().active;
    // A copy, whose memory is the page's.
    const copy = Float32Array.from(probabilities);
    return { answer: { probabilities: copy, milliseconds, backend }, transfer: [copy.buffer] };
  },
  async features({ image }) {
    const features = await current().active.predictor.features(image);
    return { answer: { features }, transfer: features.map(({ values }) => values.buffer) };
  },
  async startLesson({ lesson, weights, state }) {
    const { model } = current();
    endLesson();
    const { FineTuning, testGradients } = await loadTeaching();
    const { stepsPerEpoch, totalSteps } = await blameBackend(async () => {
      await testGradients();
      tuning = new FineTuning(model.architecture, weights ?? model.weights, lesson);
      await tuning.prepare(preparing);
      if (state) tuning.restore(state);
      return tuning;
    });
    return { answer: { stepsPerEpoch, totalSteps } };
  },
  async next() {
    const started = performance.now();
    const event = await blameBackend(() => lesson().next());
    const { numTensors: tensors, numBytes: bytes } = tf.memory();
    return { answer: { event, milliseconds: performance.now() - started, memory: { tensors, bytes } } };
  },
  state: async () => ({ answer: { state: await blameBackend(() => lesson().state()) } }),
  weights: async () => ({ answer: { weights: await blameBackend(() => lesson().weights()) } }),
};

async function answer(request: Request): Promise<void> {
  const { id } = request;
  try {
    const { answer, transfer } = await answers[request.type](request as never);
    send({ id, answer }, transfer);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const { failure, fault } = error instanceof EngineError ? error : new EngineError('no-backend', message);
    send({ id, failed: { failure, message, fault } });
  }
}

/** One request after another: a backend does one thing at a time. */
let last = Promise.resolve();
scope.addEventListener('message', ({ data }: MessageEvent<Request>) => {
  last = last.then(() => answer(data));
});
