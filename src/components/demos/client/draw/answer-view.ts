/** The network's answer on the page: the class, the probabilities of all, or why there is none. */
import { CLASS_COUNT } from '../../../../data/classes.ts';
import { className } from '../../../../i18n/classes.ts';
import { draw as texts } from '../../../../i18n/draw.ts';
import type { Lang } from '../../../../i18n/languages.ts';
import { predictedClasses } from '../../../../evaluation/metrics.ts';
import { element } from '../page-parts.ts';
import { percent } from '../../format.ts';

export type State = 'empty' | 'ready' | 'unsure' | 'busy' | 'error';

/** An answer is read out once the pen rests for so many milliseconds: not ten times a second. */
const REST = 800;

export class AnswerView {
  readonly #lang: Lang;
  readonly #result = element('result');
  readonly #answer = element('answer');
  readonly #failure = element('failure');
  readonly #bars: HTMLElement[];
  #announcing: ReturnType<typeof setTimeout> | undefined;

  constructor(root: ParentNode, lang: Lang) {
    this.#lang = lang;
    this.#bars = [...root.querySelectorAll<HTMLElement>('.bars li')];
  }

  set state(state: State) {
    this.#result.dataset['state'] = state;
    this.#failure.hidden = element('retry').hidden = state !== 'error';
  }

  /** What is being done, where there is no answer yet to be left standing. */
  showWork(text: string): void {
    if (this.#answer.dataset['class'] === undefined) this.#answer.textContent = text;
  }

  /** Shows the probabilities and returns the class with the largest. */
  showBars(probabilities: Float32Array): number {
    const top = predictedClasses(probabilities, CLASS_COUNT)[0]!;
    this.#bars.forEach((bar, label) => {
      bar.classList.toggle('top', label === top);
      bar.style.setProperty('--p', probabilities[label]!.toFixed(4));
      bar.querySelector('.value')!.textContent = percent(this.#lang, probabilities[label]!);
    });
    return top;
  }

  /** @param sure whether the probabilities are enough for an answer @returns the class with the largest */
  show(probabilities: Float32Array, sure: boolean): number {
    const top = this.showBars(probabilities);
    const probability = probabilities[top]!;
    const name = className(top, this.#lang);
    this.#answer.textContent = sure
      ? `${name} ${percent(this.#lang, probability)}`
      : texts(this.#lang, 'unsure', { name });
    this.#answer.toggleAttribute('data-sure', sure);
    this.#answer.dataset['class'] = String(top);
    this.#answer.dataset['probability'] = String(probability);
    this.state = sure ? 'ready' : 'unsure';
    this.#announce(this.#answer);
    return top;
  }

  /** Nothing is drawn. */
  showNothing(): void {
    this.state = 'empty';
    this.#withdraw(texts(this.#lang, 'empty'));
  }

  showFailure(sentence: string): void {
    this.state = 'error';
    this.#withdraw(texts(this.#lang, 'noAnswer'));
    this.#failure.textContent = sentence;
    this.#announce(this.#failure);
  }

  scrollIntoView(): void {
    const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth';
    this.#result.scrollIntoView({ block: 'start', behavior });
  }

  /** Says something where the answer was: there is none, or none any more. */
  #withdraw(text: string): void {
    this.#answer.textContent = text;
    delete this.#answer.dataset['sure'];
    delete this.#answer.dataset['class'];
    delete this.#answer.dataset['probability'];
    for (const bar of this.#bars) {
      bar.classList.remove('top');
      bar.style.setProperty('--p', '0');
      bar.querySelector('.value')!.textContent = '—';
    }
  }

  #announce(said: HTMLElement): void {
    clearTimeout(this.#announcing);
    this.#announcing = setTimeout(() => (element('announcement').textContent = said.textContent), REST);
  }
}
