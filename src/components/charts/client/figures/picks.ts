import { readView, writeView } from '../../../../client/url-state.ts';
import type { FigureName } from '../../figures.ts';
import type { PicksData } from '../../picking.ts';
import { arrowStep, makeChoice } from '../choice.ts';
import { readOut, requestView, type FigureParts } from '../figure.ts';

/** Any chart with parts to pick: one to point at and to choose, and a link to the figure that shows more of it. */
export function mount(parts: FigureParts): void {
  const { figure, variants } = parts;
  const { picks, columns, first, parameter = 'pick' } = parts.data as PicksData;
  const indexOf = (key: string | undefined): number => picks.findIndex((pick) => pick.key === key);
  const asked = indexOf(readView(figure.id)[parameter]);
  const choice = makeChoice(parts, {
    chosen: asked === -1 ? indexOf(first) : asked,
    partAt: (_, __, { target }) => indexOf((target as Element).closest<SVGElement>('.pick')?.dataset['pick']),
    step: arrowStep(picks.length, columns),
    show(index) {
      const { key, sentence } = picks[index]!;
      for (const part of variants.flatMap(({ svg }) => [...svg.querySelectorAll<SVGElement>('.pick')])) {
        part.classList.toggle('chosen', part.dataset['pick'] === key);
      }
      readOut(parts, sentence);
    },
    save(index) {
      const { key } = picks[index]!;
      writeView(figure.id, { [parameter]: key === first ? undefined : key });
    },
  });
  const more = figure.querySelector<HTMLElement>('a[data-more]');
  more?.addEventListener('click', () => {
    requestView(more.dataset['more'] as FigureName, picks[choice.chosen]!.view ?? {});
  });
}
