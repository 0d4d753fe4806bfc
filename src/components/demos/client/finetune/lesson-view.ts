/** What the page shows of a lesson: its state in words, where it is, how fast, its curves. */
import { learningChart } from '../../../charts/learning.ts';
import { WIDTHS } from '../../../charts/svg.ts';
import type { FinetuneWords } from '../demo-page.ts';
import { create, drawChart, element } from '../dom.ts';
import type { LessonState } from './lesson-control.ts';
import type { RunResult } from './lesson-store.ts';
import { percent } from '../../../../i18n/format.ts';
import type { Evaluation, LessonRun } from '../../../../engines/web/lesson-run.ts';

/** Height of the numbers, the strip and the curves, which are not drawn yet when a lesson starts. */
const STAGE = 640;

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

    /** What moves while the network learns is to be seen at once. */
    bringIntoSight(): void {
      const stage = element('stage');
      const { top } = stage.getBoundingClientRect();
      if (top >= 0 && top + STAGE <= innerHeight) return;
      const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth';
      stage.scrollIntoView({ block: 'start', behavior });
    },

    /** Large: the lesson's measure as it began, in between, and now; of each run where they are to be compared. */
    showGain(runs: readonly RunResult[]): void {
      const gain = element('gain');
      const { evaluations } = runs.at(-1)!;
      const [before, after] = [evaluations[0]!, evaluations.at(-1)!];
      const points = (share: number) => String(Math.round(10_000 * share) / 100);
      gain.dataset['before'] = points(before.ownAccuracy);
      gain.dataset['after'] = points(after.ownAccuracy);
      gain.dataset['cost'] = points(Math.max(0, before.testAccuracy - after.testAccuracy));
      gain.replaceChildren(
        ...runs.map(({ choices, evaluations: all }) => {
          const line = (points: Evaluation[], of: 'ownAccuracy' | 'testAccuracy') =>
            points.map((each) => percent(lang, each[of], 0)).join(' → ');
          if (choices.task !== 'forget') return create('span', {}, line(milestones(all), 'ownAccuracy'));
          // What is forgotten is as large as what is learned.
          const ends = all.length > 1 ? [all[0]!, all.at(-1)!] : [all[0]!];
          return create(
            'span',
            { class: 'forgetting' },
            create('small', {}, t(choices.replay ? 'withReplay' : 'withoutReplay')),
            create('b', { class: 'own' }, line(ends, 'ownAccuracy')),
            create('b', { class: 'test' }, line(ends, 'testAccuracy')),
          );
        }),
      );
    },

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

    /** Draws the curves at the next frame; in between nobody would see them. @param before of a run to compare with */
    drawCurves(run: LessonRun, before: readonly Evaluation[] = []): void {
      frame ||= requestAnimationFrame(() => {
        frame = 0;
        const { totalSteps, stepsPerEpoch, steps, evaluations } = run;
        if (!totalSteps) return;
        const svg = element('curves');
        const width = svg.clientWidth < 500 ? WIDTHS.narrow : WIDTHS.wide;
        const data = { totalSteps, stepsPerEpoch, steps, epochs: evaluations, before };
        drawChart(svg, learningChart(data, width, lang));
      });
    },

    /** As before the first run. */
    clear(): void {
      showPosition(0, 0);
      progress.value = 0;
      element('left').textContent = element('speed').textContent = '—';
      for (const name of ['before', 'after', 'cost']) delete element('gain').dataset[name];
      element('gain').replaceChildren();
      element('curves').replaceChildren();
      element('curves').removeAttribute('data-drawn');
    },
  };
}

/** Few enough to be read at a glance: the first, one in the middle and the last. */
function milestones(evaluations: readonly Evaluation[]): Evaluation[] {
  const last = evaluations.length - 1;
  return [...new Set(last < 4 ? evaluations : [0, last >> 1, last].map((i) => evaluations[i]!))];
}
