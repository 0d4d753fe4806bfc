/** What the page shows of a lesson: its state in words, where it is, how fast, its curves. */
import { learningChart } from '../../../charts/learning.ts';
import { WIDTHS } from '../../../charts/svg.ts';
import type { FinetuneWords } from '../demo-page.ts';
import { element } from '../dom.ts';
import type { LessonState } from './lesson-control.ts';
import type { LessonRun } from '../../../../engines/web/lesson-run.ts';

export function createLessonView({ lang, t }: FinetuneWords) {
  const status = element('status');
  const progress = element<HTMLProgressElement>('progress');
  const button = (id: string) => element<HTMLButtonElement>(id);
  /** The frame at which curves are drawn next; 0 for none. */
  let frame = 0;

  const number = (value: number) =>
    new Intl.NumberFormat(lang, { maximumSignificantDigits: 2 }).format(value);
  const duration = (seconds: number) =>
    seconds < 100
      ? t('seconds', { value: Math.round(seconds) })
      : t('minutes', { value: number(seconds / 60) });

  /** Where a lesson is. */
  function showPosition(epoch: number, step: number): void {
    status.dataset['epoch'] = String(epoch);
    status.dataset['step'] = String(step);
  }

  return {
    /** Shows a state in words, and which buttons do something in it. */
    show(state: LessonState, text: string): void {
      status.dataset['state'] = state;
      status.textContent = text;
      const busy = state === 'preparing' || state === 'training';
      const start = button('start');
      start.disabled = button('step').disabled = busy;
      start.textContent = start.dataset[state === 'paused' ? 'continue' : 'start']!;
      button('pause').disabled = state !== 'training';
      button('stop').disabled = !(busy || state === 'paused');
    },

    showPosition,

    /** Where a run is and how fast it is. */
    showPlace(run: LessonRun): void {
      const { epoch, step, memory, steps, totalSteps, imagesPerSecond: speed, secondsLeft: left } = run;
      showPosition(epoch, step);
      status.dataset['tensors'] = String(memory.tensors);
      status.dataset['loss'] = String(steps.at(-1)?.loss ?? '');
      progress.value = totalSteps ? step / totalSteps : 0;
      element('speed').textContent = speed === null ? '—' : t('imagesPerSecond', { value: number(speed) });
      element('left').textContent = left === null ? '—' : duration(left);
    },

    /** Draws the curves at the next frame; in between nobody would see them. */
    drawCurves(run: LessonRun): void {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        const { totalSteps, stepsPerEpoch, steps, evaluations } = run;
        if (!totalSteps) return;
        const svg = element('curves');
        const width = svg.clientWidth < 500 ? WIDTHS.narrow : WIDTHS.wide;
        const data = { totalSteps, stepsPerEpoch, steps, epochs: evaluations };
        const { height, content } = learningChart(data, width, lang);
        svg.setAttribute('viewBox', `0 0 ${width} ${height}`);
        svg.innerHTML = content;
      });
    },

    /** As before the first run. */
    clear(): void {
      showPosition(0, 0);
      progress.value = 0;
      element('left').textContent = element('speed').textContent = '—';
      element('curves').replaceChildren();
      element('curves').removeAttribute('viewBox');
    },
  };
}
