import { integerIn, oneOf, readView, writeView } from '../../../../client/url-state.ts';
import {
  curvesChart,
  DEFAULT_CURVES_VIEW,
  describeEpoch,
  OWN_CURVES,
  SERIES,
  type CurvesData,
  type CurvesView,
  type OwnCurves,
} from '../../curves.ts';
import type { LineChart } from '../../line-chart.ts';
import { makeChartChoice } from '../choice.ts';
import { choiceButtons, redraw, type FigureParts } from '../figure.ts';

const RANGES = ['all', 'late'] as const;

/** Figure 2: an epoch to point at and to choose, series to switch on and off, the range of epochs. */
export function mount(parts: FigureParts): void {
  const { figure, lang } = parts;
  const data = parts.data as CurvesData & { best: number };
  const toggles = [...figure.querySelectorAll<HTMLButtonElement>('button[data-toggle]')];

  const asked = readView(figure.id);
  const [hidden, shown] = [asked['hide'], asked['show']].map((names = '') => names.split('+'));
  const view: CurvesView = {
    show: { ...DEFAULT_CURVES_VIEW.show },
    range: oneOf(asked['range'], RANGES, 'all'),
  };
  for (const series of SERIES) {
    view.show[series] = view.show[series] ? !hidden!.includes(series) : shown!.includes(series);
  }
  let charts: LineChart[] = [];

  function draw(): void {
    charts = redraw(parts, (width) => curvesChart(data, view, width, lang));
    for (const button of toggles) {
      const series = oneOf(button.dataset['toggle'], SERIES, 'train');
      button.setAttribute('aria-pressed', String(view.show[series]));
    }
    markRange(view.range);
  }

  function save(): void {
    const changed = (to: boolean): string | undefined =>
      SERIES.filter((series) => view.show[series] === to && DEFAULT_CURVES_VIEW.show[series] !== to).join(
        '+',
      ) || undefined;
    writeView(figure.id, {
      epoch: epoch.chosen === data.best ? undefined : String(epoch.chosen),
      range: view.range === 'all' ? undefined : view.range,
      hide: changed(false),
      show: changed(true),
    });
  }

  function update(): void {
    draw();
    epoch.show();
    save();
  }

  for (const button of toggles) {
    button.addEventListener('click', () => {
      const series = oneOf(button.dataset['toggle'], SERIES, 'train');
      view.show[series] = !view.show[series];
      update();
    });
  }
  const markRange = choiceButtons(parts, 'range', RANGES, (range) => {
    view.range = range;
    update();
  });
  draw();
  figure.addEventListener(OWN_CURVES, (event) => {
    data.own = (event as CustomEvent<OwnCurves>).detail;
    draw();
    epoch.show();
  });
  const epoch = makeChartChoice(parts, {
    chosen: integerIn(asked['epoch'], 1, data.epochs.at(-1)!.epoch, data.best),
    charts: () => charts,
    describe: (epoch) => describeEpoch(data, epoch, lang),
    save,
  });
}
