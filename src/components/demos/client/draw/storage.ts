/** Drawings outlive the page: in the browser's storage, and in links. */
import { parseDrawing, visible, type Action } from '../../../../drawing/strokes.ts';

const KEY = 'drawing';

/**
 * Keeps a drawing for the next visit, with the way back to what a last Clear took; says whether the browser took it.
 */
export function store(actions: readonly Action[]): boolean {
  try {
    if (actions.length) localStorage.setItem(KEY, JSON.stringify(visible(actions, 2)));
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false; // Storage is blocked or full.
  }
}

/** The drawing of the last visit; empty where there is none that can be read. */
export function restore(): Action[] {
  try {
    return parseDrawing(JSON.parse(localStorage.getItem(KEY) ?? '[]'));
  } catch {
    return [];
  }
}

/** A drawing as text for an address: deflated JSON in base64url. */
export async function toText(actions: readonly Action[]): Promise<string> {
  const bytes = await through(
    new CompressionStream('deflate-raw'),
    new TextEncoder().encode(JSON.stringify(visible(actions))),
  );
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** The drawing in an address. @throws where the text is none. */
export async function fromText(text: string): Promise<Action[]> {
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const json = new TextDecoder().decode(await through(new DecompressionStream('deflate-raw'), bytes));
  return parseDrawing(JSON.parse(json));
}

async function through(
  stream: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}
