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
 * A real image blown up by whole pixels, with ink at two opposite edges, comes back unchanged.
 */
export function prepare(image: Grey): Uint8Array<ArrayBuffer> | null {
  const box = inkBox(image);
  if (!box) return null;
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  const longer = Math.max(width, height);
  const across = cells(box.left, width, longer);
  const down = cells(box.top, height, longer);

  const result = new Uint8Array(SIDE * SIDE);
  const row = new Float64Array(across.cells.length);
  const area = (width / across.cells.length) * (height / down.cells.length);
  down.cells.forEach((rows, y) => {
    row.fill(0);
    for (const [sourceY, weightY] of rows) {
      const offset = sourceY * image.width;
      across.cells.forEach((columns, x) => {
        let sum = 0;
        for (const [sourceX, weightX] of columns) sum += weightX * image.pixels[offset + sourceX]!;
        row[x]! += weightY * sum;
      });
    }
    row.forEach((sum, x) => {
      result[(down.start + y) * SIDE + across.start + x] = Math.round(sum / area);
    });
  });
  return result;
}

type Overlap = [pixel: number, share: number];

/**
 * Along one axis: which of the 28 cells a side of the box takes, and for each the source pixels it covers and how much
 * of each. Sides are of whole cells and an odd rest goes before them, as in all but a few of the dataset's images.
 */
function cells(from: number, length: number, longer: number): { start: number; cells: Overlap[][] } {
  const count = Math.max(1, Math.round((SIDE * length) / longer));
  return {
    start: Math.ceil((SIDE - count) / 2),
    cells: Array.from({ length: count }, (_, cell) => {
      const left = from + (cell * length) / count;
      const right = from + ((cell + 1) * length) / count;
      const covered: Overlap[] = [];
      for (let pixel = Math.floor(left); pixel < right; pixel++) {
        const share = Math.min(right, pixel + 1) - Math.max(left, pixel);
        if (share > 0) covered.push([pixel, share]);
      }
      return covered;
    }),
  };
}
