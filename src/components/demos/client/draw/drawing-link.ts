/** A drawing in an address, after its #: no server receives it. */
import { parseDrawing, picture, visible, type Action } from '../../../../drawing/strokes.ts';

/** The drawing in the page's address, as text; null where there is none. */
export const linkedText = (): string | null => new URLSearchParams(location.hash.slice(1)).get('drawing');

/** Messengers cut longer addresses off. */
const LONGEST = 2000;

/** Begins the text of a drawing that is packed as {@link pack} does; without it, it is deflated JSON, as in older links. */
const PACKED = '1.';

/** To how many parts of a pixel points are kept: all that the pad knows, or fewer where the link grows too long. */
const STEPS = [4, 2, 1];

/** The page's address with this drawing in it; null where it would be too long to be sent. */
export async function addressOf(actions: readonly Action[]): Promise<URL | null> {
  for (const steps of STEPS) {
    const address = new URL(location.href);
    address.hash = `drawing=${await toText(actions, steps)}`;
    if (address.href.length <= LONGEST) return address;
  }
  return null;
}

/** Leaves the drawing out of the page's address. */
export function clearLink(): void {
  if (linkedText() !== null) history.replaceState(null, '', location.pathname + location.search);
}

/** A drawing as text, in the alphabet of base64url. @param steps the parts of a pixel to which points are kept */
export async function toText(actions: readonly Action[], steps = STEPS[0]!): Promise<string> {
  const bytes = await through(new CompressionStream('deflate-raw'), pack(visible(actions), steps));
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return PACKED + btoa(binary).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
}

/** Inverse of {@link toText}. @throws where the text is no drawing */
export async function fromText(text: string): Promise<Action[]> {
  const packed = text.startsWith(PACKED);
  const base64 = text.slice(packed ? PACKED.length : 0);
  const binary = atob(base64.replace(/-/g, '+').replace(/_/g, '/'));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const content = await through(new DecompressionStream('deflate-raw'), bytes);
  return parseDrawing(packed ? unpack(content) : JSON.parse(new TextDecoder().decode(content)));
}

async function through(
  stream: CompressionStream | DecompressionStream,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await new Response(new Blob([bytes]).stream().pipeThrough(stream)).arrayBuffer());
}

const KINDS: readonly Action['kind'][] = ['clear', 'stroke', 'fill', 'picture', 'group'];

/** Actions as whole numbers, small ones in one byte: a line's points as the changes of its direction. */
function pack(actions: readonly Action[], steps: number): Uint8Array<ArrayBuffer> {
  const bytes: number[] = [];
  const write = (value: number): void => {
    let rest = value < 0 ? -2 * value - 1 : 2 * value;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
    bytes.push(rest);
  };
  const place = (value: number): number => Math.round(value * steps);
  const writeAll = (list: readonly Action[]): void => {
    write(list.length);
    for (const action of list) {
      write(KINDS.indexOf(action.kind));
      switch (action.kind) {
        case 'stroke':
          for (const value of [action.ink, +(action.mirror ?? 0), +(action.closed ?? 0)]) write(value);
          write(action.points.length / 3);
          for (let axis = 0; axis < 3; axis++) {
            let [before, last] = [0, 0];
            for (let i = axis; i < action.points.length; i += 3) {
              const next = place(action.points[i]!);
              write(next - last - (last - before));
              [before, last] = [i === axis ? next : last, next];
            }
          }
          break;
        case 'fill':
          for (const value of [action.ink, place(action.x), place(action.y)]) write(value);
          break;
        case 'picture':
          write(action.side);
          for (const text of [atob(action.pixels), action.warning ?? '']) {
            for (const character of text) bytes.push(character.charCodeAt(0));
          }
          bytes.push(0);
          break;
        case 'group':
          writeAll(action.actions);
      }
    }
  };
  write(steps);
  writeAll(actions);
  return Uint8Array.from(bytes);
}

/** Inverse of {@link pack}; what comes back is still to be checked. @throws RangeError where the bytes end too early */
function unpack(bytes: Uint8Array): unknown {
  let at = 0;
  const byte = (): number => {
    if (at >= bytes.length) throw new RangeError('The drawing is cut off.');
    return bytes[at++]!;
  };
  const read = (): number => {
    let [value, unit, next] = [0, 1, byte()];
    for (; next > 127; next = byte(), unit *= 128) value += (next - 128) * unit;
    value += next * unit;
    return value % 2 ? -(value + 1) / 2 : value / 2;
  };
  const list = <T>(length: number, item: (i: number) => T): T[] => {
    // Each takes a byte at least: no number that was made up may fill the memory.
    if (length > bytes.length) throw new RangeError('The drawing is cut off.');
    return Array.from({ length }, (_, i) => item(i));
  };
  const steps = read();
  const actions = (): unknown[] => list(read(), action);
  const action = (): unknown => {
    const kind = KINDS[read()];
    switch (kind) {
      case 'stroke': {
        const [ink, mirror, closed, count] = [read(), read() === 1, read() === 1, read()];
        const axes = [0, 1, 2].map(() => {
          let [before, last] = [0, 0];
          return list(count, (i) => {
            const next = read() + last + (last - before);
            [before, last] = [i === 0 ? next : last, next];
            return next / steps;
          });
        });
        return {
          kind,
          ink,
          mirror,
          closed,
          points: axes[0]!.flatMap((x, i) => [x, axes[1]![i], axes[2]![i]]),
        };
      }
      case 'fill':
        return { kind, ink: read(), x: read() / steps, y: read() / steps };
      case 'picture': {
        const side = read();
        const pixels = list(side * side, byte);
        let warning = '';
        for (let code = byte(); code; code = byte()) warning += String.fromCharCode(code);
        return picture(side, pixels, warning);
      }
      case 'group':
        return { kind, actions: actions() };
      default:
        return { kind };
    }
  };
  return actions();
}
