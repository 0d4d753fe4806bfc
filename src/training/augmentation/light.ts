/**
 * Makes a garment lighter or darker and its greys more or less alike, in place. The ground, which is black, stays so.
 * @param gain all greys are multiplied by this
 * @param contrast how far from their mean they are then, as part of how far they were
 */
export function relight(image: Uint8Array, gain: number, contrast: number): void {
  let [sum, count] = [0, 0];
  for (const pixel of image) {
    sum += pixel;
    count += Number(pixel > 0);
  }
  if (count === 0) return;
  const mean = (gain * sum) / count;
  for (let i = 0; i < image.length; i++) {
    const pixel = image[i]!;
    if (pixel === 0) continue;
    // What was garment stays at least a trace of it.
    image[i] = Math.min(255, Math.max(1, Math.round(mean + (gain * pixel - mean) * contrast)));
  }
}
