/** The network's answer on the page: the class, the probabilities of all, or why there is none. */
import { CLASS_COUNT } from '../../../../data/dataset.ts';
import { className } from '../../../../i18n/site.ts';
import { predictedClasses } from '../../../../evaluation/metrics.ts';
import { percent } from '../../../../i18n/format.ts';
import { element } from '../dom.ts';
import type { DrawWords } from '../demo-page.ts';

type State = 'empty' | 'ready' | 'unsure' | 'busy' | 'error';

/** An answer is read out once the pen rests for so many milliseconds: not ten times a second. */
const REST = 800;

/** @param ownClass what the reader calls the class behind the ten, where the network has one */
export function createAnswerView(
  root: ParentNode,
  { lang, t }: DrawWords,
  ownClass: () => string | undefined,
) {
  const result = element('result');
  const answer = element('answer');
  const failure = element('failure');
  const bars = [...root.querySelectorAll<HTMLElement>('.bars li')];
  let announcing: ReturnType<typeof setTimeout> | undefined;

  function setState(state: State): void {
    result.dataset['state'] = state;
    failure.hidden = element('retry').hidden = state !== 'error';
  }

  /** Shows a text in place of an answer. */
  function withdraw(text: string): void {
    answer.textContent = text;
    clearTimeout(announcing);
    element('announcement').textContent = '';
    for (const name of ['sure', 'class', 'probability']) delete answer.dataset[name];
    for (const bar of bars) {
      bar.classList.remove('top');
      bar.style.setProperty('--p', '0');
      bar.querySelector('.value')!.textContent = '—';
    }
  }

  function announce(place: HTMLElement): void {
    clearTimeout(announcing);
    announcing = setTimeout(() => (element('announcement').textContent = place.textContent), REST);
  }

  const nameOf = (label: number) => (label < CLASS_COUNT ? className(label, lang) : (ownClass() ?? ''));

  /** A bar for each class. */
  function fitBars(count: number): void {
    while (bars.length > count) bars.pop()!.remove();
    while (bars.length < count) {
      const bar = bars[0]!.cloneNode(true) as HTMLElement;
      bar.dataset['class'] = String(bars.length);
      bar.querySelector('.name')!.textContent = nameOf(bars.length);
      bars.at(-1)!.after(bar);
      bars.push(bar);
    }
  }

  /** Shows the probabilities and returns the class with the largest. */
  function showBars(probabilities: Float32Array): number {
    const top = predictedClasses(probabilities, probabilities.length)[0]!;
    fitBars(probabilities.length);
    bars.forEach((bar, label) => {
      bar.classList.toggle('top', label === top);
      bar.style.setProperty('--p', probabilities[label]!.toFixed(4));
      bar.querySelector('.value')!.textContent = percent(lang, probabilities[label]!, 1);
    });
    return top;
  }

  return {
    showBars,

    /** What is shown is no longer the answer to what is drawn. */
    showBusy: () => setState('busy'),

    /** What is being done, where no answer has been shown yet. */
    showWork(text: string): void {
      if (answer.dataset['class'] === undefined) answer.textContent = text;
    },

    /** @param sure whether the probabilities are enough for an answer @returns the class with the largest */
    show(probabilities: Float32Array, sure: boolean): number {
      const top = showBars(probabilities);
      const probability = probabilities[top]!;
      const name = nameOf(top);
      answer.textContent = sure ? `${name} ${percent(lang, probability, 1)}` : t('unsure', { name });
      answer.toggleAttribute('data-sure', sure);
      answer.dataset['class'] = String(top);
      answer.dataset['probability'] = String(probability);
      setState(sure ? 'ready' : 'unsure');
      announce(answer);
      return top;
    },

    /** Nothing is drawn. */
    showNothing(): void {
      setState('empty');
      withdraw(t('empty'));
    },

    /** @param again whether trying again may help */
    showFailure(sentence: string, again: boolean): void {
      setState('error');
      element('retry').hidden = !again;
      withdraw(t('noAnswer'));
      failure.textContent = sentence;
      announce(failure);
    },

    /** What is drawn is not asked about; the warning about the picture says why. */
    showUnanswered(): void {
      setState('unsure');
      withdraw(t('noAnswer'));
    },

    scrollIntoView(): void {
      const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth';
      result.scrollIntoView({ block: 'start', behavior });
    },
  };
}
