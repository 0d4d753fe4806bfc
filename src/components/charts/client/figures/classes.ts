import { integerIn, readView, writeView, type View } from '../../../../client/url-state.ts';
import type { FigureParts } from '../figure.ts';

/** The gallery: the address holds the class whose images are open. */
export function mount({ figure }: FigureParts): void {
  const classes = [...figure.querySelectorAll<HTMLDetailsElement>('.gallery details')];
  const open = (view: View) => (classes[integerIn(view['class'], 0, classes.length - 1, 0)]!.open = true);
  open(readView(figure.id));
  figure.addEventListener('explore', (event) => open((event as CustomEvent<View>).detail));
  classes.forEach((each, label) =>
    each.addEventListener('toggle', () => {
      if (each.open) writeView(figure.id, { class: label === 0 ? undefined : String(label) });
    }),
  );
}
