/** Trains the report's network from random weights in the reader's browser, and draws its course into Figure 2. */
import { ImageSheets } from '../../../client/image-set.ts';
import { IMAGE_PIXELS } from '../../../data/dataset.ts';
import type { ImageSet } from '../../../data/sprites.ts';
import { isWebBackend } from '../../../engines/backends.ts';
import { Engine } from '../../../engines/web/client.ts';
import { LessonRun, type StepLoss } from '../../../engines/web/lesson-run.ts';
import { EngineError, type ModelSource } from '../../../engines/web/protocol.ts';
import { live as words } from '../../../i18n/live.ts';
import { duration, number, percent } from '../../../i18n/format.ts';
import { languageOf } from '../../../i18n/languages.ts';
import type { Values } from '../../../i18n/translator.ts';
import { type LabelledImages, LESSONS, planLesson } from '../../../training/lessons.ts';
import { reportRecipe } from '../../../training/recipe.ts';
import { OWN_CURVES, type OwnCurves } from '../../charts/curves.ts';
import { failureSentence } from './network-files.ts';
import type { Panel } from './touch.ts';

type State = 'idle' | 'loading' | 'running' | 'done' | 'error';

/** The first test images, on which the network is measured. */
const MEASURED = 500;
/** Steps whose losses are averaged for a point of the curve. */
const AVERAGED = 5;

async function load(set: ImageSet, count: number): Promise<LabelledImages> {
  const sheets = new ImageSheets({
    ...set,
    count,
    sheets: set.sheets.slice(0, Math.ceil(count / set.perSheet)),
  });
  const [images, labels] = await Promise.all([sheets.all(), sheets.labels()]);
  return { images: images.subarray(0, count * IMAGE_PIXELS), labels: labels.subarray(0, count) };
}

export function mount(section: HTMLElement): Panel {
  const lang = languageOf(section.dataset['lang']);
  const t = (key: Parameters<typeof words>[1], values?: Values): string => words(lang, key, values);
  const setup = JSON.parse(section.dataset['setup']!) as {
    model: ModelSource;
    sample: ImageSet;
    test: ImageSet;
  };
  const hook = (name: string) => section.querySelector<HTMLElement>(`[data-testid=train-here-${name}]`)!;
  const [start, stop] = [hook('start') as HTMLButtonElement, hook('stop') as HTMLButtonElement];
  const [status, result] = [hook('status'), hook('result')];
  const progress = section.querySelector('.left')!;
  const asked = new URLSearchParams(location.search).get('backend');
  let state: State = 'idle';
  let run: LessonRun | null = null;

  function show(next: State, sentence: string): void {
    state = next;
    status.dataset['state'] = state;
    if (status.textContent !== sentence) status.textContent = sentence;
    start.disabled = state === 'loading' || state === 'running';
    stop.disabled = state !== 'running';
  }

  /** Its epochs are stretched over the axis, which has the report's. */
  function draw({ steps, evaluations, totalSteps, stepsPerEpoch }: LessonRun): void {
    const at = (step: number) => 1 + ((reportRecipe.epochs - 1) * step) / totalSteps;
    const means: OwnCurves['loss'] = [];
    for (let i = 0; i < steps.length; i += AVERAGED) {
      const some: StepLoss[] = steps.slice(i, i + AVERAGED);
      means.push({
        x: at(some[0]!.step - 1),
        y: some.reduce((sum, { loss }) => sum + loss, 0) / some.length,
      });
    }
    const accuracy = evaluations.map(({ epoch, testAccuracy }) => ({
      x: at(epoch * stepsPerEpoch),
      y: testAccuracy,
    }));
    section
      .closest('figure')!
      .dispatchEvent(new CustomEvent<OwnCurves>(OWN_CURVES, { detail: { loss: means, accuracy } }));
  }

  async function train(): Promise<void> {
    const started = performance.now();
    result.hidden = true;
    status.dataset['epoch'] = '0';
    show('loading', t('trainLoading'));
    const engine = new Engine({ forced: isWebBackend(asked) ? asked : null, training: true });
    try {
      const [sample, test, backend] = await Promise.all([
        load(setup.sample, setup.sample.count),
        load(setup.test, MEASURED),
        engine.load(setup.model),
      ]);
      const { settings } = LESSONS.scratch;
      // On a processor it ends by itself; on a GPU it goes on as long as the reader lets it, up to the report's epochs.
      const epochs = backend.name === 'wasm' ? settings.epochs : reportRecipe.epochs;
      const plan = planLesson({ task: 'scratch', ...settings, epochs }, [], { sample });
      let drawn = 0;
      const lesson = {
        task: { model: setup.model, weights: null, ...plan },
        state: null,
        steps: [],
        judgements: [],
      };
      const current = new LessonRun(engine, lesson, test, {
        onState: () => undefined,
        onBackend: () => undefined,
        onStep(current) {
          if (current.step === 1) status.dataset['firstLoss'] = String(current.steps[0]!.loss);
          const left = current.secondsLeft;
          if (performance.now() - drawn < 400) return;
          drawn = performance.now();
          draw(current);
          progress.textContent = t('trainLeft', {
            step: current.step,
            steps: current.totalSteps,
            time: left === null ? '…' : duration(lang, left),
          });
        },
        onEvaluation(lesson, { epoch, testAccuracy }) {
          status.dataset['epoch'] = String(epoch);
          show(
            'running',
            t('trainEpoch', {
              epoch,
              epochs,
              backend: backend.name,
              accuracy: percent(lang, testAccuracy, 1),
            }),
          );
          draw(lesson);
        },
        onEpoch: () => undefined,
        onMoved: (from, to, epoch) => show('running', t('trainMoved', { from: from ?? '–', to, epoch })),
      });
      run = current;
      await current.run();
      draw(current);
      const { epoch, testAccuracy } = current.evaluations.at(-1)!;
      result.dataset['accuracy'] = String(testAccuracy);
      result.textContent = t('trainResult', {
        accuracy: percent(lang, testAccuracy, 1),
        n: MEASURED,
        epoch,
        time: duration(lang, (performance.now() - started) / 1000),
        backend: backend.name,
        loss: number(lang, current.steps[0]?.loss, 2),
      });
      result.hidden = false;
      show('done', t('trainDone'));
    } catch (error) {
      if (!(error instanceof EngineError)) console.info(error);
      show('error', failureSentence(error, lang));
    } finally {
      run = null;
      progress.textContent = '';
      engine.dispose();
    }
  }

  stop.addEventListener('click', () => {
    stop.disabled = true;
    run?.stop();
  });
  return {
    start() {
      if (state !== 'loading' && state !== 'running') void train();
    },
  };
}
