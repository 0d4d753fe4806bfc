/** The reader's drawings in the browser's storage: the one on the drawing page, and those with their classes. */
import { CLASS_COUNT, IMAGE_PIXELS } from '../../../data/dataset.ts';
import type { LabelledImage } from '../../../training/lessons.ts';
import { parseDrawing, visible, type Action } from '../../../drawing/strokes.ts';

/** Drawn on the drawing page. */
const DRAWING = 'drawing';
/** To be taught to the network. */
const LABELLED = 'drawings';

/**
 * Stores the drawing with the way back to before it was last cleared or replaced, twice: what came with a link replaces
 * the reader's own drawing, and may be replaced in turn. @returns whether the browser let it
 */
export function storeDrawing(actions: readonly Action[]): boolean {
  return store(DRAWING, actions.length ? visible(actions, 3) : null);
}

/** The drawing of the last visit; empty where none can be read. */
export function storedDrawing(): Action[] {
  try {
    return parseDrawing(JSON.parse(localStorage.getItem(DRAWING) ?? '[]'));
  } catch {
    return [];
  }
}

/** @returns whether the browser let it */
export function storeLabelled(drawings: readonly LabelledImage[]): boolean {
  return store(LABELLED, drawings.map(encode));
}

/** Those of earlier visits and of other tabs; what cannot be read is left out. */
export function storedLabelled(): LabelledImage[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(LABELLED) ?? '[]');
    return Array.isArray(stored) ? stored.flatMap(decode) : [];
  } catch {
    return [];
  }
}

/** Calls back when another tab has changed the labelled drawings. */
export function onLabelledElsewhere(changed: () => void): void {
  window.addEventListener('storage', ({ key }) => {
    // All keys at once have none.
    if (key === LABELLED || key === null) changed();
  });
}

/** @param value null for nothing */
function store(key: string, value: unknown): boolean {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify(value));
    return true;
  } catch {
    return false; // Storage is blocked or full.
  }
}

const encode = ({ label, pixels }: LabelledImage) => ({
  label,
  pixels: btoa(String.fromCharCode(...pixels)),
});

/** The class behind the ten is the reader's own. */
function decode(value: unknown): LabelledImage[] {
  const { label, pixels } = value as { label?: unknown; pixels?: unknown };
  if (!Number.isInteger(label) || (label as number) < 0 || (label as number) > CLASS_COUNT) return [];
  if (typeof pixels !== 'string') return [];
  try {
    const bytes = Uint8Array.from(atob(pixels), (character) => character.charCodeAt(0));
    return bytes.length === IMAGE_PIXELS ? [{ label: label as number, pixels: bytes }] : [];
  } catch {
    return [];
  }
}
