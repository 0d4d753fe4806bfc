import { readView, writeView } from '../../../../client/url-state.ts';
import { ablationGeometry, drawAblationCursor, type AblationData } from '../../ablation.ts';
import { arrowStep, makeChoice } from '../choice.ts';
import { markCursor, readOut, type FigureParts } from '../figure.ts';

/** The improvements: a row to point at and to choose. */
export function mount(parts: FigureParts): void {
  const { figure, variants } = parts;
  const { chosen: standard, ...data } = parts.data as AblationData & { chosen: number };
  const geometries = variants.map(({ width }) => ablationGeometry(data, width));
  const asked = data.rows.findIndex(({ id }) => id === readView(figure.id)['run']);
  makeChoice(parts, {
    chosen: asked === -1 ? standard : asked,
    under: ({ y }, variant) => geometries[variant]!.rowAt(y),
    step: arrowStep(data.rows.length),
    show(row) {
      markCursor(parts, (i) => drawAblationCursor(geometries[i]!, row));
      readOut(parts, data.rows[row]!.sentence);
    },
    save: (row) => writeView(figure.id, { run: row === standard ? undefined : data.rows[row]!.id }),
  });
}
