import { expect, it, vi } from 'vitest';
import {
  isMeasuredOnTaught,
  LessonRun,
  type Progress,
  type LessonListener,
} from '../../../src/engines/web/lesson-run.ts';
import type { Engine } from '../../../src/engines/web/client.ts';
import { EngineError } from '../../../src/engines/web/protocol.ts';
import type { TrainingState } from '../../../src/training/trainer.ts';

const EPOCHS = 3;
const STEPS_PER_EPOCH = 2;

/** Counts steps and epochs as the worker does, and learns nothing. */
class FakeEngine {
  step = 0;
  epochs = 0;
  /** Loses its backend at the first question after so many epochs. */
  loseIn: number | null = null;

  load = async () => ({ name: 'wasm', device: 'CPU', milliseconds: 1, passedOver: [] });
  startLesson = async (_lesson: unknown, _weights: unknown, state: TrainingState | null) => {
    this.step = state?.step ?? 0;
    this.epochs = state?.epochs.length ?? 0;
    return { stepsPerEpoch: STEPS_PER_EPOCH, totalSteps: EPOCHS * STEPS_PER_EPOCH };
  };
  next = async () => {
    if (this.epochs === EPOCHS) throw new EngineError('lost', 'The training is finished.');
    const event =
      this.step === (this.epochs + 1) * STEPS_PER_EPOCH
        ? { type: 'epoch', epoch: ++this.epochs, trainLoss: 1 / this.epochs }
        : { type: 'batch', step: ++this.step, loss: 1 };
    return { event, milliseconds: 1, memory: { tensors: 0, bytes: 0 } };
  };
  state = async () =>
    ({
      step: this.step,
      epochs: Array.from({ length: this.epochs }, (_, i) => ({ epoch: i + 1, trainLoss: 1 / (i + 1) })),
    }) as TrainingState;
  predictTuned = async (images: Uint8Array) => {
    if (this.epochs === this.loseIn) {
      this.loseIn = null;
      throw new EngineError('lost', 'the device was lost');
    }
    return new Float32Array(images.length * 2);
  };
  weights = async () => ({});
  abandon = () => undefined;
  /** What another backend would take for a step, beside this one's one millisecond. */
  rivalStep: number | null = null;
  disposed = false;
  rival = () => {
    if (this.rivalStep === null) return null;
    this.other = new FakeEngine();
    const { next } = this.other;
    this.other.next = async () => ({ ...(await next()), milliseconds: this.rivalStep! });
    return this.other;
  };
  other: FakeEngine | null = null;
  takeOver = (rival: FakeEngine) => {
    Object.assign(this, { next: rival.next, state: rival.state, predictTuned: rival.predictTuned });
    return { name: 'webgl', device: 'GPU', milliseconds: 1, passedOver: [] };
  };
  dispose = () => {
    this.disposed = true;
  };
}

const sample = { images: new Uint8Array(3), labels: new Uint8Array(3) };
const lesson = { images: new Uint8Array(4), labels: new Uint8Array(4), epochs: EPOCHS };
const fresh = {
  task: { model: {}, lesson, own: 2, weights: null },
  state: null,
  steps: [],
  judgements: [],
} as unknown as Progress;

function makeRun(engine: FakeEngine, progress: Progress, listener: Partial<LessonListener> = {}): LessonRun {
  const silent = {
    onState: () => undefined,
    onBackend: () => undefined,
    onStep: () => undefined,
    onEvaluation: () => undefined,
    onEpoch: () => undefined,
    onMoved: () => undefined,
  };
  return new LessonRun(engine as unknown as Engine, progress, sample, { ...silent, ...listener });
}

/** What is kept where the page is hidden while the end of an epoch is judged. */
async function leftWhileJudging(epoch: number): Promise<Progress> {
  let kept: Promise<Progress> | undefined;
  const engine = new FakeEngine();
  const run = makeRun(engine, fresh);
  const { predictTuned } = engine;
  engine.predictTuned = (images) => {
    if (engine.epochs === epoch) kept ??= run.progressNow();
    return predictTuned(images);
  };
  await run.run();
  return kept!;
}

const epochsOf = ({ evaluations }: Pick<LessonRun, 'evaluations'>) => evaluations.map(({ epoch }) => epoch);
const stepsOf = ({ steps }: Pick<LessonRun, 'steps'>) => steps.map(({ step }) => step);

it('judges before the first step and after each epoch', async () => {
  const run = makeRun(new FakeEngine(), fresh);
  await run.run();
  expect(epochsOf(run)).toEqual([0, 1, 2, 3]);
  expect(stepsOf(run)).toEqual([1, 2, 3, 4, 5, 6]);
});

it('a backend that is lost in the preparations is replaced once', async () => {
  const engine = new FakeEngine();
  let prepared = 0;
  const { startLesson } = engine;
  engine.startLesson = (...lesson) => {
    if (++prepared === 1) throw new EngineError('lost', 'the device was lost');
    return startLesson(...lesson);
  };
  await makeRun(engine, fresh).run();
  expect(prepared).toBe(2);
});

it.each([1, EPOCHS])('left while epoch %i is judged, it is judged when the lesson goes on', async (epoch) => {
  const kept = await leftWhileJudging(epoch);
  expect(kept.state!.epochs.length).toBe(epoch);
  expect(kept.judgements.at(-1)!.epoch).toBe(epoch - 1);
  const states: string[] = [];
  const run = makeRun(new FakeEngine(), kept, { onState: (state) => states.push(state) });
  await run.run();
  expect(states.at(-1)).toBe('done');
  expect(epochsOf(run)).toEqual([0, 1, 2, 3]);
  expect(run.evaluations[epoch]!.loss).toBe(1 / epoch);
  expect(stepsOf(run)).toEqual([1, 2, 3, 4, 5, 6]);
});

it('what is kept between steps goes on with the next, and a loss with the last epoch', async () => {
  const engine = new FakeEngine();
  let kept: Promise<Progress> | undefined;
  const run = makeRun(engine, fresh, {
    onStep: (going) => {
      if (going.step === 3) kept = going.progressNow();
    },
  });
  await run.run();
  const moves: number[] = [];
  const next = new FakeEngine();
  next.loseIn = 2;
  const resumed = makeRun(next, (await kept)!, { onMoved: (_from, _to, epoch) => moves.push(epoch) });
  await resumed.run();
  expect(moves).toEqual([1]);
  expect(epochsOf(resumed)).toEqual([0, 1, 2, 3]);
  expect(stepsOf(resumed)).toEqual([1, 2, 3, 4, 5, 6]);
});

it.each([
  ['goes on where steps are shorter', 0.1, ['wasm', 'webgl']],
  ['stays where they are not', 2, ['wasm']],
])('times another backend beside the first, and %s', async (_, milliseconds, expected) => {
  const engine = new FakeEngine();
  engine.rivalStep = milliseconds;
  // As a worker does, it lets other work in between.
  const { next } = engine;
  engine.next = () => new Promise((resolve) => setTimeout(() => resolve(next()), 5));
  const backends: string[] = [];
  const run = makeRun(engine, fresh, { onBackend: ({ name }) => backends.push(name) });
  await run.run();
  expect(backends).toEqual(expected);
  // No step is lost, and none is done twice.
  expect(stepsOf(run)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(epochsOf(run)).toEqual([0, 1, 2, 3]);
  expect(engine.other!.disposed).toBe(expected.length === 1);
});

it('gives another backend two seconds', async () => {
  vi.useFakeTimers();
  const engine = new FakeEngine();
  engine.rivalStep = 0;
  const { rival, next } = engine;
  engine.rival = () => {
    const other = rival()!;
    // Its first step compiles, for longer than it has.
    other.next = () => new Promise(() => undefined);
    return other;
  };
  engine.next = () => new Promise((resolve) => setTimeout(() => resolve(next()), 1_000));
  const run = makeRun(engine, fresh).run();
  await vi.advanceTimersByTimeAsync(1_900);
  expect(engine.other!.disposed).toBe(false);
  await vi.advanceTimersByTimeAsync(200);
  expect(engine.other!.disposed).toBe(true);
  await vi.advanceTimersByTimeAsync(10_000);
  await run;
  vi.useRealTimers();
});

it('knows whether it is measured on what it teaches', () => {
  const task = { ...fresh.task, lesson: { ...fresh.task.lesson, images: Uint8Array.of(1, 2, 3, 4) } };
  const measured = (...images: number[]) => ({
    ...task,
    measured: { images: Uint8Array.from(images), labels: Uint8Array.of(10) },
  });
  expect(isMeasuredOnTaught(measured(1, 2))).toBe(true);
  expect(isMeasuredOnTaught(measured(5, 6))).toBe(false);
  expect(isMeasuredOnTaught({ ...task, measured: null })).toBe(false);
});
