/**
 * Carries lessons out as the reader asks: start, a single step, pause, stop, reset, resume. Owns the weights that were
 * taught and the lesson under way, and reports what happens in words. Knows no DOM.
 */
import { IMAGE_PIXELS } from '../../../../data/dataset.ts';
import type { Engine } from '../../../../engines/web/client.ts';
import { type Chosen, EngineError, type ModelSource } from '../../../../engines/web/protocol.ts';
import { failures } from '../../../../i18n/demos.ts';
import { sentences } from '../../../../i18n/format.ts';
import type { Weights } from '../../../../network/architecture.ts';
import { failureText, InputError } from '../../failures.ts';
import { type Choices, type LabelledImages, planLesson } from '../../lesson-plan.ts';
import type { FinetuneWords } from '../demo-page.ts';
import type { LabelledDrawing } from '../drawing-storage.ts';
import { AbandonedError, type Evaluation, LessonRun, type Progress, type RunState } from '../../../../engines/web/lesson-run.ts';
import { isUsable, type LessonStore, type StoredLesson } from './lesson-store.ts';

export type LessonState = 'idle' | 'preparing' | 'training' | 'paused' | 'done' | 'error';

/** What the reader has chosen by now. */
interface Inputs {
  choices(): Choices;
  model(): ModelSource;
  drawings(): readonly LabelledDrawing[];
}

export interface Images {
  /** The test sample that the network is evaluated on. */
  readonly test: LabelledImages;
  /** Training images. */
  readonly sample: LabelledImages;
}

interface ControlListener {
  /** @param text the state in words */
  onState(state: LessonState, text: string): void;
  /** A message beside the state; null removes it. */
  onMessage(sentence: string | null): void;
  onBackend(backend: Chosen): void;
  /** After each step and each evaluation. */
  onProgress(run: LessonRun): void;
  onEvaluations(evaluations: readonly Evaluation[], test: LabelledImages): void;
  /** Between an evaluation and the next step: the network is free for other predictions. */
  onEvaluated(): Promise<void>;
  /** For screen readers. */
  onAnnouncement(text: string): void;
  /** A lesson of an earlier visit is there. */
  onRestored(lesson: StoredLesson): void;
  onReset(): void;
}

export function createLessonControl(
  engine: Engine,
  store: LessonStore,
  loadImages: () => Promise<Images>,
  inputs: Inputs,
  { lang, t }: FinetuneWords,
  listener: ControlListener,
) {
  let state: LessonState = 'idle';
  let taught: Weights | null = null;
  let run: LessonRun | null = null;
  /** A lesson of an earlier visit, or one that has failed, that can be resumed. */
  let unfinished: StoredLesson | null = null;
  /** Settles once nothing is under way; never rejects. */
  let underWay: Promise<void> = Promise.resolve();
  /** Counts the reader's requests: a lesson that waits to begin is dropped when another request comes. */
  let requests = 0;

  function show(next: LessonState, text: string): void {
    state = next;
    listener.onState(state, text);
  }

  /** While nothing is under way. */
  function showRest(): void {
    if (!unfinished) {
      show('idle', t('idle'));
      return;
    }
    const { judgements, task } = unfinished.progress;
    const epoch = judgements.at(-1)?.epoch ?? 0;
    show('paused', t('restored', { epoch, epochs: task.lesson.epochs }));
  }

  function fail(sentence: string): void {
    show('error', t('failed'));
    listener.onMessage(sentence);
  }

  const remember = (progress: Progress, weights: Weights | null = null): Promise<void> =>
    store.write({ choices: inputs.choices(), progress, taught: weights });

  /** Stores a run up to its last step, unless it is over before that is known: then its end is what is stored. */
  function storeNow(current: LessonRun): void {
    const write = (progress: Progress) => (run === current ? remember(progress) : undefined);
    void current.progressNow().then(write, () => undefined);
  }

  /** Starts a lesson, or continues one. @param single do one step and wait */
  async function start(single: boolean): Promise<void> {
    listener.onMessage(null);
    if (run) {
      run.continue(single);
      return;
    }
    if (state === 'preparing') return;
    const request = ++requests;
    const dropped = () => request !== requests;
    show('preparing', t('preparing'));
    let images: Images;
    try {
      images = await loadImages();
    } catch (error) {
      console.info(error);
      if (!dropped()) fail(failures(lang, 'images'));
      return;
    }
    await underWay;
    if (!dropped()) underWay = begin(images, single, dropped);
  }

  async function begin({ test, sample }: Images, single: boolean, dropped: () => boolean): Promise<void> {
    const locked = await store.lock();
    try {
      if (dropped()) return;
      if (!locked) {
        showRest();
        listener.onMessage(t('otherTab'));
        return;
      }
      const progress = unfinished?.progress ?? plan(sample);
      unfinished = null;
      await carryOut(progress, test, single);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      fail(failureText(lang, error));
    } finally {
      store.unlock();
    }
  }

  /** @throws InputError */
  function plan(sample: LabelledImages): Progress {
    const { lesson, own } = planLesson(inputs.choices(), inputs.drawings(), sample, IMAGE_PIXELS);
    const task = { model: inputs.model(), lesson, own, weights: taught };
    return { task, state: null, steps: [], judgements: [] };
  }

  async function carryOut(progress: Progress, test: LabelledImages, single: boolean): Promise<void> {
    const current = new LessonRun(
      engine,
      progress,
      test,
      {
        onState: (next) => showRun(current, next),
        onBackend: (backend) => listener.onBackend(backend),
        onStep() {
          listener.onProgress(current);
          if (state === 'training') show('training', t('training', placeOf(current)));
        },
        async onEvaluation({ epoch }) {
          listener.onProgress(current);
          listener.onEvaluations(current.evaluations, test);
          // From the beginning: a tab that is closed in its first epoch offers to resume as well.
          if (epoch === 0) void remember(current.progress);
          await listener.onEvaluated();
          listener.onAnnouncement(t('training', placeOf(current)));
        },
        onEpoch: () => void remember(current.progress),
        onMoved: (from, to, epoch) =>
          listener.onMessage(
            from && from !== to ? t('moved', { from, to, epoch }) : t('revived', { to, epoch }),
          ),
      },
      single,
    );
    run = current;
    let text: string;
    try {
      const weights = await current.run();
      if (run !== current) return;
      taught = weights;
      run = null;
      // What is called done outlives the page, if the browser lets it.
      await remember({ ...current.progress, state: null }, taught);
      const finished = current.epoch === current.task.lesson.epochs;
      text = finished ? t('done', { epochs: current.epoch }) : t('stopped', { step: current.step });
      show('done', text);
    } catch (error) {
      if (error instanceof AbandonedError) return;
      run = null;
      await end(current, test, error);
      text = t('failed');
    }
    listener.onAnnouncement(text);
  }

  function showRun(current: LessonRun, next: RunState): void {
    if (run !== current || next === 'done' || next === 'stopped') return;
    show(next, t(next, placeOf(current)));
    if (next === 'paused') storeNow(current);
  }

  /** A run has failed. The weights are those that the worker went back to, or that the last epoch left. */
  async function end(failed: LessonRun, test: LabelledImages, error: unknown): Promise<void> {
    await store.remove();
    if (error instanceof EngineError && error.failure === 'diverged') {
      console.info(error);
      const { epoch, task } = failed;
      const weights = await engine.weights().catch(() => task.weights);
      taught = epoch === 0 && !task.weights ? null : weights;
      listener.onEvaluations(failed.evaluations, test);
      fail(epoch ? t('diverged', { epoch }) : t('divergedAtOnce'));
      return;
    }
    if (failed.progress.state) {
      unfinished = { choices: inputs.choices(), progress: failed.progress, taught: null };
      void remember(failed.progress);
    }
    fail(failureText(lang, error));
  }

  function showStored(stored: StoredLesson): void {
    listener.onRestored(stored);
    if (stored.taught) {
      taught = stored.taught;
      show('done', t('restoredDone'));
    } else {
      unfinished = stored;
      showRest();
    }
    // Where the images do not come, the comparison comes when they do.
    loadImages().then(
      ({ test }) => listener.onEvaluations(stored.progress.judgements, test),
      () => undefined,
    );
  }

  return {
    /** What the network has become; null for the published one. */
    get taught() {
      return taught;
    },
    start,

    pause: () => run?.pause(),

    stop(): void {
      if (run?.evaluations.length) {
        run.stop();
      } else if (run) {
        // Nothing is learned yet.
        run.abandon();
        run = null;
        show('idle', t('idle'));
      } else if (state === 'preparing') {
        // It waits for its images; an unfinished lesson stays.
        requests++;
        showRest();
      } else if (unfinished) {
        // It was left in an earlier visit and is not to be resumed.
        taught = unfinished.progress.task.weights;
        unfinished = null;
        void store.remove();
        show('idle', t('idle'));
      }
    },

    /** Back to the published network. */
    reset(): void {
      listener.onMessage(null);
      const request = ++requests;
      const stopped = run;
      run = unfinished = taught = null;
      stopped?.abandon();
      underWay = underWay.then(async () => {
        await store.remove();
        listener.onReset();
        if (request === requests) show('idle', t('idle'));
      });
    },

    /** Lessons begin with these weights from now on. */
    adopt(weights: Weights): void {
      taught = weights;
      unfinished = null;
      show('idle', t('idle'));
    },

    /** What has failed or was left is resumed as it was, unless the reader chooses anew. */
    dropUnfinished: () => void (unfinished = null),

    /** Shows what is being done while the lesson is being prepared. */
    showPreparing(text: string): void {
      if (state === 'preparing') show(state, text);
    },

    /** Stores the progress so far: the page may be closed without notice. */
    save(): void {
      if (run?.step) storeNow(run);
    },

    /** Shows the lesson of an earlier visit if it still fits these models. @param note another sentence to show */
    async restore(models: readonly ModelSource[], note: string | null): Promise<void> {
      const stored = await store.read();
      if (run || state !== 'idle') return;
      const outdated = stored !== undefined && !isUsable(stored, models);
      if (stored && !outdated) showStored(stored);
      const message = sentences(lang, [outdated ? t('outdated') : '', note ?? '']);
      if (message) listener.onMessage(message);
      if (outdated) await store.remove();
    },
  };
}

const placeOf = (run: LessonRun) => ({
  epoch: Math.min(run.epoch + 1, run.task.lesson.epochs),
  epochs: run.task.lesson.epochs,
  step: run.step,
  steps: run.totalSteps,
});
