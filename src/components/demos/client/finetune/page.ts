/** Behaviour of the page on which the network is taught: choices in, a run of the lesson, what it comes to. */
import { IMAGE_PIXELS } from '../../../../data/images.ts';
import { Engine, EngineFailure, LessonFailure } from '../../../../engines/web/client.ts';
import { isWebBackend } from '../../../../engines/backends.ts';
import { finetune as texts } from '../../../../i18n/finetune.ts';
import type { Lang } from '../../../../i18n/languages.ts';
import type { Values } from '../../../../i18n/translator.ts';
import type { Weights } from '../../../../network/architecture.ts';
import { ImageSheets } from '../../../../client/image-set.ts';
import { once } from '../../../../client/loading.ts';
import { element, FAILURES, showAbout } from '../page-parts.ts';
import type { Setup } from '../../../../site/demo-setup.ts';
import { ChoicesForm } from './choices-form.ts';
import { ComparisonView, type Answers } from './comparison-view.ts';
import { Hand } from './taught-drawings.ts';
import { fits, KeptLesson, type Kept } from './kept-lesson.ts';
import { DEFAULTS, planLesson, PlanError, type Sample } from '../../lesson-plan.ts';
import { Abandoned, Run, type Judgement, type Labelled, type Progress, type RunState } from './run.ts';
import { RunView, type State } from './run-view.ts';
import { WeightsPanel } from './weights-panel.ts';

/** Test images that the network is judged by, unless `?sample=` says otherwise. */
const DEFAULT_SAMPLE = 500;

const root = element('finetune');
const lang = root.dataset['lang'] as Lang;
const setup = JSON.parse(root.dataset['setup']!) as Setup;
const t = (key: Parameters<typeof texts>[1], values?: Values) => texts(lang, key, values);
const parameters = new URLSearchParams(location.search);
const sampleSize = Math.min(
  setup.test.count,
  Math.max(1, Math.round(Number(parameters.get('sample'))) || DEFAULT_SAMPLE),
);

/** What the network has become; null for the published one. */
let taught: Weights | null = null;
let run: Run | null = null;
/** A lesson of an earlier visit that can go on. */
let left: Kept | null = null;
/** Settles when nothing is under way any more; never rejects. */
let underWay: Promise<void> = Promise.resolve();
/** Counts what the reader asks for: a lesson that waits to begin is dropped when something else is asked for. */
let asked = 0;

// ---- Parts of the page

const message = element('message');

function say(text: string): void {
  message.textContent = text;
  message.hidden = false;
}

function hush(): void {
  message.hidden = true;
}

function announce(text: string): void {
  element('announcement').textContent = text;
}

const hand = new Hand(lang, {
  onEdit(kept) {
    hush();
    if (!kept) say(t('noStorage'));
    form.showPlan();
  },
  onOthersEdit: () => form.showPlan(),
  onEmptyPad: () => say(t('emptyPad')),
});

const form = new ChoicesForm(lang, () => hand.drawings, {
  onTask() {
    hush();
    left = null;
  },
  // What has failed may go on as it was; who chooses anew begins anew.
  onSetting: () => (left = null),
});

const modelSelect = element<HTMLSelectElement>('model');
const chosenModel = () => setup.models.find(({ id }) => id === modelSelect.value) ?? setup.models[0]!;
/** The model that the address asks for. */
const wanted = parameters.get('model');
const known = setup.models.find(({ id }) => id === wanted);
modelSelect.addEventListener('change', () => {
  showModel(chosenModel().id);
  reset();
});

function showModel(id: string): void {
  modelSelect.value = id;
  showAbout(root, id);
}

const view = new RunView(lang);
const kept = new KeptLesson(() => say(t('progressFailed')));
const weightsPanel = new WeightsPanel(
  lang,
  () => ({ architecture: chosenModel().architecture, weights: taught }),
  (weights) => {
    taught = weights;
    left = null;
    showState('idle', t('idle'));
  },
);

function showState(state: State, text: string): void {
  view.show(state, text);
  const busy = state === 'preparing' || state === 'training' || state === 'paused';
  form.disabled = modelSelect.disabled = busy;
  weightsPanel.show(busy);
}

/** While nothing is under way. */
function showRest(): void {
  if (left) {
    const { judgements, task } = left.progress;
    const epoch = judgements.at(-1)?.epoch ?? 0;
    showState('paused', t('restored', { epoch, epochs: task.lesson.epochs }));
  } else showState('idle', t('idle'));
}

const placeOf = (run: Run) => ({
  epoch: Math.min(run.epoch + 1, run.task.lesson.epochs),
  epochs: run.task.lesson.epochs,
  step: run.step,
  steps: run.totalSteps,
});

/** Once the images are there. */
let comparison: ComparisonView | null = null;

const answersOf = (judgement: Judgement | undefined): Answers | null =>
  judgement ? { predicted: judgement.predicted, accuracy: judgement.testAccuracy } : null;

function compare({ judgements }: { judgements: readonly Judgement[] }): void {
  const [first, last] = [judgements[0], judgements.at(-1)];
  comparison?.show(answersOf(first), last !== first ? answersOf(last) : null);
}

// ---- Images

interface Images {
  readonly test: Labelled;
  readonly sample: Sample;
}

/** The test sample and the training images. */
const loadImages = once(async (): Promise<Images> => {
  const [test, sample] = [new ImageSheets(setup.test), new ImageSheets(setup.sample)];
  const [testLabels, sampleLabels, sampleImages] = await Promise.all([
    test.labels(),
    sample.labels(),
    sample.all(),
  ]);
  const testImages = new Uint8Array(sampleSize * IMAGE_PIXELS);
  for (let id = 0; id < sampleSize; id++) testImages.set(await test.image(id), id * IMAGE_PIXELS);
  const labels = testLabels.slice(0, sampleSize);
  comparison = new ComparisonView(lang, labels);
  return { test: { images: testImages, labels }, sample: { images: sampleImages, labels: sampleLabels } };
});

// ---- The run

const requested = parameters.get('backend');
const engine = new Engine({
  forced: isWebBackend(requested) ? requested : null,
  onNotice: ({ type }) => showPreparing(t(type === 'choosing' ? 'choosing' : 'loading')),
  onPreparing: ({ done, total }) => showPreparing(t('preparingImages', { done, total })),
});

function showPreparing(text: string): void {
  if (view.state === 'preparing') view.text = text;
}

function keepProgress(progress: Progress, done: Weights | null = null): Promise<void> {
  return kept.keep({ choices: form.choices, progress, taught: done });
}

/** @param single do one step and wait */
async function start(single: boolean): Promise<void> {
  hush();
  if (run) {
    run.continue(single);
    return;
  }
  if (view.state === 'preparing') return;
  const mine = ++asked;
  const dropped = () => mine !== asked;
  showState('preparing', t('preparing'));
  let loaded: Images;
  try {
    loaded = await loadImages();
  } catch (error) {
    console.info(error);
    if (!dropped()) showFault('noImages');
    return;
  }
  await underWay;
  if (!dropped()) underWay = begin(loaded, single, dropped);
}

async function begin({ test, sample }: Images, single: boolean, dropped: () => boolean): Promise<void> {
  const locked = await kept.lock();
  try {
    if (dropped()) return;
    if (!locked) {
      showRest();
      say(t('otherTab'));
      return;
    }
    const progress = left?.progress ?? planned(sample);
    left = null;
    await carryOut(progress, test, single);
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    showFault(error.fault);
  } finally {
    kept.unlock();
  }
}

/** The lesson cannot begin. */
function showFault(why: Parameters<typeof texts>[1]): void {
  showState('error', t('failed'));
  say(t(why));
}

function planned(sample: Sample): Progress {
  const { lesson, own } = planLesson(form.choices, hand.drawings, sample, IMAGE_PIXELS);
  return {
    task: { model: chosenModel(), lesson, own, weights: taught },
    state: null,
    steps: [],
    judgements: [],
  };
}

async function carryOut(progress: Progress, test: Labelled, single: boolean): Promise<void> {
  const current = new Run(
    engine,
    progress,
    test,
    {
      onState: (state) => showRun(current, state),
      onBackend: (backend) => view.showBackend(backend),
      onStep(going) {
        view.showPlace(going);
        view.drawCurves(going);
        if (view.state === 'training') view.text = t('training', placeOf(going));
      },
      async onJudgement(going, judgement) {
        view.showPlace(going);
        view.drawCurves(going);
        compare(going);
        // From the beginning: a tab that is closed in its first epoch offers to go on as well.
        if (judgement.epoch === 0) void keepProgress(going.progress);
        await hand.ask(engine);
        announce(t('training', placeOf(going)));
      },
      onEpoch: (going) => void keepProgress(going.progress),
      onMoved: (from, to, epoch) =>
        say(from && from !== to ? t('moved', { from, to, epoch }) : t('revived', { to, epoch })),
    },
    single,
  );
  run = current;
  try {
    const weights = await current.run();
    if (run !== current) return;
    taught = weights;
    run = null;
    // What is called done outlives the page, if the browser lets it.
    await keepProgress({ ...current.progress, state: null }, taught);
    const finished = current.epoch === current.task.lesson.epochs;
    showState('done', finished ? t('done', { epochs: current.epoch }) : t('stopped', { step: current.step }));
  } catch (error) {
    if (error instanceof Abandoned) return;
    run = null;
    await showFailure(current, error);
  }
  announce(view.text);
}

function showRun(current: Run, state: RunState): void {
  if (run !== current) return;
  if (state === 'preparing') showState('preparing', t('preparing'));
  if (state === 'training') showState('training', t('training', placeOf(current)));
  if (state === 'paused') {
    showState('paused', t('paused', placeOf(current)));
    keepNow(current);
  }
}

/** Keeps a run up to its last step, unless it is over before that is known: then its end is what is kept. */
function keepNow(going: Run): void {
  const keep = (progress: Progress) => (run === going ? keepProgress(progress) : undefined);
  void going.progressNow().then(keep, () => undefined);
}

/** The weights are those that the worker went back to, or that the last epoch left. */
async function showFailure(failed: Run, error: unknown): Promise<void> {
  console.info(error);
  await kept.forget();
  if (error instanceof LessonFailure && error.fault === 'diverged') {
    taught = await engine.weights().catch(() => failed.task.weights);
    const { epoch } = failed;
    if (epoch === 0 && !failed.task.weights) taught = null;
    compare(failed);
    showState('error', t('failed'));
    say(epoch ? t('diverged', { epoch }) : t('divergedAtOnce'));
    return;
  }
  if (failed.progress.state) {
    left = { choices: form.choices, progress: failed.progress, taught: null };
    void keepProgress(failed.progress);
  }
  showState('error', t('failed'));
  if (error instanceof EngineFailure) say(t(FAILURES[error.failure], { ...error.fault }));
  else say(t('failStopped'));
}

element('start').addEventListener('click', () => void start(false));
element('step').addEventListener('click', () => void start(true));
element('pause').addEventListener('click', () => run?.pause());
element('stop').addEventListener('click', stop);
element('reset').addEventListener('click', reset);

function stop(): void {
  if (run?.judgements.length) {
    run.stop();
    return;
  }
  if (run) {
    // Nothing is learned yet.
    run.abandon();
    run = null;
    showState('idle', t('idle'));
    return;
  }
  if (view.state === 'preparing') {
    // It waits for its images; what was left of an earlier one stays.
    asked++;
    showRest();
    return;
  }
  if (!left) return;
  // It was left in an earlier visit and is not to go on.
  taught = left.progress.task.weights;
  left = null;
  void kept.forget();
  showState('idle', t('idle'));
}

/** Back to the published network; drawings stay. */
function reset(): void {
  hush();
  const mine = ++asked;
  const stopped = run;
  run = left = null;
  taught = null;
  stopped?.abandon();
  underWay = underWay.then(async () => {
    hand.forgetAnswers();
    await kept.forget();
    view.clear();
    weightsPanel.clear();
    comparison?.show(null, null);
    if (mine === asked) showState('idle', t('idle'));
  });
}

// A tab that is hidden may be closed without another word.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden' && run?.step) keepNow(run);
});

/** Shows what an earlier visit left, and says what of it, or of the address, cannot be had. */
async function resume(): Promise<void> {
  const earlier = await kept.read();
  if (run || view.state !== 'idle') return;
  const outdated = earlier && !fits(earlier, setup.models);
  if (earlier && !outdated) showEarlier(earlier);
  const sentences: string[] = [];
  if (outdated) sentences.push(t('outdated'));
  if (wanted !== null && !known) {
    const name = modelSelect.selectedOptions[0]!.dataset['name']!;
    sentences.push(t('unknownModel', { id: wanted, name }));
  }
  if (sentences.length) say(sentences.join(' '));
  if (outdated) await kept.forget();
}

function showEarlier(earlier: Kept): void {
  const { choices, progress } = earlier;
  showModel(progress.task.model.id);
  form.show(choices);
  view.showPosition(progress.judgements.at(-1)?.epoch ?? 0, progress.steps.at(-1)?.step ?? 0);
  if (earlier.taught) {
    taught = earlier.taught;
    showState('done', t('restoredDone'));
  } else {
    left = earlier;
    showRest();
  }
  // Where the images do not come, the comparison comes when they do.
  loadImages().then(
    () => compare(progress),
    () => undefined,
  );
}

form.show({ task: 'hand', ...DEFAULTS.hand });
showState('idle', t('idle'));
if (known) showModel(known.id);
element('test-series').textContent = t('testSeries', { count: sampleSize });
void resume();
