/** The fields in which a lesson is chosen, and what the choices come to. */
import { CLASS_COUNT } from '../../../../data/dataset.ts';
import { percent } from '../../../../i18n/format.ts';
import { DEFAULTS, HIGH_LEARNING_RATE, replayCount, type Choices, type TaskName } from '../../lesson-plan.ts';
import type { FinetuneWords } from '../demo-page.ts';
import { element, showText } from '../dom.ts';
import type { LabelledDrawing } from '../drawing-storage.ts';

/** Fewer drawings of a class than this may be learned by heart. */
const FEW = 3;

/** All but the task. */
const SETTINGS = ['mode', 'epochs', 'lr', 'batch', 'augment', 'replay', 'per-class'] as const;

const field = (id: string) => element<HTMLInputElement>(id);
const select = (id: string) => element<HTMLSelectElement>(id);

interface ChoicesListener {
  /** Another task, with the settings that it begins with. */
  onTask(): void;
  onSetting(): void;
}

/** @param drawings those that the reader would teach */
export function createChoicesForm(
  { lang, t }: FinetuneWords,
  drawings: () => readonly LabelledDrawing[],
  listener: ChoicesListener,
) {
  const choices = (): Choices => ({
    task: select('task').value as TaskName,
    mode: select('mode').value as Choices['mode'],
    epochs: field('epochs').valueAsNumber,
    learningRate: field('lr').valueAsNumber,
    batchSize: field('batch').valueAsNumber,
    augment: field('augment').checked,
    replay: field('replay').valueAsNumber,
    perClass: Math.max(1, field('per-class').valueAsNumber || 1),
  });

  function show(chosen: Choices): void {
    select('task').value = chosen.task;
    select('mode').value = chosen.mode;
    field('epochs').valueAsNumber = chosen.epochs;
    field('lr').valueAsNumber = chosen.learningRate;
    field('batch').valueAsNumber = chosen.batchSize;
    field('augment').checked = chosen.augment;
    field('replay').valueAsNumber = chosen.replay;
    field('per-class').valueAsNumber = chosen.perClass;
    for (const part of document.querySelectorAll<HTMLElement>('[data-task]')) {
      part.hidden = !part.dataset['task']!.split(' ').includes(chosen.task);
    }
    showPlan();
  }

  /** Shows what the choices come to in images, and what may go wrong with them. */
  function showPlan(): void {
    const { task, perClass, replay, learningRate } = choices();
    element('replay-value').textContent = percent(lang, replay, 1);
    const labels = drawings().map(({ label }) => label);
    const own = task === 'hand' ? labels.length : perClass * (task === 'scratch' ? CLASS_COUNT : 1);
    const replayed = replayCount(own, replay);
    element('plan').textContent = own ? t('plan', { count: own + replayed, own, replayed }) : '';
    const few =
      task === 'hand' && labels.some((label) => labels.filter((other) => other === label).length < FEW);
    const warning = learningRate > HIGH_LEARNING_RATE ? 'highRate' : few ? 'fewPerClass' : null;
    showText(element('warning'), warning && t(warning));
  }

  select('task').addEventListener('change', () => {
    const { task } = choices();
    show({ task, ...DEFAULTS[task] });
    listener.onTask();
  });
  for (const id of SETTINGS) {
    element(id).addEventListener('input', () => {
      showPlan();
      listener.onSetting();
    });
  }

  return {
    get choices() {
      return choices();
    },
    show,
    showPlan,
    setDisabled(disabled: boolean): void {
      for (const id of ['task', ...SETTINGS]) field(id).disabled = disabled;
    },
  };
}
