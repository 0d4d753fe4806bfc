import type { Random } from '../../math/random.ts';

/** Least and greatest part of the image that is erased. */
const AREA = [0.02, 0.33] as const;
/** Height over width lies between this and its inverse. */
const ASPECT = 0.3;
/** A rectangle that does not fit is drawn again, this often. */
const ATTEMPTS = 10;

/** Fills a rectangle anywhere with noise: random erasing (Zhong et al., https://arxiv.org/abs/1708.04896). */
export function eraseRectangle(image: Uint8Array, side: number, random: Random): void {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const area = side * side * (AREA[0] + random.uniform() * (AREA[1] - AREA[0]));
    const aspect = Math.exp((2 * random.uniform() - 1) * -Math.log(ASPECT));
    const height = Math.round(Math.sqrt(area * aspect));
    const width = Math.round(Math.sqrt(area / aspect));
    if (height < 1 || width < 1 || height >= side || width >= side) continue;
    const [top, left] = [random.below(side - height + 1), random.below(side - width + 1)];
    for (let y = top; y < top + height; y++) {
      for (let x = left; x < left + width; x++) image[y * side + x] = random.next() >>> 24;
    }
    return;
  }
}
