import { charts as t } from '../../../i18n/charts.ts';
import {
  batchesChart,
  batchRange,
  epochAt,
  epochLog,
  epochStrip,
  type BatchesData,
  type LogHistory,
} from '../training-log.ts';
import { integerIn, readView, writeView } from '../../../client/url-state.ts';
import { placeIn, type FigureParts } from './figure.ts';

/** Figure 1 in the browser: choose an epoch to read its log and to find its batches. */
export function mount({ figure, lang, variants, readout, data: given }: FigureParts): void {
  const data = given as BatchesData & { history: Omit<LogHistory, 'batches'>; chosen: number };
  const history: LogHistory = { ...data.history, batches: data.batches };
  const slider = figure.querySelector<HTMLInputElement>('input[type=range]');
  const log = figure.querySelector('pre.run');
  const heading = figure.querySelector('.logs .epoch');
  const charts = variants.map(({ width }) => batchesChart(data, width, lang));
  let chosen = integerIn(readView(figure.id)['epoch'], 1, data.epochs, data.chosen);

  function show(epoch: number): void {
    variants.forEach(({ svg }, i) => {
      const cursor = svg.querySelector('.cursor');
      if (cursor) cursor.innerHTML = epochStrip(charts[i]!, epoch);
    });
    const range = batchRange(history, epoch);
    if (readout) readout.textContent = range ? t(lang, 'logReadout', { epoch, ...range }) : '';
    if (log) log.textContent = epochLog(history, epoch, lang);
    if (heading) heading.textContent = t(lang, 'logEpoch', { epoch });
  }

  function choose(epoch: number): void {
    chosen = epoch;
    if (slider) slider.value = String(epoch);
    show(epoch);
  }

  const save = () => writeView(figure.id, { epoch: chosen === data.chosen ? undefined : String(chosen) });

  slider?.addEventListener('input', () => choose(Number(slider.value)));
  slider?.addEventListener('change', save);
  variants.forEach(({ svg }, i) => {
    svg.addEventListener('pointermove', (event) => show(epochAt(charts[i]!, placeIn(svg, event).x)));
    svg.addEventListener('pointerleave', () => show(chosen));
    svg.addEventListener('click', (event) => {
      choose(epochAt(charts[i]!, placeIn(svg, event as PointerEvent).x));
      save();
    });
  });
  choose(chosen);
}
