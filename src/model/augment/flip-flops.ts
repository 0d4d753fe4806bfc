/**
 * Flip-flops as people draw them: from above, one or a pair. No photograph of the dataset shows a sandal so, and none can
 * be turned into it.
 */
import type { Random } from '../random.ts';
import { between, chance } from './chance.ts';
import type { Line } from './contours.ts';
import { mirrored, type Point } from './details/shapes.ts';
import { FIELD } from './field.ts';
import type { Subject } from './subject.ts';

export function flipFlops(random: Random): Subject {
  const [ball, waist, heel] = [
    between(random, 3.6, 5.2),
    between(random, 2.3, 3.6),
    between(random, 2.7, 3.8),
  ];
  // The big toe's side is straighter.
  const toe = between(random, -1, 1);
  const sole: Point[] = [
    [toe, -13], [ball * 0.7, -12], [ball, -8], [ball * 0.9, -4], [waist, 2], [heel * 0.95, 6], [heel, 10], [heel * 0.6, 12.6], [0, 13],
    [-heel * 0.6, 12.6], [-heel, 10], [-heel * 0.95, 6], [-waist, 2], [-ball * 0.9, -4], [-ball, -8], [-ball * 0.7, -12],
  ]; // prettier-ignore
  const [front, back] = [between(random, -10, -6.5), between(random, -3, 3)];
  const wide = back < -1 ? ball : waist;
  const bend = between(random, 0, 1.5);
  const strap: Point[] = [[-wide, back], [-wide * 0.55, (front + back) / 2 - bend], [toe / 2, front], [wide * 0.55, (front + back) / 2 - bend], [wide, back]]; // prettier-ignore
  const pair = chance(random, 0.5);
  const apart = pair ? ball + between(random, 0.8, 2.5) : 0;
  const middle = (FIELD - 1) / 2;
  const both = (points: readonly Point[]): Line[] => {
    const left = points.flatMap(([x, y]) => [x - apart + middle, y + middle]);
    const right = mirrored(points).flatMap(([x, y]) => [x + apart + middle, y + middle]);
    return pair ? [left, right] : [left];
  };
  return {
    shapes: both(sole),
    details: { lines: both(strap), openings: [] },
    field: new Float32Array(FIELD * FIELD),
  };
}
