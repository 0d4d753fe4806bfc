/** A photograph with black around it, so that every contour is closed. */
import { IMAGE_SIZE } from '../../data/images.ts';

const MARGIN = 2;
/** Side in pixels. */
export const FIELD = IMAGE_SIZE + 2 * MARGIN;
/** A grey that is hardly ground any more. */
export const FAINT = 10;

/** @param photo 28×28 bytes @returns values [FIELD × FIELD] */
export function padded(photo: Uint8Array): Float32Array {
  const field = new Float32Array(FIELD * FIELD);
  for (let y = 0; y < IMAGE_SIZE; y++) {
    for (let x = 0; x < IMAGE_SIZE; x++)
      field[(y + MARGIN) * FIELD + x + MARGIN] = photo[y * IMAGE_SIZE + x]!;
  }
  return field;
}

/** Each value mixed with its neighbours, 1 : 2 : 1 along rows and columns; the border stays. */
export function blurred(field: Float32Array): Float32Array {
  const rows = field.slice();
  for (let i = FIELD; i < field.length - FIELD; i++)
    rows[i] = field[i]! / 2 + (field[i - 1]! + field[i + 1]!) / 4;
  const result = rows.slice();
  for (let i = FIELD; i < field.length - FIELD; i++)
    result[i] = rows[i]! / 2 + (rows[i - FIELD]! + rows[i + FIELD]!) / 4;
  return result;
}
