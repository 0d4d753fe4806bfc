/** 28×28 greys on the screen. */
import { IMAGE_PIXELS, IMAGE_SIZE } from '../../../../data/images.ts';

/** As the pixels of a canvas. */
export function imageOf(greys: ArrayLike<number>): ImageData {
  const image = new ImageData(IMAGE_SIZE, IMAGE_SIZE);
  for (let i = 0; i < IMAGE_PIXELS; i++) {
    const grey = greys[i] ?? 0;
    image.data.set([grey, grey, grey, 255], 4 * i);
  }
  return image;
}

/** A canvas that shows them, one pixel each. */
export function greyCanvas(greys: ArrayLike<number>): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = IMAGE_SIZE;
  canvas.getContext('2d')!.putImageData(imageOf(greys), 0, 0);
  return canvas;
}
