import type { PicksData } from '../picks.ts';
import { readView, writeView } from '../url-state.ts';
import type { FigureParts } from './figure.ts';

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

  figure.querySelector('.plot')?.addEventListener('keydown', (event) => {
    const { key, altKey, ctrlKey, metaKey } = event as KeyboardEvent;
    if (altKey || ctrlKey || metaKey) return;
    const next: Record<string, number> = {
      ArrowRight: chosen + 1,
      ArrowLeft: chosen - 1,
      ArrowDown: chosen + columns,
      ArrowUp: chosen - columns,
      Home: 0,
      End: picks.length - 1,
    };
    if (next[key] === undefined) return;
    choose(next[key]);
    event.preventDefault();
  });

  figure.querySelector('a[data-more]')?.addEventListener('click', () => {
    const { view } = picks[chosen]!;
    // In the address for a figure that is not awake yet, as an event for one that is.
    writeView(target, view);
    document.querySelector(`#${target}`)?.dispatchEvent(new CustomEvent('explore', { detail: view }));
  });
  show(chosen);
}
