import { integerIn, readView, writeView } from '../../../../client/url-state.ts';
import { charts as t } from '../../../../i18n/charts.ts';
import { batchesChart, batchRange, epochLog, type BatchesData, type LogHistory } from '../../training-log.ts';
import { makeChartChoice } from '../choice.ts';
import { setText, type FigureParts } from '../figure.ts';

/** Figure 1: an epoch to point at and to choose, whose log is shown. */
export function mount(parts: FigureParts): void {
  const { figure, lang, variants } = parts;
  const data = parts.data as BatchesData & { history: Omit<LogHistory, 'batches'>; chosen: number };
  const history: LogHistory = { ...data.history, batches: data.batches };
  const charts = variants.map(({ width }) => batchesChart(data, width, lang));
  makeChartChoice(parts, {
    chosen: integerIn(readView(figure.id)['epoch'], 1, data.epochs, data.chosen),
    charts: () => charts,
    describe(epoch) {
      setText(figure.querySelector('pre.run'), epochLog(history, epoch, lang));
      setText(figure.querySelector('.logs .epoch'), t(lang, 'logEpoch', { epoch }));
      const range = batchRange(history, epoch, lang);
      return range ? t(lang, 'logReadout', { epoch, ...range }) : '';
    },
    save: (epoch) => writeView(figure.id, { epoch: epoch === data.chosen ? undefined : String(epoch) }),
  });
}
