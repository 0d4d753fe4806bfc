/** The pictures of public icon and emoji sets as people might bring them. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { PICTURE_SIDE } from '../../src/drawing/found-garment.ts';
import { UserError } from '../../src/node/errors.ts';
import { shown } from '../../src/node/files.ts';
import { NAMED_PICTURES, type NamedPictures, WEIGHTS } from './names.ts';

const FOLDER = import.meta.dirname;

/** Installs the sets unless they are there. @throws UserError if that fails */
export function installSets(log: (line: string) => void): void {
  if (NAMED_PICTURES.every(({ set }) => existsSync(join(FOLDER, 'node_modules', set)))) return;
  log(`The pictures are not installed; npm ci puts them into ${shown(FOLDER)}/node_modules (some 100 MB).`);
  const options = { cwd: FOLDER, stdio: 'inherit', shell: process.platform === 'win32' } as const;
  if (spawnSync('npm', ['ci', '--no-progress'], options).status !== 0) {
    throw new UserError(
      `The pictures could not be installed; see npm's messages above, or run "npm ci" in ${shown(FOLDER)} yourself.`,
      1,
    );
  }
}

export const RENDERINGS = ['on white', 'on transparency', 'inverted', 'white cut-out'] as const;
export type Rendering = (typeof RENDERINGS)[number];

export interface Pixels {
  /** Four bytes per pixel, row by row. */
  readonly rgba: Uint8Array;
  readonly width: number;
  readonly height: number;
}

export interface SetPicture {
  /** The package, without its scope. */
  readonly set: string;
  readonly name: string;
  /** null if it is not a garment. */
  readonly class: number | null;
  readonly ambiguous: boolean;
  readonly file: Buffer;
}

/** All pictures that are named. @throws UserError naming one that a set does not have */
export function readPictures(): SetPicture[] {
  return NAMED_PICTURES.flatMap((named) => {
    const { garments, ambiguous = {}, others = '' } = named;
    const read = named.set.startsWith('@iconify-json/') ? iconReader(named) : emojiReader(named);
    const all = (names: string, label: number | null, isAmbiguous = false): SetPicture[] =>
      names
        .split(' ')
        .filter(Boolean)
        .flatMap((name) =>
          name.endsWith('*') ? WEIGHTS.map((weight) => name.slice(0, -1) + weight) : [name],
        )
        .map((name) => {
          const file = read(name);
          if (!file) throw new UserError(`${named.set} has no picture "${name}".`);
          return { set: named.set.split('/').at(-1)!, name, class: label, ambiguous: isAmbiguous, file };
        });
    return [
      ...Object.entries(garments).flatMap(([label, names]) => all(names, Number(label))),
      ...Object.entries(ambiguous).flatMap(([label, names]) => all(names, Number(label), true)),
      ...all(others, null),
    ];
  });
}

type Reader = (name: string) => Buffer | undefined;

interface Box {
  left?: number;
  top?: number;
  width?: number;
  height?: number;
}

function iconReader({ set }: NamedPictures): Reader {
  const file = join(FOLDER, 'node_modules', set, 'icons.json');
  const { icons, ...usual } = JSON.parse(readFileSync(file, 'utf8')) as Box & {
    icons: Record<string, Box & { body: string }>;
  };
  return (name) => {
    if (!icons[name]) return undefined;
    const { left, top, width, height, body } = {
      left: 0,
      top: 0,
      width: 16,
      height: 16,
      ...usual,
      ...icons[name],
    };
    return Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${left} ${top} ${width} ${height}" width="${width}" height="${height}" color="#000">${body}</svg>`,
    );
  };
}

function emojiReader({ set }: NamedPictures): Reader {
  const folder = join(FOLDER, 'node_modules', set);
  const emoji = JSON.parse(readFileSync(join(folder, 'emoji.json'), 'utf8')) as {
    short_name: string;
    image: string;
  }[];
  return (name) => {
    const image = emoji.find((each) => each.short_name === name)?.image;
    return image === undefined ? undefined : readFileSync(join(folder, 'img/twitter/64', image));
  };
}

/** Vector graphics are drawn at the size that pictures are brought to, others keep theirs. */
export async function renderPicture({ file }: SetPicture, rendering: Rendering): Promise<Pixels> {
  let image = sharp(file);
  const { format, width, height } = await image.metadata();
  if (format === 'svg') {
    const scale = PICTURE_SIDE / Math.max(width, height);
    image = sharp(file, { density: Math.min(10_000, 72 * scale) }).resize({
      width: Math.round(width * scale),
    });
  }
  if (rendering === 'on white' || rendering === 'inverted') image = image.flatten({ background: '#fff' });
  if (rendering === 'inverted') image = sharp(await image.png().toBuffer()).negate({ alpha: false });
  const { data, info } = await image.ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  if (rendering === 'white cut-out') for (let i = 0; i < data.length; i += 4) data.fill(255, i, i + 3);
  return { rgba: data, width: info.width, height: info.height };
}
