/** Behaviour of the page on which the network is taught: choices in, a run of the lesson, what it comes to. */
import { CLASSES } from '../../../data/classes.ts';
import { IMAGE_PIXELS } from '../../../data/files.ts';
import { Engine, EngineFailure, LessonFailure } from '../../../engines/web/client.ts';
import { read, remove, write } from '../../../engines/web/database.ts';
import { isKept, keepNetwork, MINE } from '../../../engines/web/kept.ts';
import { isBackendName, type Chosen } from '../../../engines/web/protocol.ts';
import { finetune as texts } from '../../../i18n/finetune.ts';
import type { Lang } from '../../../i18n/languages.ts';
import { prepare } from '../../../model/drawing.ts';
import type { Weights } from '../../../model/architecture.ts';
import { predictedClasses } from '../../../model/metrics.ts';
import { PAD, rasterise } from '../../../model/strokes.ts';
import { drawLearning, learningGeometry } from '../../charts/learning.ts';
import { WIDTHS } from '../../charts/svg.ts';
import { Drawing } from '../draw/drawing.ts';
import { percent } from '../draw/format.ts';
import { Pad } from '../draw/pad.ts';
import { Sheets } from '../draw/sheets.ts';
import { restore } from '../draw/storage.ts';
import { greyCanvas } from '../draw/thumbnail.ts';
import { ComparisonView, type Answers } from './comparison-view.ts';
import { isAboutDrawings, readDrawings, writeDrawings, type LabelledDrawing } from './drawings.ts';
import {
  DEFAULTS,
  HIGH_LEARNING_RATE,
  planLesson,
  PlanError,
  replayCount,
  type Choices,
  type Sample,
  type TaskName,
} from './lesson-plan.ts';
import { Abandoned, Run, type Judgement, type Labelled, type Progress, type RunState } from './run.ts';
import { element, FAILURES } from '../page-parts.ts';
import type { Setup } from '../setup.ts';
import { downloadNetwork, readNetwork, UploadError } from './weight-files.ts';

type State = 'idle' | 'preparing' | 'training' | 'paused' | 'done' | 'error';
type Text = Parameters<typeof texts>[1];

/** Test images that the network is judged by, unless `?sample=` says otherwise. */
const DEFAULT_SAMPLE = 500;
/** Where a lesson is kept from one visit to the next. */
const PROGRESS = 'lesson';
/** The lock that only one tab holds. */
const LOCK = 'fashion-mnist-report/lesson';
/** Fewer drawings of a class than this may be learned by heart. */
const FEW = 3;

/** A lesson as it is kept: with the choices that led to it, and what it came to once it is done. */
interface Kept {
  readonly choices: Choices;
  readonly progress: Progress;
  readonly taught: Weights | null;
}

const root = element('finetune');
const lang = root.dataset['lang'] as Lang;
const setup = JSON.parse(root.dataset['setup']!) as Setup;
const t = (key: Text, values?: Parameters<typeof texts>[2]) => texts(lang, key, values);
const parameters = new URLSearchParams(location.search);
const sampleSize = Math.min(
  setup.test.count,
  Math.max(1, Math.round(Number(parameters.get('sample'))) || DEFAULT_SAMPLE),
);

// ---- The reader's drawings

let drawings = readDrawings();
/** What the network said of each when it was asked last. */
let answers: { label: number; probability: number }[] = [];
const drawing = new Drawing();
const pad = new Pad(
  element<HTMLCanvasElement>('pad'),
  drawing,
  { tool: 'brush', size: 28, ink: 210, mirror: false, fillClosed: true },
  showPadButtons,
);

function showPadButtons(): void {
  element<HTMLButtonElement>('undo').disabled = element<HTMLButtonElement>('clear').disabled =
    !drawing.canUndo;
}

element('undo').addEventListener('click', () => {
  drawing.undo();
  pad.show();
  showPadButtons();
});
element('clear').addEventListener('click', clearPad);

function clearPad(): void {
  drawing.replace([]);
  pad.show();
  showPadButtons();
}

const chosenLabel = (): number => Number(element<HTMLSelectElement>('label').value);

element('add').addEventListener('click', () => {
  const pixels = prepare({ width: PAD, height: PAD, pixels: drawing.pixels });
  if (!pixels) {
    say(t('emptyPad'));
    return;
  }
  addDrawing({ label: chosenLabel(), pixels });
  clearPad();
});

/** The drawing of the drawing page, if there is one. */
const drawnElsewhere = prepare(rasterise(restore()));
if (drawnElsewhere) {
  element('drawn-elsewhere').hidden = false;
  const context = element<HTMLCanvasElement>('drawn-elsewhere-image').getContext('2d')!;
  context.drawImage(greyCanvas(drawnElsewhere), 0, 0);
  element('add-elsewhere').addEventListener('click', () => {
    addDrawing({ label: chosenLabel(), pixels: drawnElsewhere });
    element('drawn-elsewhere').hidden = true;
  });
}

function addDrawing(added: LabelledDrawing): void {
  changeDrawings([...drawings, added]);
}

function changeDrawings(changed: LabelledDrawing[]): void {
  hush();
  drawings = changed;
  answers = [];
  if (!writeDrawings(drawings)) say(t('noStorage'));
  showDrawings();
  showPlan();
}

window.addEventListener('storage', (event) => {
  if (!isAboutDrawings(event)) return;
  drawings = readDrawings();
  answers = [];
  showDrawings();
  showPlan();
});

function showDrawings(): void {
  element('drawings-none').hidden = drawings.length > 0;
  element('drawings-help').hidden = drawings.length === 0;
  element('drawings').replaceChildren(
    ...drawings.map(({ label, pixels }, n) => {
      const item = document.createElement('li');
      const name = CLASSES[label]![lang];
      const picture = greyCanvas(pixels);
      picture.setAttribute('role', 'img');
      picture.setAttribute('aria-label', name);
      const removal = document.createElement('button');
      removal.type = 'button';
      removal.textContent = '×';
      removal.setAttribute('aria-label', t('remove', { n: n + 1, name }));
      removal.addEventListener('click', () => changeDrawings(drawings.filter((_, i) => i !== n)));
      const truth = document.createElement('span');
      truth.textContent = name;
      item.append(picture, removal, truth);
      const said = answers[n];
      if (said) {
        const answer = document.createElement('span');
        answer.className = said.label === label ? 'right' : 'wrong';
        answer.textContent = t('says', {
          name: CLASSES[said.label]![lang],
          share: percent(lang, said.probability),
        });
        item.dataset['answer'] = String(said.label);
        item.append(answer);
      }
      return item;
    }),
  );
}

/** Asks what the network being taught says of the drawings now. */
async function askOfDrawings(): Promise<void> {
  const asked = drawings;
  if (!asked.length) return;
  const images = new Uint8Array(asked.length * IMAGE_PIXELS);
  asked.forEach(({ pixels }, n) => images.set(pixels, n * IMAGE_PIXELS));
  const probabilities = await engine.ask(images);
  if (asked !== drawings) return;
  answers = [...predictedClasses(probabilities, CLASSES.length)].map((label, n) => ({
    label,
    probability: probabilities[n * CLASSES.length + label]!,
  }));
  showDrawings();
}

// ---- Choices

const field = (id: string) => element<HTMLInputElement>(id);

function choices(): Choices {
  return {
    task: element<HTMLSelectElement>('task').value as TaskName,
    mode: element<HTMLSelectElement>('mode').value as Choices['mode'],
    epochs: field('epochs').valueAsNumber,
    learningRate: field('lr').valueAsNumber,
    batchSize: field('batch').valueAsNumber,
    augment: field('augment').checked,
    replay: field('replay').valueAsNumber,
    perClass: Math.max(1, field('per-class').valueAsNumber || 1),
  };
}

function showChoices({ task, ...others }: Choices): void {
  element<HTMLSelectElement>('task').value = task;
  element<HTMLSelectElement>('mode').value = others.mode;
  field('epochs').valueAsNumber = others.epochs;
  field('lr').valueAsNumber = others.learningRate;
  field('batch').valueAsNumber = others.batchSize;
  field('augment').checked = others.augment;
  field('replay').valueAsNumber = others.replay;
  field('per-class').valueAsNumber = others.perClass;
  for (const part of root.querySelectorAll<HTMLElement>('[data-task]')) {
    part.hidden = !part.dataset['task']!.split(' ').includes(task);
  }
  showPlan();
}

/** What the choices come to in images, and what may go wrong with them. */
function showPlan(): void {
  const chosen = choices();
  field('replay-value').value = percent(lang, chosen.replay);
  const own =
    chosen.task === 'hand'
      ? drawings.length
      : chosen.perClass * (chosen.task === 'scratch' ? CLASSES.length : 1);
  const replayed = replayCount(own, chosen.replay);
  element('plan').textContent = own ? t('plan', { count: own + replayed, own, replayed }) : '';
  const counts = new Map<number, number>();
  for (const { label } of drawings) counts.set(label, (counts.get(label) ?? 0) + 1);
  const few = chosen.task === 'hand' && [...counts.values()].some((count) => count < FEW);
  const warning = chosen.learningRate > HIGH_LEARNING_RATE ? t('highRate') : few ? t('fewPerClass') : '';
  element('warning').textContent = warning;
  element('warning').hidden = !warning;
}

element('task').addEventListener('change', () => {
  const { task } = choices();
  hush();
  left = null;
  showChoices({ task, ...DEFAULTS[task] });
});
for (const id of ['mode', 'epochs', 'lr', 'batch', 'augment', 'replay', 'per-class']) {
  element(id).addEventListener('input', () => {
    // What has failed may go on as it was; who chooses anew begins anew.
    left = null;
    showPlan();
  });
}

const modelSelect = element<HTMLSelectElement>('model');
const wanted = parameters.get('model');
if (wanted !== null && setup.models.some(({ id }) => id === wanted)) modelSelect.value = wanted;
const chosenModel = () => setup.models.find(({ id }) => id === modelSelect.value) ?? setup.models[0]!;
modelSelect.addEventListener('change', () => {
  for (const about of root.querySelectorAll<HTMLElement>('[data-about]')) {
    about.hidden = about.dataset['about'] !== chosenModel().id;
  }
  void reset();
});

// ---- What the page says

const status = element('status');
const message = element('message');
const startButton = element<HTMLButtonElement>('start');
const pauseButton = element<HTMLButtonElement>('pause');
const stepButton = element<HTMLButtonElement>('step');
const stopButton = element<HTMLButtonElement>('stop');
const progressBar = element<HTMLProgressElement>('progress');

function say(text: string): void {
  message.textContent = text;
  message.hidden = false;
}

function hush(): void {
  message.hidden = true;
}

function showState(state: State, text: string): void {
  status.dataset['state'] = state;
  status.textContent = text;
  const busy = state === 'preparing' || state === 'training';
  startButton.disabled = busy;
  startButton.textContent = startButton.dataset[state === 'paused' ? 'continue' : 'start']!;
  stepButton.disabled = busy;
  pauseButton.disabled = state !== 'training';
  stopButton.disabled = !(busy || state === 'paused');
  for (const id of ['task', 'mode', 'epochs', 'lr', 'batch', 'augment', 'replay', 'per-class', 'model']) {
    field(id).disabled = busy || state === 'paused';
  }
  element<HTMLButtonElement>('keep').disabled = element<HTMLButtonElement>('download').disabled = !taught;
  field('upload').disabled = busy || state === 'paused';
  element('own-weights').hidden = !taught;
}

/** While nothing is under way. */
function showRest(): void {
  if (left) {
    const { judgements, task } = left.progress;
    const epoch = judgements.at(-1)?.epoch ?? 0;
    showState('paused', t('restored', { epoch, epochs: task.lesson.epochs }));
  } else showState('idle', t('idle'));
}

function announce(text: string): void {
  element('announcement').textContent = text;
}

/** Where a run is. */
function showPlace(run: Run): void {
  status.dataset['epoch'] = String(run.epoch);
  status.dataset['step'] = String(run.step);
  status.dataset['tensors'] = String(run.memory.tensors);
  status.dataset['loss'] = String(run.steps.at(-1)?.loss ?? '');
  progressBar.value = run.totalSteps ? run.step / run.totalSteps : 0;
  const number = (value: number) =>
    new Intl.NumberFormat(lang, { maximumSignificantDigits: 2 }).format(value);
  const { imagesPerSecond, secondsLeft } = run;
  element('speed').textContent =
    imagesPerSecond === null ? '—' : t('imagesPerSecond', { value: number(imagesPerSecond) });
  element('left').textContent =
    secondsLeft === null
      ? '—'
      : secondsLeft < 100
        ? t('seconds', { value: Math.round(secondsLeft) })
        : t('minutes', { value: number(secondsLeft / 60) });
}

const placeOf = (run: Run) => ({
  epoch: Math.min(run.epoch + 1, run.task.lesson.epochs),
  epochs: run.task.lesson.epochs,
  step: run.step,
  steps: run.totalSteps,
});

function showBackend({ name, device }: Chosen): void {
  const place = element('backend');
  place.dataset['backend'] = name;
  place.textContent = [name, device && `(${device})`].filter(Boolean).join(' ');
}

// ---- Charts and comparison

let drawn = 0;
/** Draws the curves at the next frame; in between nobody would see them. */
function drawCurves(run: Run): void {
  drawn ||= requestAnimationFrame(() => {
    drawn = 0;
    const { totalSteps, stepsPerEpoch, steps, judgements } = run;
    if (!totalSteps) return;
    const data = { totalSteps, stepsPerEpoch, steps, epochs: judgements };
    const svg = element('curves');
    const width = svg.clientWidth < 500 ? WIDTHS.narrow : WIDTHS.wide;
    const { height, content } = drawLearning(learningGeometry(data, width), lang);
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
    svg.innerHTML = content;
  });
}

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
let images: Promise<Images> | null = null;

/** The test sample and the training images; asked for again after a failure. */
function loadImages(): Promise<Images> {
  return (images ??= (async () => {
    const [test, sample] = [new Sheets(setup.test), new Sheets(setup.sample)];
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
  })().catch((error: unknown) => {
    images = null;
    throw error;
  }));
}

// ---- The run

const requested = parameters.get('backend');
const engine = new Engine({
  forced: isBackendName(requested) ? requested : null,
  onNotice: ({ type }) => showPreparing(t(type === 'choosing' ? 'choosing' : 'loading')),
  onPreparing: ({ done, total }) => showPreparing(t('preparingImages', { done, total })),
});

function showPreparing(text: string): void {
  if (status.dataset['state'] === 'preparing') status.textContent = text;
}

/** What the network has become; null for the published one. */
let taught: Weights | null = null;
let run: Run | null = null;
/** A lesson of an earlier visit that can go on. */
let left: Kept | null = null;
/** Lets the lock go, while it is held. */
let release: (() => void) | null = null;
/** Settles when nothing is under way any more. */
let underWay: Promise<void> = Promise.resolve();
let progressKept = true;

/** Only one tab trains at a time: two would halve each other's speed and overwrite each other's progress. */
function acquire(): Promise<boolean> {
  if (release) return Promise.resolve(true);
  if (!navigator.locks) return Promise.resolve(true); // Not on a page that is not served over https.
  return new Promise((resolve) => {
    void navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      if (!lock) return undefined;
      return new Promise<void>((held) => (release = held));
    });
  });
}

function letGo(): void {
  release?.();
  release = null;
}

/** Whether what is kept is another tab's, which has not done with it. */
async function isAnothers(): Promise<boolean> {
  if (release || !navigator.locks) return false;
  const { held } = await navigator.locks.query();
  return held?.some(({ name }) => name === LOCK) ?? false;
}

/** What is to be kept next; of several that come while one is being written, only the last. */
let toKeep: Kept | null = null;
let keeping: Promise<void> | null = null;

/** Keeps a lesson, beside the training: writing so much can take longer than an epoch. */
function keepProgress(progress: Progress, done: Weights | null = null): Promise<void> {
  toKeep = { choices: choices(), progress, taught: done };
  return (keeping ??= writeProgress().finally(() => (keeping = null)));
}

async function writeProgress(): Promise<void> {
  try {
    while (toKeep) {
      const kept = toKeep;
      toKeep = null;
      await write(PROGRESS, kept);
      progressKept = true;
    }
  } catch {
    if (progressKept) say(t('progressFailed'));
    progressKept = false;
  }
}

/** Nothing is left to go on with. */
async function forgetProgress(): Promise<void> {
  toKeep = null;
  await keeping;
  if (await isAnothers()) return;
  await remove(PROGRESS).catch(() => undefined);
}

/** @param single do one step and wait */
async function start(single: boolean): Promise<void> {
  hush();
  if (run) {
    run.continue(single);
    return;
  }
  if (status.dataset['state'] === 'preparing') return;
  showState('preparing', t('preparing'));
  await underWay;
  underWay = begin(single);
}

async function begin(single: boolean): Promise<void> {
  if (!(await acquire())) {
    showRest();
    say(t('otherTab'));
    return;
  }
  try {
    const { test, sample } = await loadImages();
    const progress = left?.progress ?? planned(sample);
    left = null;
    await carryOut(progress, test, single);
  } catch (error) {
    showState('error', t('failed'));
    if (error instanceof PlanError) say(t(error.fault));
    else say(t('noImages'));
    if (!(error instanceof PlanError)) console.info(error);
  } finally {
    letGo();
  }
}

function planned(sample: Sample): Progress {
  const { lesson, own } = planLesson(choices(), drawings, sample, IMAGE_PIXELS);
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
      onBackend: showBackend,
      onStep(going) {
        showPlace(going);
        drawCurves(going);
        if (status.dataset['state'] === 'training') status.textContent = t('training', placeOf(going));
      },
      async onJudgement(going, judgement) {
        showPlace(going);
        drawCurves(going);
        compare(going);
        // From the beginning: a tab that is closed in its first epoch offers to go on as well.
        if (judgement.epoch === 0) void keepProgress(going.progress);
        await askOfDrawings();
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
  announce(status.textContent ?? '');
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
  await forgetProgress();
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
    left = { choices: choices(), progress: failed.progress, taught: null };
    void keepProgress(failed.progress);
  }
  showState('error', t('failed'));
  say(t(error instanceof EngineFailure ? FAILURES[error.failure] : 'failStopped'));
}

startButton.addEventListener('click', () => void start(false));
stepButton.addEventListener('click', () => void start(true));
pauseButton.addEventListener('click', () => run?.pause());
stopButton.addEventListener('click', () => stop());
element('reset').addEventListener('click', () => void reset());

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
  if (!left) return;
  // It was left in an earlier visit and is not to go on.
  taught = left.progress.task.weights;
  left = null;
  void forgetProgress();
  showState('idle', t('idle'));
}

/** Back to the published network; drawings stay. */
async function reset(): Promise<void> {
  hush();
  const stopped = run;
  run = left = null;
  taught = null;
  stopped?.abandon();
  await underWay;
  answers = [];
  await forgetProgress();
  status.dataset['epoch'] = status.dataset['step'] = '0';
  progressBar.value = 0;
  element('left').textContent = element('speed').textContent = '—';
  element('curves').replaceChildren();
  element('curves').removeAttribute('viewBox');
  element('weights-message').textContent = '';
  comparison?.show(null, null);
  showDrawings();
  showState('idle', t('idle'));
}

// A tab that is hidden may be closed without another word.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden' && run?.step) keepNow(run);
});

// ---- Weights

const weightsMessage = element('weights-message');

element('keep').addEventListener('click', () => void keep());
async function keep(): Promise<void> {
  if (!taught) {
    weightsMessage.textContent = t('nothingTaught');
    return;
  }
  try {
    await keepNetwork(MINE, { architecture: chosenModel().architecture, weights: taught });
    weightsMessage.textContent = t('kept');
    element('use').hidden = false;
  } catch {
    weightsMessage.textContent = t('keepFailed');
  }
}

element('download').addEventListener('click', () => {
  if (taught) downloadNetwork(chosenModel().architecture, taught);
  else weightsMessage.textContent = t('nothingTaught');
});

field('upload').addEventListener('change', () => {
  const files = [...(field('upload').files ?? [])];
  field('upload').value = '';
  if (files.length) void upload(files);
});
async function upload(files: File[]): Promise<void> {
  try {
    taught = await readNetwork(chosenModel().architecture, files);
    weightsMessage.textContent = t('uploaded', { name: files.map(({ name }) => name).join(', ') });
    left = null;
    showState('idle', t('idle'));
  } catch (error) {
    if (!(error instanceof UploadError)) throw error;
    weightsMessage.textContent = t(error.fault, error.values);
  }
}

// ---- The beginning

/** Shows what an earlier visit left. */
async function resume(): Promise<void> {
  if (await isAnothers()) return;
  const kept = (await read(PROGRESS).catch(() => undefined)) as Kept | undefined;
  if (!kept || run || status.dataset['state'] !== 'idle') return;
  const { model } = kept.progress.task;
  if (!setup.models.some(({ id }) => id === model.id)) return;
  modelSelect.value = model.id;
  showChoices(kept.choices);
  const epoch = kept.progress.judgements.at(-1)?.epoch ?? 0;
  status.dataset['epoch'] = String(epoch);
  status.dataset['step'] = String(kept.progress.steps.at(-1)?.step ?? 0);
  if (kept.taught) {
    taught = kept.taught;
    showState('done', t('restoredDone'));
  } else {
    left = kept;
    showRest();
  }
  try {
    await loadImages();
    compare(kept.progress);
  } catch {
    // The comparison comes when the images do.
  }
}

showDrawings();
showChoices({ task: 'hand', ...DEFAULTS.hand });
showState('idle', t('idle'));
element('test-series').textContent = t('testSeries', { count: sampleSize });
void isKept(MINE).then((kept) => (element('use').hidden = !kept));
void resume();
