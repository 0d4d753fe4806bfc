import { ablationGeometry, drawAblationCursor, type AblationData } from '../ablation.ts';
import { readView, writeView } from '../../../client/url-state.ts';
import { chooseByKey, placeIn, type FigureParts } from './figure.ts';

/** The remedies in the browser: one to hover, to choose, or to reach by the arrow keys, and to read in words. */
export function mount({ figure, variants, readout, data: given }: FigureParts): void {
  const data = given as AblationData & { chosen: number };
  const geometries = variants.map(({ width }) => ablationGeometry(data, width));
  const asked = data.rows.findIndex(({ id }) => id === readView(figure.id)['run']);
  let chosen = asked === -1 ? data.chosen : asked;

  function show(row: number): void {
    variants.forEach(({ svg }, i) => {
      const cursor = svg.querySelector('.cursor');
      if (cursor) cursor.innerHTML = drawAblationCursor(geometries[i]!, row);
    });
    const { sentence } = data.rows[row]!;
    if (readout && readout.textContent !== sentence) readout.textContent = sentence;
  }

  function choose(row: number): void {
    chosen = Math.min(data.rows.length - 1, Math.max(0, row));
    show(chosen);
    writeView(figure.id, { run: chosen === data.chosen ? undefined : data.rows[chosen]!.id });
  }

  variants.forEach(({ svg }, i) => {
    const rowAt = (event: PointerEvent) => geometries[i]!.rowAt(placeIn(svg, event).y);
    svg.addEventListener('pointermove', (event) => show(rowAt(event)));
    svg.addEventListener('pointerleave', () => show(chosen));
    svg.addEventListener('click', (event) => choose(rowAt(event as PointerEvent)));
  });

  chooseByKey(
    figure.querySelector('.plot'),
    () => ({
      ArrowDown: chosen + 1,
      ArrowUp: chosen - 1,
      Home: 0,
      End: data.rows.length - 1,
    }),
    choose,
  );
  show(chosen);
}
