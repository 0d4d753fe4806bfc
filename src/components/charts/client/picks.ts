import type { PicksData } from '../picks.ts';
import { readView, writeView } from '../../../client/url-state.ts';
import { ask, chooseByKey, type FigureParts } from './figure.ts';

/** A chart whose parts are told in words: one to hover, to choose, or to reach by the arrow keys. */
export function mount({ figure, variants, readout, data: given }: FigureParts): void {
  const { picks, columns, first, target } = given as PicksData;
  const indexOf = (key: string | undefined): number => picks.findIndex((each) => each.key === key);
  const asked = indexOf(readView(figure.id)['pick']);
  let chosen = asked === -1 ? indexOf(first) : asked;

  function show(index: number): void {
    const { key, sentence } = picks[index]!;
    for (const { svg } of variants) {
      for (const part of svg.querySelectorAll<SVGElement>('.pick')) {
        part.classList.toggle('chosen', part.dataset['pick'] === key);
      }
    }
    if (readout && readout.textContent !== sentence) readout.textContent = sentence;
  }

  function choose(index: number): void {
    if (index < 0 || index >= picks.length) return;
    chosen = index;
    show(chosen);
    const { key } = picks[chosen]!;
    writeView(figure.id, { pick: key === first ? undefined : key });
  }

  const under = (event: Event): number =>
    indexOf((event.target as Element).closest<SVGElement>('.pick')?.dataset['pick']);
  for (const { svg } of variants) {
    svg.addEventListener('pointermove', (event) => {
      const index = under(event);
      show(index === -1 ? chosen : index);
    });
    svg.addEventListener('pointerleave', () => show(chosen));
    svg.addEventListener('click', (event) => choose(under(event)));
  }

  chooseByKey(
    figure.querySelector('.plot'),
    () => ({
      ArrowRight: chosen + 1,
      ArrowLeft: chosen - 1,
      ArrowDown: chosen + columns,
      ArrowUp: chosen - columns,
      Home: 0,
      End: picks.length - 1,
    }),
    choose,
  );

  figure.querySelector('a[data-more]')?.addEventListener('click', () => {
    ask(target, picks[chosen]!.view);
  });
  show(chosen);
}
