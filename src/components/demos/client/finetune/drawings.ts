/** The reader's own drawings with their classes, kept in the browser's storage as the network gets them. */
import { IMAGE_PIXELS } from '../../../../data/images.ts';

const KEY = 'drawings';

export interface LabelledDrawing {
  readonly label: number;
  /** 28×28 greys. */
  readonly pixels: Uint8Array;
}

/** Those of earlier visits and of other tabs; what cannot be read is left out. */
export function readDrawings(): LabelledDrawing[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.flatMap(decode) : [];
  } catch {
    return [];
  }
}

/** Keeps them for the next visit; says whether the browser took them. */
export function writeDrawings(drawings: readonly LabelledDrawing[]): boolean {
  try {
    localStorage.setItem(KEY, JSON.stringify(drawings.map(encode)));
    return true;
  } catch {
    return false; // Storage is blocked or full.
  }
}

/** Whether a storage event tells of drawings that another tab has changed. */
export const isAboutDrawings = (event: StorageEvent): boolean => event.key === KEY || event.key === null;

const encode = ({ label, pixels }: LabelledDrawing) => ({
  label,
  pixels: btoa(String.fromCharCode(...pixels)),
});

function decode(value: unknown): LabelledDrawing[] {
  const { label, pixels } = value as { label?: unknown; pixels?: unknown };
  if (!Number.isInteger(label) || (label as number) < 0 || (label as number) > 9) return [];
  if (typeof pixels !== 'string') return [];
  try {
    const bytes = Uint8Array.from(atob(pixels), (character) => character.charCodeAt(0));
    return bytes.length === IMAGE_PIXELS ? [{ label: label as number, pixels: bytes }] : [];
  } catch {
    return [];
  }
}
