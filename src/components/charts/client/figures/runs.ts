import { readView, writeView } from '../../../../client/url-state.ts';
import { comparisonChart, type ComparisonData } from '../../comparison.ts';
import { redraw, type FigureParts } from '../figure.ts';

/** The curves of all runs: which of them are in colour. */
export function mount(parts: FigureParts): void {
  const { figure, lang } = parts;
  const { runs, first, reference } = parts.data as ComparisonData;
  const buttons = [...figure.querySelectorAll<HTMLButtonElement>('button[data-toggle]')];
  const asked = readView(figure.id)['show']?.split('+');
  const chosen = new Set(asked ? runs.map(({ id }) => id).filter((id) => asked.includes(id)) : first);

  function draw(): void {
    redraw(parts, (width) => comparisonChart(runs, [...chosen], reference, width, lang));
    for (const button of buttons) {
      button.setAttribute('aria-pressed', String(chosen.has(button.dataset['toggle']!)));
    }
  }

  for (const button of buttons) {
    const id = button.dataset['toggle']!;
    button.addEventListener('click', () => {
      if (!chosen.delete(id)) chosen.add(id);
      draw();
      const isFirst = chosen.size === first.length && first.every((each) => chosen.has(each));
      writeView(figure.id, { show: isFirst ? undefined : [...chosen].join('+') });
    });
  }
  draw();
}
