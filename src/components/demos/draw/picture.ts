/** A picture file becomes pixels that can be put on the pad. */
import { garment } from '../../../model/photo.ts';
import { picture, type Picture } from '../../../model/strokes.ts';

/** Larger files are refused before they are decoded. */
export const LIMIT_MEGABYTES = 40;

/** Side to which pictures are brought: five times the network's, so that they still look like something on the pad. */
const SIDE = 140;

/** The picture, whole and centred in a square of SIDE, four bytes a pixel. */
export interface Photo {
  readonly rgba: Uint8ClampedArray;
}

/** Why a file cannot be taken. */
export type PhotoFault = 'largeImage' | 'badImage';

export class PhotoError extends Error {
  override name = 'PhotoError';
  readonly fault: PhotoFault;

  constructor(fault: PhotoFault) {
    super(fault);
    this.fault = fault;
  }
}

/**
 * Decodes a picture that the browser knows. Vector graphics are none of them: nothing in a file is ever run.
 * @throws PhotoError
 */
export async function readPhoto(file: Blob): Promise<Photo> {
  if (file.size > LIMIT_MEGABYTES * 1e6) throw new PhotoError('largeImage');
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new PhotoError('badImage');
  }
  const scale = SIDE / Math.max(bitmap.width, bitmap.height);
  const [width, height] = [Math.max(1, bitmap.width * scale), Math.max(1, bitmap.height * scale)];
  const context = new OffscreenCanvas(SIDE, SIDE).getContext('2d', { willReadFrequently: true })!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
  bitmap.close();
  return { rgba: context.getImageData(0, 0, SIDE, SIDE).data };
}

/** The picture without its background, as an action; null where nothing is left at this threshold. */
export function photoAction({ rgba }: Photo, threshold: number): Picture | null {
  const { pixels } = garment(rgba, SIDE, SIDE, threshold);
  return pixels.some((pixel) => pixel > 0) ? picture(SIDE, pixels) : null;
}
