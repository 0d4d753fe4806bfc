/** Turns a photograph into a grey image like the dataset's: a light garment on black, without the background. */
import type { Grey } from './preparation.ts';

/**
 * Treats everything that looks like the picture's border as background.
 * @param rgba four bytes per pixel, row by row; transparent pixels are background
 * @param threshold how much a pixel must differ from the border's colour to be garment: 0 everything … 255 nothing
 */
export function garment(rgba: ArrayLike<number>, width: number, height: number, threshold: number): Grey {
  const border = [0, 1, 2].map((channel) => medianOfBorder(rgba, width, height, channel));
  const inverted = luminance(border[0]!, border[1]!, border[2]!) > 127;
  const pixels = new Uint8Array(width * height);
  for (let i = 0; i < pixels.length; i++) {
    const [red, green, blue, alpha] = [rgba[4 * i]!, rgba[4 * i + 1]!, rgba[4 * i + 2]!, rgba[4 * i + 3]!];
    const distance = Math.max(
      Math.abs(red - border[0]!),
      Math.abs(green - border[1]!),
      Math.abs(blue - border[2]!),
    );
    if (alpha < 128 || distance <= threshold) continue;
    const light = luminance(red, green, blue);
    // A garment of the background's own brightness must not vanish into black.
    pixels[i] = Math.max(1, Math.round(inverted ? 255 - light : light));
  }
  return { width, height, pixels };
}

/** Rec. 601, as image libraries convert to grey. */
const luminance = (red: number, green: number, blue: number): number =>
  0.299 * red + 0.587 * green + 0.114 * blue;

function medianOfBorder(rgba: ArrayLike<number>, width: number, height: number, channel: number): number {
  const values: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const outer = y === 0 || y === height - 1 || x === 0 || x === width - 1;
      const i = 4 * (y * width + x);
      if (outer && rgba[i + 3]! >= 128) values.push(rgba[i + channel]!);
    }
  }
  values.sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? 255;
}
