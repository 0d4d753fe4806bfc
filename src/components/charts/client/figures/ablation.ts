import { readView, writeView } from '../../../../client/url-state.ts';
import { ablationChart, type AblationData } from '../../ablation.ts';
import { arrowStep, makeChartChoice } from '../choice.ts';
import type { FigureParts } from '../figure.ts';

/** The improvements: a row to point at and to choose. */
export function mount(parts: FigureParts): void {
  const { figure, lang, variants } = parts;
  const { chosen: standard, ...data } = parts.data as AblationData & { chosen: number };
  const charts = variants.map(({ width }) => ablationChart(data, width, lang));
  const asked = data.rows.findIndex(({ id }) => id === readView(figure.id)['run']);
  makeChartChoice(parts, {
    chosen: asked === -1 ? standard : asked,
    charts: () => charts,
    step: arrowStep(data.rows.length),
    describe: (row) => data.rows[row]!.sentence,
    save: (row) => writeView(figure.id, { run: row === standard ? undefined : data.rows[row]!.id }),
  });
}
