/** The page on which the network is taught: the choices, the lesson under way, and its result. */
import { ImageSheets } from '../../../../client/image-set.ts';
import { once } from '../../../../client/loading.ts';
import { IMAGE_PIXELS } from '../../../../data/dataset.ts';
import { Engine } from '../../../../engines/web/client.ts';
import { finetune as texts } from '../../../../i18n/demos.ts';
import type { Setup } from '../../../../site/demo-setup.ts';
import { DEFAULTS } from '../../lesson-plan.ts';
import { readPage, selectedName, showBackend, showDescription, wordsIn } from '../demo-page.ts';
import { element, showText } from '../dom.ts';
import { createBeforeAfter } from './before-after.ts';
import { createChoicesForm } from './choices-form.ts';
import { createDrawingsPanel } from './drawings-panel.ts';
import { createLessonControl, type Images, type LessonState } from './lesson-control.ts';
import { createLessonStore } from './lesson-store.ts';
import { createLessonView } from './lesson-view.ts';
import { createWeightsPanel } from './weights-panel.ts';

/** Test images that the network is evaluated on, unless `?sample=` says otherwise. */
const DEFAULT_SAMPLE = 500;

/** Gives the teaching page its behaviour. */
export function startFinetunePage(root: HTMLElement): void {
  const { lang, setup, parameters, backend } = readPage<Setup>(root);
  const words = wordsIn(lang, texts);
  const { t } = words;
  const wantedSample = Math.round(Number(parameters.get('sample'))) || DEFAULT_SAMPLE;
  const sampleSize = Math.min(setup.test.count, Math.max(1, wantedSample));

  const say = (text: string | null) => showText(element('message'), text);

  // ---- What is to be learned

  const drawings = createDrawingsPanel(words, {
    onEdit(stored) {
      say(stored ? null : t('noStorage'));
      form.showPlan();
    },
    onEditElsewhere: () => form.showPlan(),
    onEmptyPad: () => say(t('emptyPad')),
  });
  const form = createChoicesForm(words, () => drawings.drawings, {
    onTask() {
      say(null);
      control.dropUnfinished();
    },
    onSetting: () => control.dropUnfinished(),
  });
  const modelSelect = element<HTMLSelectElement>('model');
  const model = () => setup.models.find(({ id }) => id === modelSelect.value) ?? setup.models[0]!;
  function showModel(id: string): void {
    modelSelect.value = id;
    showDescription(root, id);
  }
  modelSelect.addEventListener('change', () => {
    showModel(model().id);
    control.reset();
  });

  // ---- The lesson

  const engine = new Engine({
    forced: backend,
    onNotice: ({ type }) => control.showPreparing(t(type === 'choosing' ? 'choosing' : 'loading')),
    onPreparing: ({ done, total }) => control.showPreparing(t('preparingImages', { done, total })),
  });
  const view = createLessonView(words);
  const beforeAfter = createBeforeAfter(words);
  const store = createLessonStore(() => say(t('progressFailed')));
  const loadImages = once(() => loadSets(setup, sampleSize));
  const inputs = { choices: () => form.choices, model, drawings: () => drawings.drawings };
  const control = createLessonControl(engine, store, loadImages, inputs, words, {
    onState: showState,
    onMessage: say,
    onBackend: (backend) => showBackend(lang, backend),
    onProgress(run) {
      view.showPlace(run);
      view.drawCurves(run);
    },
    onEvaluations: (evaluations, { labels }) => beforeAfter.show(evaluations, labels),
    onEvaluated: () => drawings.predict(engine),
    onAnnouncement: (text) => (element('announcement').textContent = text),
    onRestored({ choices, progress: { task, judgements, steps } }) {
      showModel(task.model.id);
      form.show(choices);
      view.showPosition(judgements.at(-1)?.epoch ?? 0, steps.at(-1)?.step ?? 0);
    },
    onReset() {
      drawings.clearPredictions();
      view.clear();
      weights.clear();
      beforeAfter.clear();
    },
  });
  function showState(state: LessonState, text: string): void {
    view.show(state, text);
    const busy = state === 'preparing' || state === 'training' || state === 'paused';
    form.setDisabled(busy);
    modelSelect.disabled = busy;
    weights.show(busy);
  }
  element('start').addEventListener('click', () => void control.start(false));
  element('step').addEventListener('click', () => void control.start(true));
  element('pause').addEventListener('click', control.pause);
  element('stop').addEventListener('click', control.stop);
  element('reset').addEventListener('click', control.reset);
  // A tab that is hidden may be closed without notice.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') control.save();
  });

  // ---- What it has led to

  const network = () => ({ architecture: model().architecture, weights: control.taught });
  const weights = createWeightsPanel(words, network, (uploaded) => control.adopt(uploaded));

  // ---- The beginning

  const wanted = parameters.get('model');
  const known = setup.models.some(({ id }) => id === wanted);
  if (known) showModel(wanted!);
  form.show({ task: 'hand', ...DEFAULTS.hand });
  showState('idle', t('idle'));
  element('test-series').textContent = t('testSeries', { count: sampleSize });
  const unknown =
    wanted === null || known ? null : t('unknownModel', { id: wanted, name: selectedName(modelSelect) });
  void control.restore(setup.models, unknown);
}

/** @param sampleSize so many of the test images */
async function loadSets(setup: Setup, sampleSize: number): Promise<Images> {
  const [test, sample] = [new ImageSheets(setup.test), new ImageSheets(setup.sample)];
  const [testLabels, sampleLabels, sampleImages] = await Promise.all([
    test.labels(),
    sample.labels(),
    sample.all(),
  ]);
  const testImages = new Uint8Array(sampleSize * IMAGE_PIXELS);
  for (let id = 0; id < sampleSize; id++) testImages.set(await test.image(id), id * IMAGE_PIXELS);
  return {
    test: { images: testImages, labels: testLabels.slice(0, sampleSize) },
    sample: { images: sampleImages, labels: sampleLabels },
  };
}
