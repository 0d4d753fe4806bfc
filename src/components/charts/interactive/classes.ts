import { integerIn, readView, writeView } from '../url-state.ts';
import type { FigureParts } from './figure.ts';

/** The gallery in the browser: the class whose images are open stands in the address. */
export function mount({ figure }: FigureParts): void {
  const classes = [...figure.querySelectorAll<HTMLDetailsElement>('.gallery details')];
  const asked = integerIn(readView(figure.id)['class'], 0, classes.length - 1, 0);
  if (asked !== 0) classes[asked]!.open = true;
  classes.forEach((each, label) =>
    each.addEventListener('toggle', () => {
      if (each.open) writeView(figure.id, { class: label === 0 ? undefined : String(label) });
    }),
  );
}
