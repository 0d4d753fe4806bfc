/** A drawing in an address, after its #: no server receives it. */
import { parseDrawing, visible, type Action } from '../../../../drawing/strokes.ts';

/** The drawing in the page's address, as text; null where there is none. */
export const linkedText = (): string | null => new URLSearchParams(location.hash.slice(1)).get('drawing');

/** The page's address with this drawing in it. */
export async function addressOf(actions: readonly Action[]): Promise<URL> {
  const address = new URL(location.href);
  address.hash = `drawing=${await toText(actions)}`;
  return address;
}

/** Leaves the drawing out of the page's address. */
export function clearLink(): void {
  if (linkedText() !== null) history.replaceState(null, '', location.pathname + location.search);
}

/** A drawing as text: deflated JSON in base64url. */
export async function toText(actions: readonly Action[]): Promise<string> {
  const bytes = await through(
    new CompressionStream('deflate-raw'),
    new TextEncoder().encode(JSON.stringify(visible(actions))),
  );
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** Inverse of {@link toText}. @throws where the text is no drawing */
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
