/** A photo, an icon or any other picture file becomes pixels in which a garment can be looked for. */
import { PICTURE_SIDE } from '../../../../drawing/found-garment.ts';
import { InputError } from '../../failures.ts';

/** Larger files, and pictures of more pixels, are refused before they are decoded. */
const LIMIT_MEGABYTES = 40;
const LIMIT_MEGAPIXELS = 100;

/** Brands in the head of a file that holds HEIC, which few browsers read. */
const HEIC = /^ftyp(hei[cxms]|hev[cxms]|mif1|msf1)/;

/**
 * Decodes a picture in any format that the browser knows, upright and brought to a size at which garments are found.
 * Nothing in a file is ever run, and nothing loaded that it refers to.
 * @throws InputError
 */
export async function readPhoto(file: Blob): Promise<ImageData> {
  if (!readsTruly()) throw new InputError('falsified');
  if (file.size > LIMIT_MEGABYTES * 1e6) throw new InputError('largeImage', { limit: LIMIT_MEGABYTES });
  const head = await file.slice(0, 1000).text();
  try {
    return file.type === 'image/svg+xml' || /^\s*(<\?xml|<!--|<!DOCTYPE svg|<svg)/i.test(head)
      ? await draw(await decode(checkedSvg(await file.text())), (image) => [image.width, image.height])
      : await draw(await readBitmap(file), (bitmap) => [bitmap.width, bitmap.height]);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(HEIC.test(head.slice(4)) ? 'heic' : 'badImage');
  }
}

/**
 * Whether what is read of a canvas is what was drawn: protection against fingerprinting may make noise or a blank of it.
 * A noise that is slight does no harm.
 */
function readsTruly(): boolean {
  const side = 16;
  const context = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true })!;
  context.fillRect(0, 0, side / 2, side);
  const { data } = context.getImageData(0, 0, side, side);
  const wrong = data.reduce((sum, value, i) => {
    const drawn = i % 4 === 3 && (i >> 2) % side < side / 2 ? 255 : 0;
    return sum + Math.abs(value - drawn);
  }, 0);
  return wrong / data.length < 16;
}

async function readBitmap(file: Blob): Promise<ImageBitmap> {
  // Read from its head: an image element does not decode what is not shown.
  const { naturalWidth, naturalHeight } = await decode(file, false);
  if (naturalWidth * naturalHeight > LIMIT_MEGAPIXELS * 1e6) {
    throw new InputError('vastImage', { limit: LIMIT_MEGAPIXELS });
  }
  return createImageBitmap(file);
}

/** @param whole whether its pixels are needed, not only its size @throws where the browser cannot read it */
async function decode(file: Blob, whole = true): Promise<HTMLImageElement> {
  const image = new Image();
  const loaded = new Promise((resolve, reject) => {
    image.onload = resolve;
    image.onerror = reject;
  });
  image.src = URL.createObjectURL(file);
  try {
    await loaded;
    if (whole) await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

/** The picture's pixels, no more than PICTURE_SIDE on the longer side. */
async function draw<T extends CanvasImageSource>(
  image: T,
  size: (image: T) => [width: number, height: number],
): Promise<ImageData> {
  const scale = Math.min(1, PICTURE_SIDE / Math.max(...size(image)));
  const [width, height] = size(image).map((side) => Math.max(1, Math.round(side * scale))) as [
    number,
    number,
  ];
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(image, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

/** What an SVG may not hold: code, and whatever is not in the file itself. As an image it would neither run nor load. */
const UNSAFE =
  /<(\w+:)?(script|foreignObject|iframe)\b|<!ENTITY|<\?xml-stylesheet|\son[a-z]+\s*=|@import|\b(href|src)\s*=\s*["']\s*(?!#|data:image\/)|url\(\s*(?!["']?\s*(#|data:image\/))/i;

/** Vector graphics as large as they are needed, whatever size they give or do not give. @throws InputError */
function checkedSvg(text: string): Blob {
  if (UNSAFE.test(text)) throw new InputError('unsafeSvg');
  const sized = text.replace(/<svg\b[^>]*/i, (root) => {
    const attribute = (name: string) => new RegExp(`\\s${name}\\s*=\\s*["']([^"']*)`, 'i').exec(root)?.[1];
    const side = (name: string) => Number.parseFloat(attribute(name) ?? '') || PICTURE_SIDE;
    const box = attribute('viewBox') ?? `0 0 ${side('width')} ${side('height')}`;
    const [width = 1, height = 1] = box
      .trim()
      .split(/[\s,]+/)
      .slice(2)
      .map(Number);
    const scale = PICTURE_SIDE / Math.max(width, height);
    const others = root.replace(/\s(width|height|viewBox)\s*=\s*("[^"]*"|'[^']*')/gi, '');
    return `${others} viewBox="${box}" width="${width * scale}" height="${height * scale}"`;
  });
  return new Blob([sized], { type: 'image/svg+xml' });
}
