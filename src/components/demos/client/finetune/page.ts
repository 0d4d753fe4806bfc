/** The page on which the network is taught: the choices, the lesson under way, and its result. */
import { ImageSheets } from '../../../../client/image-set.ts';
import { once } from '../../../../client/loading.ts';
import { CLASS_COUNT, IMAGE_PIXELS } from '../../../../data/dataset.ts';
import type { ImageSet } from '../../../../data/sprites.ts';
import { Engine } from '../../../../engines/web/client.ts';
import { finetune as texts } from '../../../../i18n/finetune.ts';
import { number } from '../../../../i18n/format.ts';
import { LANGUAGES } from '../../../../i18n/languages.ts';
import { className, classNames, longName, shortName } from '../../../../i18n/site.ts';
import { architectureOf, classCount } from '../../../../network/architecture.ts';
import type { LessonSetup } from '../../../../site/demo-setup.ts';
import {
  LESSONS,
  type LessonName,
  type LabelledImages,
  type SetName,
  setsOf,
} from '../../../../training/lessons.ts';
import { readPage, selectedName, showBackend, showDescription, wordsIn } from '../demo-page.ts';
import { element, showText } from '../dom.ts';
import { createBeforeAfter } from './before-after.ts';
import { createChoicesForm, isTouched } from './choices-form.ts';
import { createDrawingsPanel } from './drawings-panel.ts';
import { createLessonControl, type LessonState } from './lesson-control.ts';
import { createLessonStore, type RunResult } from './lesson-store.ts';
import { createLessonView } from './lesson-view.ts';
import { createWatch } from './watch.ts';
import { weightsHash } from './weight-files.ts';
import { createWeightsPanel } from './weights-panel.ts';

/** Test images that the network is evaluated on, unless `?sample=` says otherwise. */
const DEFAULT_SAMPLE = 500;

/** The value of the choice to begin with the reader's own network. */
const TAUGHT = 'taught';

/** Gives the teaching page its behaviour. */
export function startFinetunePage(root: HTMLElement): void {
  const { lang, setup, parameters, backend } = readPage<LessonSetup>(root);
  const words = wordsIn(lang, texts);
  const { t } = words;
  const wantedSample = Math.round(Number(parameters.get('sample'))) || DEFAULT_SAMPLE;
  const sampleSize = Math.min(setup.test.count, Math.max(1, wantedSample));

  const say = (text: string | null) => showText(element('message'), text);

  // ---- What is to be learned

  /** Whether the reader has chosen anything: what an earlier visit has left does not undo it. */
  let touched = false;

  const modelSelect = element<HTMLSelectElement>('model');
  const own = () => (modelSelect.value === TAUGHT ? control.taught : null);
  const model = () =>
    own()?.model ?? setup.models.find(({ id }) => id === modelSelect.value) ?? setup.models[0]!;
  function showModel(id: string): void {
    modelSelect.value = id;
    showDescription(root, model().id);
    form.showPlan();
    showBeginning();
  }
  /** @param hash of weights that are not published */
  function showBeginning(hash?: string): void {
    const { fresh } = LESSONS[task()];
    const { id, files } = model();
    const [, published] = Object.entries(files).find(([name]) => name.endsWith('.bin'))!;
    const name = fresh ? t('randomWeights') : own() ? t('taughtModel') : t('publishedWeights', { name: id });
    const known = fresh || own() ? hash : published.sha256;
    const values = { name, hash: known?.slice(0, 8) ?? '' };
    element('begins').textContent = t(known ? 'beginsWithHash' : 'beginsWith', values);
  }
  const task = () => element<HTMLSelectElement>('task').value as LessonName;
  const hats = imagesOf(Uint8Array.from(atob(setup.hats), (character) => character.charCodeAt(0)));
  const drawings = createDrawingsPanel(
    words,
    hats.map((pixels) => ({ label: CLASS_COUNT, pixels })),
    task,
    {
      onEdit(stored) {
        say(stored ? null : t('noStorage'));
        form.showPlan();
        control.dropUnfinished();
      },
      onEditElsewhere: () => form.showPlan(),
      onProblem: say,
    },
  );
  const imageSets: Record<SetName, ImageSet> = { ...setup.sets, sample: setup.sample };
  const counts = Object.fromEntries(
    Object.entries(imageSets).map(([name, { count }]) => [name, count]),
  ) as Record<SetName, number>;
  // In every language: a class that is there already is not to be added under its other name.
  const names = LANGUAGES.flatMap((each) =>
    classNames(each).flatMap((name, label) => [name, longName(label, each), shortName(label, each)]),
  );
  const form = createChoicesForm(
    words,
    () => ({
      drawn: drawings.drawings.map(({ label }) => label),
      counts,
      names,
      outputs: classCount(architectureOf(model().architecture, own()?.weights ?? {})),
    }),
    {
      onTask() {
        touched = true;
        say(null);
        drawings.show();
        showBeginning();
        control.dropUnfinished();
      },
      onSetting() {
        touched = true;
        control.dropUnfinished();
      },
    },
  );
  modelSelect.addEventListener('change', () => {
    touched = true;
    showModel(modelSelect.value);
    control.dropUnfinished();
  });

  // ---- The lesson

  const engine = new Engine({
    forced: backend,
    training: true,
    onNotice: ({ type }) => control.showPreparing(t(type === 'choosing' ? 'choosing' : 'loading')),
    onPreparing: ({ done, total }) => control.showPreparing(t('preparingImages', { done, total })),
  });
  const view = createLessonView(words);
  const watch = createWatch(words, (label) =>
    label < CLASS_COUNT ? className(label, lang) : (form.choices.className?.trim() ?? ''),
  );
  const beforeAfter = createBeforeAfter(words);
  const store = createLessonStore(() => say(t('progressFailed')));
  const loadSet = Object.fromEntries(
    Object.entries(imageSets).map(([name, set]) => {
      // Fewer test images are enough where the address says so, the shirts among them.
      const count = name === 'shirts' && sampleSize < DEFAULT_SAMPLE ? sampleSize : set.count;
      return [name, once(() => load(set, count))];
    }),
  ) as Record<SetName, () => Promise<LabelledImages>>;
  const loadTest = once(() => load(setup.test, sampleSize));
  async function loadImages(lesson: LessonName) {
    const sets = setsOf(lesson).map(async (name) => [name, await loadSet[name]()] as const);
    return { test: await loadTest(), sets: Object.fromEntries(await Promise.all(sets)) };
  }
  /** Runs beside which the one under way is seen. */
  let beside: readonly RunResult[] = [];
  const inputs = {
    choices: () => form.choices,
    model,
    weights: () => own()?.weights ?? null,
    drawings: () => drawings.drawings,
    fault: () => form.fault(),
    touched: () => touched,
  };
  const control = createLessonControl(engine, store, loadImages, inputs, words, {
    onState: showState,
    onMessage: say,
    onBackend: (backend) => showBackend(lang, backend),
    onProgress(run) {
      view.showPlace(run);
      const before = form.choices.task === 'forget' ? beside.at(-1)?.evaluations : [];
      view.drawCurves(run, before);
    },
    onEvaluations(current, measured, test, earlier) {
      beside = earlier;
      const runs = [...earlier, current];
      view.showGain(current.choices.task === 'forget' ? runs : [current]);
      watch.begin(measured);
      beforeAfter.show(runs, measured, test);
    },
    async onEvaluated(run) {
      const weights = await engine.weights();
      watch.show(run, weights);
      const { model, lesson, weights: taught } = run.task;
      if (run.epoch === 0 && (lesson.fresh || taught))
        showBeginning(await weightsHash(model.architecture, weights));
      await drawings.predict(engine);
    },
    onAnnouncement: (text) => (element('announcement').textContent = text),
    onRestored({ choices, progress: { task, judgements, steps } }) {
      form.show(choices);
      showModel(task.model.id);
      drawings.show();
      view.showPosition(judgements.at(-1)?.epoch ?? 0, steps.at(-1)?.step ?? 0);
    },
    onReset() {
      drawings.clearPredictions();
      view.clear();
      watch.clear();
      weights.clear();
      beforeAfter.clear();
    },
  });
  function showState(state: LessonState, text: string): void {
    view.show(state, text);
    const busy = state === 'preparing' || state === 'training' || state === 'paused';
    offerTaught();
    form.setDisabled(busy);
    modelSelect.disabled = busy;
    weights.show(busy);
  }
  /** The reader's own network can be begun with once there is one. */
  function offerTaught(): void {
    const option = element<HTMLOptionElement>('taught');
    option.hidden = option.disabled = !control.taught;
    if (!control.taught && modelSelect.value === TAUGHT) showModel(setup.models[0]!.id);
  }
  element('start').addEventListener('click', () => {
    void control.start(false);
    view.bringIntoSight();
  });
  element('step').addEventListener('click', () => void control.start(true));
  element('pause').addEventListener('click', control.pause);
  element('stop').addEventListener('click', control.stop);
  element('reset').addEventListener('click', control.reset);
  // A tab that is hidden may be closed without notice.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') control.save();
  });

  // ---- What it has led to

  const weights = createWeightsPanel(
    words,
    () => control.taught,
    model,
    (taught) => {
      control.adopt(taught);
      if (taught.className !== null) element<HTMLInputElement>('class-name').value = taught.className;
      showModel(TAUGHT);
    },
  );

  // ---- The beginning

  const wanted = parameters.get('model');
  const known = setup.models.some(({ id }) => id === wanted);
  const chosen = isTouched(modelSelect);
  touched ||= form.early || chosen;
  // What the reader has chosen by now goes before what the address asks for.
  showModel(known && !chosen ? wanted! : modelSelect.value);
  drawings.show();
  showState('idle', t('idle'));
  element('test-series').textContent = t('testSeries', { count: number(lang, sampleSize) });
  const unknown =
    wanted === null || known ? null : t('unknownModel', { id: wanted, name: selectedName(modelSelect) });
  void control.restore(setup.models, unknown);
}

/** Images of 28×28 bytes one after another, one by one. */
const imagesOf = (bytes: Uint8Array): Uint8Array[] =>
  Array.from({ length: bytes.length / IMAGE_PIXELS }, (_, n) =>
    bytes.subarray(n * IMAGE_PIXELS, (n + 1) * IMAGE_PIXELS),
  );

/** The first images of a set, with their classes. */
async function load(set: ImageSet, count: number): Promise<LabelledImages> {
  const sheets = new ImageSheets(set);
  const labels = await sheets.labels();
  const images = new Uint8Array(count * IMAGE_PIXELS);
  for (let id = 0; id < count; id++) images.set(await sheets.image(id), id * IMAGE_PIXELS);
  return { images, labels: labels.slice(0, count) };
}
