/**
 * A lesson from the page's side: drives the engine step by step, evaluates the network after each epoch, and resumes
 * from the end of the last one when a worker or a backend is lost. Knows no DOM.
 *
 * To train from nothing, as the fine-tuning page and the report do:
 *
 *     const choices = { task: 'scratch', ...LESSONS.scratch.settings } as const; // src/training/lessons.ts
 *     const task = { model, weights: null, ...planLesson(choices, [], { sample }) };
 *     const run = new LessonRun(engine, { task, state: null, steps: [], judgements: [] }, testSample, listener);
 *     const weights = await run.run();
 */
import type { Engine } from './client.ts';
import type { WebBackend } from '../backends.ts';
import { type Chosen, EngineError, type ModelSource } from './protocol.ts';
import type { Weights } from '../../network/architecture.ts';
import type { Lesson } from '../../training/fine-tuning.ts';
import { countCorrect, predictedClasses } from '../../evaluation/metrics.ts';
import type { TrainingState } from '../../training/trainer.ts';
import type { LabelledImages } from '../../training/lessons.ts';

/** What is to be learned, by which network. Plain data, so that it can be stored. */
export interface Assignment {
  readonly model: ModelSource;
  readonly lesson: Lesson;
  /** So many of the lesson's images are what is to be learned; those behind them are against forgetting. */
  readonly own: number;
  /**
   * Images on which the lesson is measured; null for the test sample. Lessons that browsers kept before there were any
   * are measured on what is to be learned.
   */
  readonly measured?: LabelledImages | null;
  /** What the lesson begins with; null for the model's own weights. */
  readonly weights: Weights | null;
}

/** Images on which a lesson is measured; null for the test sample. */
export function measuredOf({ lesson, own, measured }: Assignment): LabelledImages | null {
  if (measured !== undefined) return measured;
  const images = lesson.images.slice(0, (own * lesson.images.length) / lesson.labels.length);
  return { images, labels: lesson.labels.slice(0, own) };
}

/** Whether a lesson is measured on the images that it teaches, as a class of which there are no others. */
export function isMeasuredOnTaught(task: Assignment): boolean {
  const measured = measuredOf(task);
  return measured !== null && measured.images.every((value, i) => value === task.lesson.images[i]);
}

export interface StepLoss {
  /** Steps done, from 1. */
  readonly step: number;
  readonly loss: number;
}

/** How good the network is after an epoch; 0 is before the first. */
export interface Evaluation {
  readonly epoch: number;
  /** On the images on which the lesson is measured. */
  readonly ownAccuracy: number;
  /** On the fixed sample of the test images. */
  readonly testAccuracy: number;
  /** Mean loss of the epoch's steps. */
  readonly loss: number | null;
  /** Classes predicted for the test sample. */
  readonly predicted: Uint8Array;
}

/** Everything that is stored of a lesson; browsers hold it under these names. */
export interface Progress {
  readonly task: Assignment;
  readonly state: TrainingState | null;
  readonly steps: readonly StepLoss[];
  readonly judgements: readonly Evaluation[];
}

export type RunState = 'preparing' | 'training' | 'paused' | 'done' | 'stopped';

export interface LessonListener {
  onState(state: RunState): void;
  onBackend(backend: Chosen): void;
  /** After each step. */
  onStep(run: LessonRun): void;
  /** After each evaluation; the first comes before the first step. */
  onEvaluation(run: LessonRun, evaluation: Evaluation): Promise<void> | void;
  /** After an epoch that is not the last, once it can be stored. */
  onEpoch(run: LessonRun): void;
  /** The lesson resumes from an epoch's end because a backend or a worker was lost. */
  onMoved(from: WebBackend | null, to: WebBackend, epoch: number): void;
}

/** The lesson was dropped. */
export class AbandonedError extends Error {
  override name = 'AbandonedError';
}

/** So many milliseconds another backend may take to show that its steps are shorter. */
const CONTEST = 2_000;
/** So often a lesson resumes after a loss before it gives up. */
const MAX_LOSSES = 3;

export class LessonRun {
  readonly task: Assignment;
  readonly steps: StepLoss[];
  readonly evaluations: Evaluation[];
  /** What the network last gave for the images on which the lesson is measured, [images × classes]. */
  measuredProbabilities: Float32Array = new Float32Array();
  /** In use after the last step. */
  memory = { tensors: 0, bytes: 0 };
  totalSteps = 0;
  stepsPerEpoch = 0;
  readonly #engine: Engine;
  readonly #sample: LabelledImages;
  readonly #listener: LessonListener;
  #state: TrainingState | null;
  #wanted: 'go' | 'pause' | 'stop' = 'go';
  #abandoned = false;
  #resume: (() => void) | null = null;
  #single = false;
  #losses = 0;
  #backend: Chosen | null = null;
  #stepMilliseconds = 0;
  #timedSteps = 0;
  #warm = false;
  /** Another backend that is being timed, and what a step takes there once that is known. */
  #rival: { readonly engine: Engine; milliseconds: number | null } | null = null;
  #evaluationMilliseconds = 0;

  constructor(
    engine: Engine,
    progress: Progress,
    sample: LabelledImages,
    listener: LessonListener,
    /** Do one step and wait. */
    single = false,
  ) {
    this.#engine = engine;
    this.task = progress.task;
    this.#state = progress.state;
    this.steps = [...progress.steps];
    this.evaluations = [...progress.judgements];
    this.#sample = sample;
    this.#listener = listener;
    this.#single = single;
  }

  get epoch(): number {
    return this.evaluations.at(-1)?.epoch ?? 0;
  }

  get step(): number {
    return this.steps.at(-1)?.step ?? 0;
  }

  /** What to store, so that the lesson can be resumed from the end of its last epoch. */
  get progress(): Progress {
    return {
      task: this.task,
      state: this.#state,
      steps: this.steps.filter(({ step }) => step <= (this.#state?.step ?? 0)),
      judgements: [...this.evaluations],
    };
  }

  /** As {@link progress}, but up to the last step. Between steps only. */
  async progressNow(): Promise<Progress> {
    const state = await this.#engine.state();
    return { ...this.progress, state, steps: this.steps.filter(({ step }) => step <= state.step) };
  }

  /** Images trained on in a second; null before the second step. */
  get imagesPerSecond(): number | null {
    if (!this.#timedSteps) return null;
    const perStep = this.task.lesson.labels.length / this.stepsPerEpoch;
    return (1000 * perStep * this.#timedSteps) / this.#stepMilliseconds;
  }

  /** Seconds until the end, as far as can be estimated; null before the second step. */
  get secondsLeft(): number | null {
    if (!this.#timedSteps) return null;
    const steps = this.totalSteps - this.step;
    const epochs = this.task.lesson.epochs - this.epoch;
    return (
      ((steps * this.#stepMilliseconds) / this.#timedSteps + epochs * this.#evaluationMilliseconds) / 1000
    );
  }

  pause(): void {
    if (this.#wanted === 'go') this.#wanted = 'pause';
  }

  /** @param single for one step only */
  continue(single = false): void {
    this.#single = single;
    this.#wanted = 'go';
    this.#resume?.();
  }

  stop(): void {
    this.#wanted = 'stop';
    this.#resume?.();
  }

  /** Drops the lesson; {@link run} then throws {@link AbandonedError}, at once where it is still preparing. */
  abandon(): void {
    this.#abandoned = true;
    this.stop();
    if (!this.evaluations.length) this.#engine.dispose();
  }

  /**
   * Carries the lesson out, to its end or until it is stopped.
   * @returns the weights that it has led to
   * @throws EngineError where no backend and no worker is left, or `diverged`
   */
  async run(): Promise<Weights> {
    // After a loss it has begun on another backend already.
    await this.#retry(async () => {
      if (!this.#backend) await this.#begin();
    });
    if (!this.evaluations.length) await this.#retry(() => this.#evaluate(0, null));
    // It may have been left while the network was being evaluated after an epoch.
    const unevaluated = this.#state?.epochs[this.epoch];
    if (unevaluated) await this.#retry(() => this.#evaluate(unevaluated.epoch, unevaluated.trainLoss));
    this.#listener.onState('training');
    const rival = this.#finished ? null : this.#engine.rival();
    if (rival) void this.#timeRival(rival);
    try {
      while (!this.#finished && !(await this.#retry(() => this.#advance())));
    } finally {
      this.#endContest();
    }
    const weights = await this.#retry(() => this.#engine.weights());
    this.#listener.onState(this.#finished ? 'done' : 'stopped');
    return weights;
  }

  get #finished(): boolean {
    return this.epoch === this.task.lesson.epochs;
  }

  async #begin(): Promise<void> {
    this.#listener.onState('preparing');
    const backend = await this.#engine.load(this.task.model);
    const { lesson, weights } = this.task;
    const { stepsPerEpoch, totalSteps } = await this.#engine.startLesson(lesson, weights, this.#state);
    this.stepsPerEpoch = stepsPerEpoch;
    this.totalSteps = totalSteps;
    this.#backend = backend;
    this.#listener.onBackend(backend);
  }

  /** One step, or the end of an epoch. @returns whether it is to stop */
  async #advance(): Promise<boolean> {
    if (this.#wanted === 'pause') await this.#waitToContinue();
    if (this.#wanted === 'stop') return true;
    await this.#compareRival();
    const { event, milliseconds, memory } = await this.#engine.next();
    this.memory = memory;
    if (event.type === 'batch') {
      this.steps.push({ step: event.step, loss: event.loss });
      // A backend's first step compiles: it is no measure.
      if (this.#warm) {
        this.#stepMilliseconds += milliseconds;
        this.#timedSteps++;
      }
      this.#warm = true;
      this.#listener.onStep(this);
      if (this.#single) this.#wanted = 'pause';
      return false;
    }
    const state = await this.#engine.state();
    await this.#evaluate(event.epoch, event.trainLoss);
    this.#state = state;
    if (!this.#finished) this.#listener.onEpoch(this);
    return false;
  }

  /** Carries out the lesson's first steps on another backend too. */
  async #timeRival(engine: Engine): Promise<void> {
    const contest = (this.#rival = { engine, milliseconds: null as number | null });
    let over: ReturnType<typeof setTimeout> | undefined;
    try {
      await engine.load(this.task.model);
      over = setTimeout(() => engine.dispose(), CONTEST);
      await engine.startLesson(this.task.lesson, this.task.weights, this.#state);
      // The first step compiles.
      const times: number[] = [];
      while (times.length < 2) {
        const { event, milliseconds } = await engine.next();
        if (event.type === 'batch') times.push(milliseconds);
      }
      contest.milliseconds = times[1]!;
    } catch {
      // It does not start, fails, or has had its time.
    }
    clearTimeout(over);
    if (contest.milliseconds === null && this.#rival === contest) this.#endContest();
  }

  #endContest(): void {
    this.#rival?.engine.dispose();
    this.#rival = null;
  }

  /** Continues on the other backend, from where the lesson is, if it is faster. Between steps only. */
  async #compareRival(): Promise<void> {
    if (!this.#rival || this.#rival.milliseconds === null || !this.#timedSteps) return;
    const { engine: rival, milliseconds } = this.#rival;
    if (milliseconds >= this.#stepMilliseconds / this.#timedSteps) {
      this.#endContest();
      return;
    }
    const state = await this.#engine.state();
    try {
      await rival.startLesson(this.task.lesson, this.task.weights, state);
    } catch {
      this.#endContest();
      return;
    }
    this.#rival = null;
    this.#backend = this.#engine.takeOver(rival);
    this.#stepMilliseconds = this.#timedSteps = 0;
    this.#listener.onBackend(this.#backend);
  }

  /** Waits until it is continued or stopped. */
  async #waitToContinue(): Promise<void> {
    this.#listener.onState('paused');
    await new Promise<void>((resolve) => (this.#resume = resolve));
    this.#resume = null;
    if (this.#wanted === 'go') this.#listener.onState('training');
  }

  async #evaluate(epoch: number, loss: number | null): Promise<void> {
    const started = performance.now();
    const predict = (images: Uint8Array) => this.#engine.predictTuned(images as Uint8Array<ArrayBuffer>);
    const sample = this.#sample;
    const measured = measuredOf(this.task) ?? sample;
    const ofSample = await predict(sample.images);
    const ofMeasured = measured === sample ? ofSample : await predict(measured.images);
    this.measuredProbabilities = ofMeasured;
    const classes = ofSample.length / sample.labels.length;
    const predicted = predictedClasses(ofSample, classes);
    const share = (labels: Uint8Array, answers: Uint8Array) =>
      labels.length ? countCorrect(labels, answers) / labels.length : 0;
    const evaluation: Evaluation = {
      epoch,
      loss,
      predicted,
      testAccuracy: share(sample.labels, predicted),
      ownAccuracy: share(measured.labels, predictedClasses(ofMeasured, classes)),
    };
    if (epoch > 0) this.#evaluationMilliseconds = performance.now() - started;
    this.evaluations.push(evaluation);
    await this.#listener.onEvaluation(this, evaluation);
  }

  /** Does the work; where a backend or a worker is lost, again on another, from the end of the last epoch. */
  async #retry<T>(work: () => Promise<T>): Promise<T> {
    for (let lost = false; ;) {
      try {
        if (this.#abandoned) throw new AbandonedError();
        if (lost) await this.#beginAgain();
        return await work();
      } catch (error) {
        if (this.#abandoned) throw new AbandonedError();
        if (!isLost(error) || this.#losses >= MAX_LOSSES) throw error;
        this.#losses++;
        lost = true;
      }
    }
  }

  async #beginAgain(): Promise<void> {
    const from = this.#backend?.name ?? null;
    this.#engine.abandon();
    const epoch = this.#state?.epochs.length ?? 0;
    this.steps.splice(this.steps.findLastIndex(({ step }) => step <= (this.#state?.step ?? 0)) + 1);
    this.evaluations.splice(epoch + 1);
    this.#stepMilliseconds = this.#timedSteps = 0;
    this.#warm = false;
    await this.#begin();
    this.#listener.onMoved(from, this.#backend!.name, epoch);
    this.#listener.onState('training');
  }
}

const isLost = (error: unknown): boolean =>
  error instanceof EngineError && (error.failure === 'lost' || error.failure === 'stopped');
