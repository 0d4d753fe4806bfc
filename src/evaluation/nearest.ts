/** Images that look alike: nearest by the sum of squared differences of their pixels. */

/**
 * @param image its bytes
 * @param library images of the same size, one after another
 * @returns the numbers of the nearest, nearest first
 */
export function nearest(image: Uint8Array, library: Uint8Array, count: number): number[] {
  const size = image.length;
  const distances = Array.from({ length: library.length / size }, (_, number) => {
    let distance = 0;
    for (let i = 0; i < size; i++) distance += (image[i]! - library[number * size + i]!) ** 2;
    return { number, distance };
  });
  distances.sort((a, b) => a.distance - b.distance || a.number - b.number);
  return distances.slice(0, count).map(({ number }) => number);
}
