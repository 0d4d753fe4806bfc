import type { ConfusionGeometry } from '../confusion.ts';
import { placeIn } from './figure.ts';

/** A cell of a confusion matrix. */
export interface Place {
  row: number;
  column: number;
}

const STEPS: Record<string, (place: Place) => Place> = {
  ArrowUp: ({ row, column }) => ({ row: Math.max(0, row - 1), column }),
  ArrowDown: ({ row, column }) => ({ row: Math.min(9, row + 1), column }),
  ArrowLeft: ({ row, column }) => ({ row, column: Math.max(0, column - 1) }),
  ArrowRight: ({ row, column }) => ({ row, column: Math.min(9, column + 1) }),
  Home: ({ row }) => ({ row, column: 0 }),
  End: ({ row }) => ({ row, column: 9 }),
};

/** The cell under a pointer; null beside the matrix. */
export function cellAt(
  { left, top, size }: ConfusionGeometry,
  svg: SVGSVGElement,
  event: PointerEvent,
): Place | null {
  const { x, y } = placeIn(svg, event);
  const [row, column] = [Math.floor((y - top) / size), Math.floor((x - left) / size)];
  return row >= 0 && row < 10 && column >= 0 && column < 10 ? { row, column } : null;
}

/**
 * The cell to which a key leads; null for none any more, undefined where the key means nothing.
 * @param first where the choice begins
 */
export function cellByKey(
  event: KeyboardEvent,
  chosen: Place | null,
  first: Place,
): Place | null | undefined {
  if (event.altKey || event.ctrlKey || event.metaKey) return undefined;
  if (event.key === 'Escape') return null;
  const step = STEPS[event.key];
  return step && (chosen ? step(chosen) : first);
}
