/** The fields in which a lesson is chosen, and what the choices come to. */
import { number, percent } from '../../../../i18n/format.ts';
import {
  type Choices,
  countImages,
  faultOf,
  HIGH_LEARNING_RATE,
  type Inputs,
  LESSONS,
} from '../../../../training/lessons.ts';
import { failures } from '../../../../i18n/demos.ts';
import type { FinetuneWords } from '../demo-page.ts';
import { element, showText } from '../dom.ts';

/** Fewer drawings of a class than this may be learned by heart. */
const FEW = 3;

type Field = HTMLInputElement | HTMLSelectElement;
const field = (id: string) => element<HTMLInputElement>(id);

/** The element of each choice. */
const FIELDS = {
  task: 'task',
  mode: 'mode',
  epochs: 'epochs',
  learningRate: 'lr',
  batchSize: 'batch',
  augment: 'augment',
  replay: 'replay',
  perClass: 'per-class',
  className: 'class-name',
  weight: 'weight',
} as const satisfies Record<keyof Choices, string>;
type Name = keyof typeof FIELDS;
const NAMES = Object.keys(FIELDS) as Name[];

/** Whether the reader has changed a field since it came with the page. */
export function isTouched(field: Field): boolean {
  if (field instanceof HTMLSelectElement) {
    const first = [...field.options].findIndex(({ defaultSelected }) => defaultSelected);
    return field.selectedIndex !== Math.max(0, first);
  }
  return field.type === 'checkbox'
    ? field.checked !== field.defaultChecked
    : field.value !== field.defaultValue;
}

const valueOf = ({ type, checked, value, valueAsNumber }: HTMLInputElement) =>
  type === 'checkbox' ? checked : type === 'number' || type === 'range' ? valueAsNumber : value;

interface ChoicesListener {
  /** Another lesson, with the settings that it begins with. */
  onTask(): void;
  onSetting(): void;
}

/** @param facts what else decides whether a lesson can begin */
export function createChoicesForm(
  { lang, t }: FinetuneWords,
  facts: () => Omit<Inputs, 'choices'>,
  listener: ChoicesListener,
) {
  const choices = () =>
    Object.fromEntries(NAMES.map((name) => [name, valueOf(field(FIELDS[name]))])) as unknown as Choices;
  const fault = () => faultOf({ ...facts(), choices: choices() });

  function show(chosen: Choices): void {
    for (const name of NAMES) {
      const shown = field(FIELDS[name]);
      if (shown.type === 'checkbox') shown.checked = chosen[name] as boolean;
      else shown.value = String(chosen[name] ?? shown.defaultValue);
    }
    showTask();
  }

  function showTask(): void {
    const { task } = choices();
    for (const part of document.querySelectorAll<HTMLElement>('[data-task]')) {
      part.hidden = !part.dataset['task']!.split(' ').includes(task);
    }
    // The slider that moves along the trade is the lesson; elsewhere it is one setting of many.
    element(task === 'trade' ? 'trade-slider' : 'fields').append(element('replay-field'));
    showPlan();
  }

  /** Shows what the choices come to in images, and what stands in the way or may go wrong with them. */
  function showPlan(): void {
    const inputs = { ...facts(), choices: choices() };
    const { task, replay, learningRate, mode, weight } = inputs.choices;
    element('replay-value').textContent = percent(lang, replay, 1);
    element('weight-value').textContent = t('times', { n: weight! });
    const { own, times, replayed } = countImages(inputs);
    const values = {
      count: number(lang, own * times + replayed),
      own: number(lang, own),
      replayed: number(lang, replayed),
    };
    const plan = t(replayed ? 'plan' : 'planOwn', values);
    element('plan').textContent = times > 1 ? `${plan} ${t('showings', { times })}` : plan;
    element('features-kept').hidden = !(task === 'scratch' && mode === 'head');
    const missing = fault();
    const few = task === 'class' && own < FEW;
    const warning = learningRate > HIGH_LEARNING_RATE ? t('highRate') : few ? t('fewPerClass') : null;
    showText(element('warning'), missing ? failures(lang, missing) : warning);
  }

  element('task').addEventListener('change', () => {
    const { task, className } = choices();
    show({ task, className: className!, ...LESSONS[task].settings });
    listener.onTask();
  });
  for (const name of NAMES) {
    if (name === 'task') continue;
    element(FIELDS[name]).addEventListener('input', () => {
      showPlan();
      listener.onSetting();
    });
  }

  // What was chosen before this script was ready stays chosen.
  const early = NAMES.filter((name) => isTouched(field(FIELDS[name])));
  const begun = choices();
  show({
    ...begun,
    ...LESSONS[begun.task].settings,
    ...Object.fromEntries(early.map((name) => [name, begun[name]])),
  });

  return {
    get choices() {
      return choices();
    },
    fault,
    /** Whether anything was chosen before this script was ready. */
    early: early.length > 0,
    show,
    showPlan,
    setDisabled(disabled: boolean): void {
      for (const name of NAMES) field(FIELDS[name]).disabled = disabled;
    },
  };
}
