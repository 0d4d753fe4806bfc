/** A photo, or any other picture file, becomes pixels that can be put on the pad. */
import { garment } from '../../../../drawing/photograph.ts';
import { picture, type Picture } from '../../../../drawing/strokes.ts';
import { InputError } from '../../failures.ts';

/** Larger files, and pictures of more pixels, are refused before they are decoded. */
const LIMIT_MEGABYTES = 40;
const LIMIT_MEGAPIXELS = 100;

/** Side to which pictures are brought: five times the network's, so that they still look like something on the pad. */
const SIDE = 140;

/** The picture, whole and centred in a square of SIDE, four bytes a pixel. */
export interface Photo {
  readonly rgba: Uint8ClampedArray;
}

/**
 * Decodes a picture in any format that the browser knows, except vector graphics: nothing in a file is ever run.
 * @throws InputError
 */
export async function readPhoto(file: Blob): Promise<Photo> {
  if (file.size > LIMIT_MEGABYTES * 1e6) throw new InputError('largeImage', { limit: LIMIT_MEGABYTES });
  if ((await pixelCount(file)) > LIMIT_MEGAPIXELS * 1e6)
    throw new InputError('vastImage', { limit: LIMIT_MEGAPIXELS });
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(file);
  } catch {
    throw new InputError('badImage');
  }
  const scale = SIDE / Math.max(bitmap.width, bitmap.height);
  const [width, height] = [Math.max(1, bitmap.width * scale), Math.max(1, bitmap.height * scale)];
  const context = new OffscreenCanvas(SIDE, SIDE).getContext('2d', { willReadFrequently: true })!;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, (SIDE - width) / 2, (SIDE - height) / 2, width, height);
  bitmap.close();
  return { rgba: context.getImageData(0, 0, SIDE, SIDE).data };
}

/** Read from its head: an image element does not decode what is not shown. @throws InputError */
async function pixelCount(file: Blob): Promise<number> {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await new Promise((resolve, reject) => {
      image.onload = resolve;
      image.onerror = reject;
    });
    return image.naturalWidth * image.naturalHeight;
  } catch {
    throw new InputError('badImage');
  } finally {
    URL.revokeObjectURL(image.src);
  }
}

/** The picture without its background, as an action; null where nothing is left at this threshold. */
export function photoAction({ rgba }: Photo, threshold: number): Picture | null {
  const { pixels } = garment(rgba, SIDE, SIDE, threshold);
  return pixels.some((pixel) => pixel > 0) ? picture(SIDE, pixels) : null;
}
