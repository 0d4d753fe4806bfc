/** Shows the trainings that are going on, again every two seconds. */
import { number, percent, sentences } from '../../../i18n/format.ts';
import { languageOf } from '../../../i18n/languages.ts';
import { pageHref } from '../../../i18n/paths.ts';
import { pages as t } from '../../../i18n/report.ts';
import type { LiveRun } from '../../../site/live-runs.ts';
import { confusionStyles, matrixChart } from '../../charts/confusion.ts';
import { curvesChart, DEFAULT_CURVES_VIEW, epochPoints } from '../../charts/curves.ts';
import { svg } from '../../charts/svg.ts';
import { batchesChart } from '../../charts/training-log.ts';

const root = document.querySelector<HTMLElement>('#live-runs')!;
const lang = languageOf(root.dataset['lang']);
const WIDTH = 480;

/** A run's section; texts of a run are set as text. */
function section(run: LiveRun): HTMLElement {
  const { start, state, epochs, batches, last } = run;
  const { id, stepsPerEpoch } = start;
  const result = document.createElement('section');
  result.dataset['run'] = id;
  result.dataset['state'] = state;
  const add = (name: string, content: { text?: string; html?: string }): HTMLElement => {
    const element = document.createElement(name);
    if (content.html === undefined) element.textContent = content.text ?? '';
    else element.innerHTML = content.html;
    result.append(element);
    return element;
  };
  add('h2', { text: id });
  add('p', { text: start.label });
  const place =
    last &&
    t(lang, 'training.place', {
      epoch: last.epoch,
      epochs: start.epochs,
      batch: last.batch + 1,
      batches: stepsPerEpoch,
    });
  const left =
    last?.left == null ? '' : t(lang, 'training.left', { n: Math.max(1, Math.round(last.left / 60)) });
  const memory = last
    ? t(lang, 'training.memory', { gib: number(lang, last.memory / 2 ** 30, 2), backend: start.backend })
    : '';
  add('p', {
    text: sentences(lang, [
      t(lang, `training.${state}`, { id }),
      place ?? '',
      state === 'running' ? left : '',
      memory,
    ]),
  });
  if (state === 'published') {
    const link = document.createElement('a');
    link.href = pageHref(lang, `/runs/#${id}`);
    link.textContent = t(lang, 'training.open');
    result.append(link);
  }
  const figure = add('figure', {});
  figure.className = 'chart curves';
  const drawn: string[] = [];
  if (batches.length > 1) {
    const data = { stepsPerEpoch, epochs: start.epochs, batches: [...batches], reported: [] };
    drawn.push(svg(batchesChart(data, WIDTH, lang), t(lang, 'training.losses', { id })));
  }
  if (epochs.length > 0) {
    const data = { epochs: epochPoints({ epochs }), reported: [], pytorch: [] };
    drawn.push(svg(curvesChart(data, DEFAULT_CURVES_VIEW, WIDTH, lang), t(lang, 'training.curves', { id })));
    const best = Math.max(...epochs.map(({ validationAccuracy }) => validationAccuracy ?? 0));
    add('p', { text: t(lang, 'training.best', { accuracy: percent(lang, best) }) });
  }
  figure.innerHTML = drawn.join('');
  const matrix = epochs.at(-1)?.confusion;
  if (matrix?.length === 10) {
    const chart = matrixChart(confusionStyles({ matrix }, 'count', lang), WIDTH, lang);
    add('figure', { html: svg(chart, t(lang, 'training.matrix', { id })) }).className = 'chart confusion';
  }
  add('pre', { text: run.log });
  return result;
}

async function update(): Promise<void> {
  try {
    const runs = (await (await fetch('/training/runs.json')).json()) as LiveRun[];
    if (runs.length > 0) root.replaceChildren(...runs.map(section));
  } catch {
    // The server is restarting: the next time will do.
  }
  setTimeout(() => void update(), 2000);
}
void update();
