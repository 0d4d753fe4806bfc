/** Sheets of images, as `npm run data` writes them and the site reads them. */
import { IMAGE_PIXELS, IMAGE_SIZE } from './dataset.ts';

/** How a set of images is laid out over sheets, row by row without gaps. */
export interface SheetLayout {
  count: number;
  perSheet: number;
  columns: number;
}

/** Where a sheet is, and the SHA-256 of its pixels in grey, one byte each, row by row. */
export interface Sheet {
  readonly url: string;
  readonly pixels: string;
}

/** The sheets, the address of the labels, and the layout of the sheets. */
export interface ImageSet extends SheetLayout {
  readonly sheets: readonly Sheet[];
  /** One byte per image: its class. */
  readonly labels: string;
}

/** Where an image lies: the number of its sheet, and its upper left corner there in pixels. */
export interface SheetPosition {
  sheet: number;
  x: number;
  y: number;
}

/** Size of each sheet in pixels. */
export const sheetSize = ({ perSheet, columns }: SheetLayout): { width: number; height: number } => ({
  width: columns * IMAGE_SIZE,
  height: Math.ceil(perSheet / columns) * IMAGE_SIZE,
});

/** @throws {RangeError} if the set has no such image */
export function placeOf(image: number, { count, perSheet, columns }: SheetLayout): SheetPosition {
  if (!Number.isInteger(image) || image < 0 || image >= count) {
    throw new RangeError(`There is no image ${image} among ${count}.`);
  }
  const index = image % perSheet;
  return {
    sheet: Math.floor(image / perSheet),
    x: (index % columns) * IMAGE_SIZE,
    y: Math.floor(index / columns) * IMAGE_SIZE,
  };
}

/**
 * Cuts one image out of a decoded sheet. In a browser, decode with
 * `createImageBitmap(blob, { colorSpaceConversion: 'none' })`, draw on a canvas of `sheetSize` and take `getImageData`:
 * the bytes are then exactly the dataset's.
 *
 * @param pixels RGBA, row by row, and the sheet's width in pixels, such as `ImageData`
 * @returns [28·28] bytes, 0 black (background) to 255 white
 */
export function cropImage(
  pixels: { readonly data: Uint8ClampedArray | Uint8Array; readonly width: number },
  { x, y }: { x: number; y: number },
): Uint8Array {
  const image = new Uint8Array(IMAGE_PIXELS);
  for (let row = 0; row < IMAGE_SIZE; row++) {
    let from = 4 * ((y + row) * pixels.width + x);
    for (let column = 0; column < IMAGE_SIZE; column++, from += 4) {
      image[row * IMAGE_SIZE + column] = pixels.data[from] ?? 0;
    }
  }
  return image;
}

/**
 * The inverse for one sheet: lays images out side by side.
 * @param images at most `perSheet` images of 28·28 bytes, one after another
 * @returns grey, one byte per pixel, of `sheetSize`
 */
export function layOut(images: Uint8Array, layout: SheetLayout): Uint8Array<ArrayBuffer> {
  const { width, height } = sheetSize(layout);
  const sheet = new Uint8Array(width * height);
  for (let image = 0; image < images.length / IMAGE_PIXELS; image++) {
    const { x, y } = placeOf(image, { ...layout, count: layout.perSheet });
    for (let row = 0; row < IMAGE_SIZE; row++) {
      const from = image * IMAGE_PIXELS + row * IMAGE_SIZE;
      sheet.set(images.subarray(from, from + IMAGE_SIZE), (y + row) * width + x);
    }
  }
  return sheet;
}
