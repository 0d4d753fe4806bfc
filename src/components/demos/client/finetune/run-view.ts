/** What the page shows of a lesson: its state in words, where it is, how fast, on what, its curves. */
import type { Chosen } from '../../../../engines/web/protocol.ts';
import { finetune as texts } from '../../../../i18n/finetune.ts';
import type { Lang } from '../../../../i18n/languages.ts';
import { learningChart } from '../../../charts/learning.ts';
import { WIDTHS } from '../../../charts/svg.ts';
import { element } from '../page-parts.ts';
import type { Run } from './run.ts';

export type State = 'idle' | 'preparing' | 'training' | 'paused' | 'done' | 'error';

const button = (id: string) => element<HTMLButtonElement>(id);

export class RunView {
  readonly #lang: Lang;
  readonly #status = element('status');
  readonly #start = button('start');
  readonly #progress = element<HTMLProgressElement>('progress');
  /** The frame at which curves are drawn next; 0 for none. */
  #frame = 0;

  constructor(lang: Lang) {
    this.#lang = lang;
  }

  get state(): State {
    return this.#status.dataset['state'] as State;
  }

  /** The state in words. */
  get text(): string {
    return this.#status.textContent ?? '';
  }

  set text(text: string) {
    this.#status.textContent = text;
  }

  /** Shows a state, and which buttons do something in it. */
  show(state: State, text: string): void {
    this.#status.dataset['state'] = state;
    this.text = text;
    const busy = state === 'preparing' || state === 'training';
    this.#start.disabled = button('step').disabled = busy;
    this.#start.textContent = this.#start.dataset[state === 'paused' ? 'continue' : 'start']!;
    button('pause').disabled = state !== 'training';
    button('stop').disabled = !(busy || state === 'paused');
  }

  /** Where a lesson of an earlier visit is. */
  showPosition(epoch: number, step: number): void {
    this.#status.dataset['epoch'] = String(epoch);
    this.#status.dataset['step'] = String(step);
  }

  /** Where a run is and how fast it goes. */
  showPlace(run: Run): void {
    this.showPosition(run.epoch, run.step);
    this.#status.dataset['tensors'] = String(run.memory.tensors);
    this.#status.dataset['loss'] = String(run.steps.at(-1)?.loss ?? '');
    this.#progress.value = run.totalSteps ? run.step / run.totalSteps : 0;
    const { imagesPerSecond: speed, secondsLeft: left } = run;
    element('speed').textContent =
      speed === null ? '—' : texts(this.#lang, 'imagesPerSecond', { value: this.#number(speed) });
    element('left').textContent = left === null ? '—' : this.#duration(left);
  }

  showBackend({ name, device }: Chosen): void {
    const place = element('backend');
    place.dataset['backend'] = name;
    place.textContent = [name, device && `(${device})`].filter(Boolean).join(' ');
  }

  /** Draws the curves at the next frame; in between nobody would see them. */
  drawCurves(run: Run): void {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      const { totalSteps, stepsPerEpoch, steps, judgements } = run;
      if (!totalSteps) return;
      const data = { totalSteps, stepsPerEpoch, steps, epochs: judgements };
      const svg = element('curves');
      const width = svg.clientWidth < 500 ? WIDTHS.narrow : WIDTHS.wide;
      const { height, content } = learningChart(data, width, this.#lang);
      svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
      svg.innerHTML = content;
    });
  }

  /** As before the first run. */
  clear(): void {
    this.showPosition(0, 0);
    this.#progress.value = 0;
    element('left').textContent = element('speed').textContent = '—';
    element('curves').replaceChildren();
    element('curves').removeAttribute('viewBox');
  }

  #number(value: number): string {
    return new Intl.NumberFormat(this.#lang, { maximumSignificantDigits: 2 }).format(value);
  }

  #duration(seconds: number): string {
    return seconds < 100
      ? texts(this.#lang, 'seconds', { value: Math.round(seconds) })
      : texts(this.#lang, 'minutes', { value: this.#number(seconds / 60) });
  }
}
