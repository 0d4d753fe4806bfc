/**
 * A drawing becomes an image for the network as the dataset's photographs did: cropped to its ink, the longer side
 * brought to 28 pixels, centred by its box, averaged down. Works on grey arrays, so Node and every browser agree.
 */

/** A grey image, row by row: 0 is the black ground, 255 the lightest garment. */
export interface Grey {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array | Uint8ClampedArray;
}

/** A box in pixels: `left` and `top` belong to it, `right` and `bottom` are the first that do not. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Side of the network's image. */
export const SIDE = 28;

/** The smallest box around everything that is not black; null for an empty image. */
export function inkBox({ width, height, pixels }: Grey): Box | null {
  if (pixels.length !== width * height) {
    throw new RangeError(`${width}×${height} pixels were announced, ${pixels.length} came.`);
  }
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0; y < height; y++) {
    const row = pixels.subarray(y * width, (y + 1) * width);
    const first = row.findIndex((pixel) => pixel > 0);
    if (first < 0) continue;
    left = Math.min(left, first);
    right = Math.max(right, row.findLastIndex((pixel) => pixel > 0) + 1);
    top = Math.min(top, y);
    bottom = y + 1;
  }
  return bottom === 0 ? null : { left, top, right, bottom };
}

/**
 * The 28×28 image, 0 to 255, that the network gets for a drawing; null where nothing is drawn.
 * A real image blown up by whole pixels whose ink touches two opposite edges comes back unchanged.
 */
export function prepare(image: Grey): Uint8Array<ArrayBuffer> | null {
  const box = inkBox(image);
  if (!box) return null;
  const length = Math.max(box.right - box.left, box.bottom - box.top);
  const across = overlaps((box.left + box.right - length) / 2, length, box.left, box.right);
  const down = overlaps((box.top + box.bottom - length) / 2, length, box.top, box.bottom);

  const result = new Uint8Array(SIDE * SIDE);
  const row = new Float64Array(SIDE);
  const area = (length / SIDE) ** 2;
  for (let y = 0; y < SIDE; y++) {
    row.fill(0);
    for (const [sourceY, weightY] of down[y]!) {
      const offset = sourceY * image.width;
      for (let x = 0; x < SIDE; x++) {
        let sum = 0;
        for (const [sourceX, weightX] of across[x]!) sum += weightX * image.pixels[offset + sourceX]!;
        row[x]! += weightY * sum;
      }
    }
    for (let x = 0; x < SIDE; x++) result[y * SIDE + x] = Math.round(row[x]! / area);
  }
  return result;
}

/** For each of the 28 cells that divide [start, start + length): the source pixels it covers and how much of each. */
function overlaps(
  start: number,
  length: number,
  from: number,
  to: number,
): [pixel: number, share: number][][] {
  return Array.from({ length: SIDE }, (_, cell) => {
    const left = start + (cell * length) / SIDE;
    const right = start + ((cell + 1) * length) / SIDE;
    const covered: [number, number][] = [];
    for (let pixel = Math.max(from, Math.floor(left)); pixel < Math.min(to, Math.ceil(right)); pixel++) {
      const share = Math.min(right, pixel + 1) - Math.max(left, pixel);
      if (share > 0) covered.push([pixel, share]);
    }
    return covered;
  });
}
