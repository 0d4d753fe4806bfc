/** The fields in which a lesson is chosen, and what the choices come to. */
import { CLASS_COUNT } from '../../../../data/classes.ts';
import { finetune as texts } from '../../../../i18n/finetune.ts';
import type { Lang } from '../../../../i18n/languages.ts';
import { percent } from '../../format.ts';
import { element } from '../page-parts.ts';
import type { LabelledDrawing } from './drawings.ts';
import { DEFAULTS, HIGH_LEARNING_RATE, replayCount, type Choices, type TaskName } from '../../lesson-plan.ts';

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

export class ChoicesForm {
  readonly #lang: Lang;
  readonly #drawings: () => readonly LabelledDrawing[];

  /** @param drawings those that the reader would teach */
  constructor(lang: Lang, drawings: () => readonly LabelledDrawing[], listener: ChoicesListener) {
    this.#lang = lang;
    this.#drawings = drawings;
    select('task').addEventListener('change', () => {
      const { task } = this.choices;
      this.show({ task, ...DEFAULTS[task] });
      listener.onTask();
    });
    for (const id of SETTINGS) {
      element(id).addEventListener('input', () => {
        this.showPlan();
        listener.onSetting();
      });
    }
  }

  get choices(): Choices {
    return {
      task: select('task').value as TaskName,
      mode: select('mode').value as Choices['mode'],
      epochs: field('epochs').valueAsNumber,
      learningRate: field('lr').valueAsNumber,
      batchSize: field('batch').valueAsNumber,
      augment: field('augment').checked,
      replay: field('replay').valueAsNumber,
      perClass: Math.max(1, field('per-class').valueAsNumber || 1),
    };
  }

  show(choices: Choices): void {
    select('task').value = choices.task;
    select('mode').value = choices.mode;
    field('epochs').valueAsNumber = choices.epochs;
    field('lr').valueAsNumber = choices.learningRate;
    field('batch').valueAsNumber = choices.batchSize;
    field('augment').checked = choices.augment;
    field('replay').valueAsNumber = choices.replay;
    field('per-class').valueAsNumber = choices.perClass;
    for (const part of document.querySelectorAll<HTMLElement>('[data-task]')) {
      part.hidden = !part.dataset['task']!.split(' ').includes(choices.task);
    }
    this.showPlan();
  }

  /** What the choices come to in images, and what may go wrong with them. */
  showPlan(): void {
    const { task, perClass, replay, learningRate } = this.choices;
    const drawings = this.#drawings();
    field('replay-value').value = percent(this.#lang, replay);
    const own = task === 'hand' ? drawings.length : perClass * (task === 'scratch' ? CLASS_COUNT : 1);
    const replayed = replayCount(own, replay);
    element('plan').textContent = own
      ? texts(this.#lang, 'plan', { count: own + replayed, own, replayed })
      : '';
    const counts = new Map<number, number>();
    for (const { label } of drawings) counts.set(label, (counts.get(label) ?? 0) + 1);
    const few = task === 'hand' && [...counts.values()].some((count) => count < FEW);
    const warning = learningRate > HIGH_LEARNING_RATE ? 'highRate' : few ? 'fewPerClass' : null;
    element('warning').textContent = warning ? texts(this.#lang, warning) : '';
    element('warning').hidden = !warning;
  }

  set disabled(disabled: boolean) {
    for (const id of ['task', ...SETTINGS]) field(id).disabled = disabled;
  }
}
