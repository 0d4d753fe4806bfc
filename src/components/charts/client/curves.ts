import {
  curvesChart,
  DEFAULT_CURVES_VIEW,
  describeEpoch,
  SERIES,
  type CurvesData,
  type CurvesView,
} from '../curves.ts';
import { crosshair, nearestValue, type LineChart } from '../line-chart.ts';
import { integerIn, oneOf, readView, writeView } from '../../../client/url-state.ts';
import { choices, markChoice, placeIn, toggles, type FigureParts } from './figure.ts';

/** Figure 2 in the browser: a crosshair through all panels, series to switch, a range to choose. */
export function mount({ figure, lang, variants, readout, data: given }: FigureParts): void {
  const data = given as CurvesData & { best: number };
  const last = data.epochs.at(-1)!.epoch;
  const slider = figure.querySelector<HTMLInputElement>('input[type=range]');

  const asked = readView(figure.id);
  const [hidden, shown] = [asked['hide'], asked['show']].map((names = '') => names.split('+'));
  const view: CurvesView = {
    show: { ...DEFAULT_CURVES_VIEW.show },
    range: oneOf(asked['range'], ['all', 'late'], 'all'),
  };
  for (const series of SERIES) {
    view.show[series] = view.show[series] ? !hidden!.includes(series) : shown!.includes(series);
  }
  let chosen = integerIn(asked['epoch'], 1, last, data.best);
  let charts: LineChart[] = [];

  function point(epoch: number): void {
    variants.forEach(({ svg }, i) => {
      const cursor = svg.querySelector('.cursor');
      if (cursor) cursor.innerHTML = crosshair(charts[i]!, epoch, true);
    });
    if (readout) readout.textContent = describeEpoch(data, epoch, lang);
  }

  function draw(): void {
    charts = variants.map(({ svg, width }) => {
      const chart = curvesChart(data, view, width, lang);
      svg.innerHTML = chart.content;
      return chart;
    });
    for (const button of toggles(figure)) {
      const series = oneOf(button.dataset['toggle'], SERIES, 'train');
      button.setAttribute('aria-pressed', String(view.show[series]));
    }
    markChoice(figure, 'range', view.range);
    if (slider) slider.value = String(chosen);
    point(chosen);
  }

  function save(): void {
    const changed = (to: boolean): string | undefined =>
      SERIES.filter((series) => view.show[series] === to && DEFAULT_CURVES_VIEW.show[series] !== to).join(
        '+',
      ) || undefined;
    writeView(figure.id, {
      epoch: chosen === data.best ? undefined : String(chosen),
      range: view.range === 'all' ? undefined : view.range,
      hide: changed(false),
      show: changed(true),
    });
  }

  for (const button of toggles(figure)) {
    button.addEventListener('click', () => {
      const series = oneOf(button.dataset['toggle'], SERIES, 'train');
      view.show[series] = !view.show[series];
      draw();
      save();
    });
  }
  for (const button of choices(figure, 'range')) {
    button.addEventListener('click', () => {
      view.range = oneOf(button.dataset['value'], ['all', 'late'], 'all');
      draw();
      save();
    });
  }
  slider?.addEventListener('input', () => {
    chosen = Number(slider.value);
    point(chosen);
  });
  slider?.addEventListener('change', save);

  variants.forEach(({ svg }, i) => {
    const epochOf = (event: PointerEvent) => nearestValue(charts[i]!, placeIn(svg, event).x);
    svg.addEventListener('pointermove', (event) => point(epochOf(event)));
    svg.addEventListener('pointerleave', () => point(chosen));
    svg.addEventListener('click', (event) => {
      chosen = epochOf(event as PointerEvent);
      if (slider) slider.value = String(chosen);
      point(chosen);
      save();
    });
  });
  draw();
}
