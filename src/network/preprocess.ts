/** From pixels to what the network takes: (x/255 − mean) / deviation. */

/** Mean of all pixels of the training set, scaled to [0, 1]. */
export const PIXEL_MEAN = 0.286;
/** Standard deviation of the same. */
export const PIXEL_DEVIATION = 0.353;

const BYTES = Float32Array.from({ length: 256 }, (_, byte) => (byte / 255 - PIXEL_MEAN) / PIXEL_DEVIATION);

/** Bytes 0 … 255 (0 is the background), normalised. */
export function normaliseBytes(pixels: Uint8Array): Float32Array {
  const normalised = new Float32Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) normalised[i] = BYTES[pixels[i]!]!;
  return normalised;
}

/** Intensities from 0 to 1, normalised. */
export function normalise(intensities: ArrayLike<number>): Float32Array {
  return Float32Array.from(intensities, (x) => (x - PIXEL_MEAN) / PIXEL_DEVIATION);
}

/** Some images of a set, one after another. @param size pixels of an image */
export function gatherImages(pixels: Uint8Array, indices: ArrayLike<number>, size: number): Uint8Array {
  const gathered = new Uint8Array(indices.length * size);
  for (let n = 0; n < indices.length; n++) {
    const from = indices[n]! * size;
    gathered.set(pixels.subarray(from, from + size), n * size);
  }
  return gathered;
}
