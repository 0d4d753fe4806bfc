/**
 * Carries lessons out as the reader asks: start, a single step, pause, stop, reset, resume. Owns the network that was
 * taught and the lesson under way, and reports what happens in words. Knows no DOM.
 */
import type { Engine } from '../../../../engines/web/client.ts';
import {
  AbandonedError,
  type Assignment,
  type Evaluation,
  isMeasuredOnTaught,
  LessonRun,
  measuredOf,
  type Progress,
  type RunState,
} from '../../../../engines/web/lesson-run.ts';
import { type Chosen, EngineError, type ModelSource } from '../../../../engines/web/protocol.ts';
import { failures } from '../../../../i18n/demos.ts';
import { sentences } from '../../../../i18n/format.ts';
import type { Weights } from '../../../../network/architecture.ts';
import {
  type Choices,
  type LabelledImage,
  type LabelledImages,
  type LessonFault,
  planLesson,
  runsOf,
  type SetName,
} from '../../../../training/lessons.ts';
import { failureText } from '../../failures.ts';
import type { FinetuneWords } from '../demo-page.ts';
import { isUsable, type LessonStore, type RunResult, type StoredLesson } from './lesson-store.ts';

export type LessonState = 'idle' | 'preparing' | 'training' | 'paused' | 'done' | 'error';

/** A network of the reader's: taught here, or loaded. */
export interface Taught {
  /** The published network whose shapes it has. */
  readonly model: ModelSource;
  readonly weights: Weights;
  /** The name of its eleventh class; null where it has ten. */
  readonly className: string | null;
}

/** What the reader has chosen by now. */
interface Inputs {
  choices(): Choices;
  model(): ModelSource;
  /** What the lesson begins with; null for the published weights. */
  weights(): Weights | null;
  drawings(): readonly LabelledImage[];
  /** What stands in the way of the lesson. */
  fault(): LessonFault | null;
  /** Whether the reader has chosen anything since the page came. */
  touched(): boolean;
}

export interface Images {
  /** The test sample that the network is evaluated on. */
  readonly test: LabelledImages;
  readonly sets: Partial<Readonly<Record<SetName, LabelledImages>>>;
}

interface ControlListener {
  /** @param text the state in words */
  onState(state: LessonState, text: string): void;
  /** A message beside the state; null removes it. */
  onMessage(sentence: string | null): void;
  onBackend(backend: Chosen): void;
  /** After each step and each evaluation. */
  onProgress(run: LessonRun): void;
  /** @param measured images on which the lesson is measured @param earlier runs beside which it is seen */
  onEvaluations(
    current: RunResult,
    measured: LabelledImages,
    test: LabelledImages,
    earlier: readonly RunResult[],
  ): void;
  /** Between an evaluation and the next step: the network is free for other predictions. */
  onEvaluated(run: LessonRun): Promise<void>;
  /** For screen readers. */
  onAnnouncement(text: string): void;
  /** A lesson of an earlier visit is there. */
  onRestored(lesson: StoredLesson): void;
  onReset(): void;
}

export function createLessonControl(
  engine: Engine,
  store: LessonStore,
  loadImages: (task: Choices['task']) => Promise<Images>,
  inputs: Inputs,
  { lang, t }: FinetuneWords,
  listener: ControlListener,
) {
  let state: LessonState = 'idle';
  let taught: Taught | null = null;
  let run: LessonRun | null = null;
  /** Runs of the lesson that are over: its points on the chart of a trade, what is forgotten without replay. */
  let earlier: readonly RunResult[] = [];
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

  const remember = (choices: Choices, progress: Progress, weights: Weights | null = null): Promise<void> =>
    store.write({ choices, progress, taught: weights, earlier });

  /** Stores a run up to its last step, unless it is over before that is known: then its end is what is stored. */
  function storeNow(current: LessonRun): void {
    const write = (progress: Progress) =>
      run === current ? remember(inputs.choices(), progress) : undefined;
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
    const fault = unfinished ? null : inputs.fault();
    if (fault) {
      show('error', t('notStarted'));
      listener.onMessage(failures(lang, fault));
      return;
    }
    const request = ++requests;
    const dropped = () => request !== requests;
    show('preparing', t('preparing'));
    let images: Images;
    try {
      images = await loadImages(inputs.choices().task);
    } catch (error) {
      console.info(error);
      if (!dropped()) fail(failures(lang, 'images'));
      return;
    }
    await underWay;
    if (!dropped()) underWay = begin(images, single, dropped);
  }

  async function begin(images: Images, single: boolean, dropped: () => boolean): Promise<void> {
    const locked = await store.lock();
    try {
      if (dropped()) return;
      if (!locked) {
        showRest();
        listener.onMessage(t('otherTab'));
        return;
      }
      const choices = inputs.choices();
      const resumed = unfinished?.progress;
      unfinished = null;
      const runs = runsOf(choices);
      // The runs of a trade stay beside each other; those of forgetting are two.
      if (!resumed)
        earlier = earlier.filter((each) => choices.task === 'trade' && each.choices.task === 'trade');
      const left = runs.slice(choices.task === 'forget' ? earlier.length : 0);
      for (const [i, each] of left.entries()) {
        const progress = i === 0 && resumed ? resumed : plan(each, images.sets);
        const isLast = i === left.length - 1;
        if (!(await carryOut(each, progress, images.test, single && i === 0, isLast))) return;
      }
    } finally {
      store.unlock();
    }
  }

  function plan(choices: Choices, sets: Images['sets']): Progress {
    const task = {
      model: inputs.model(),
      weights: inputs.weights(),
      ...planLesson(choices, inputs.drawings(), sets),
    };
    return { task, state: null, steps: [], judgements: [] };
  }

  const showEvaluations = (
    choices: Choices,
    { task, evaluations }: { task: Assignment; evaluations: readonly Evaluation[] },
    test: LabelledImages,
    beside = earlier,
  ) =>
    listener.onEvaluations(
      { choices, evaluations, seen: isMeasuredOnTaught(task) },
      measuredOf(task) ?? test,
      test,
      beside,
    );

  /** @param isLast whether the lesson is done with it @returns whether the run has come to its end */
  async function carryOut(
    choices: Choices,
    progress: Progress,
    test: LabelledImages,
    single: boolean,
    isLast: boolean,
  ): Promise<boolean> {
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
          showEvaluations(choices, current, test);
          // From the beginning: a tab that is closed in its first epoch offers to resume as well.
          if (epoch === 0) void remember(choices, current.progress);
          await listener.onEvaluated(current);
          listener.onAnnouncement(t('training', placeOf(current)));
        },
        onEpoch: () => void remember(choices, current.progress),
        onMoved: (from, to, epoch) =>
          listener.onMessage(
            from && from !== to ? t('moved', { from, to, epoch }) : t('revived', { to, epoch }),
          ),
      },
      single,
    );
    run = current;
    const { model } = current.task;
    const className = current.task.lesson.outputs ? (choices.className?.trim() ?? null) : null;
    let text: string;
    let finished = false;
    try {
      const weights = await current.run();
      if (run !== current) return false;
      taught = { model, weights, className };
      run = null;
      finished = current.epoch === current.task.lesson.epochs;
      // What is called done outlives the page, if the browser lets it.
      await remember(choices, { ...current.progress, state: null }, weights);
      if (finished) earlier = [...earlier, { choices, evaluations: current.evaluations }];
      text = finished ? t('done', { epochs: current.epoch }) : t('stopped', { step: current.step });
      if (isLast || !finished) show('done', text);
    } catch (error) {
      if (error instanceof AbandonedError) return false;
      run = null;
      await end(choices, current, test, error);
      text = t('failed');
    }
    listener.onAnnouncement(text);
    return finished;
  }

  function showRun(current: LessonRun, next: RunState): void {
    if (run !== current || next === 'done' || next === 'stopped') return;
    show(next, t(next, placeOf(current)));
    if (next === 'paused') storeNow(current);
  }

  /** A run has failed. The weights are those that the worker went back to, or that the last epoch left. */
  async function end(
    choices: Choices,
    failed: LessonRun,
    test: LabelledImages,
    error: unknown,
  ): Promise<void> {
    await store.remove();
    if (error instanceof EngineError && error.failure === 'diverged') {
      console.info(error);
      const { epoch, task } = failed;
      const weights = epoch ? await engine.weights().catch(() => null) : task.weights;
      taught = weights && { model: task.model, weights, className: choices.className ?? null };
      showEvaluations(choices, failed, test);
      fail(epoch ? t('diverged', { epoch }) : t('divergedAtOnce'));
      return;
    }
    if (failed.progress.state) {
      unfinished = { choices, progress: failed.progress, taught: null, earlier };
      void remember(choices, failed.progress);
    }
    fail(failureText(lang, error));
  }

  function showStored(stored: StoredLesson): void {
    const { choices, progress, taught: weights } = stored;
    const beside = stored.earlier ?? [];
    const { task, judgements } = progress;
    earlier = weights ? [...beside, { choices, evaluations: judgements }] : beside;
    listener.onRestored(stored);
    if (weights) {
      const className = task.lesson.outputs ? (choices.className ?? null) : null;
      taught = { model: task.model, weights, className };
      show('done', t('restoredDone'));
    } else {
      unfinished = stored;
      showRest();
    }
    // Where the images do not come, the comparison comes when they do.
    loadImages(choices.task).then(
      ({ test }) => {
        if (!run) showEvaluations(choices, { task, evaluations: judgements }, test, beside);
      },
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
      earlier = [];
      stopped?.abandon();
      underWay = underWay.then(async () => {
        await store.remove();
        listener.onReset();
        if (request === requests) show('idle', t('idle'));
      });
    },

    /** A network that the reader has loaded. */
    adopt(loaded: Taught): void {
      taught = loaded;
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

    /**
     * Shows the lesson of an earlier visit if it still fits these models, unless the reader has chosen another by then.
     * @param note another sentence to show
     */
    async restore(models: readonly ModelSource[], note: string | null): Promise<void> {
      const stored = await store.read();
      if (run || state !== 'idle') return;
      const outdated = stored !== undefined && !isUsable(stored, models);
      if (stored && !outdated && !inputs.touched()) showStored(stored);
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
