/** Lines resampled, smoothed, simplified, and made to look drawn by hand. In closed ones the last point is joined to the first. */
import type { Random } from '../../math/random.ts';
import type { Line } from './shapes.ts';

/** Points at equal distances of `step`; of a closed line the result ends with its first point. */
export function resample(line: Line, step: number, closed: boolean): Line {
  const source = closed ? [...line, line[0]!, line[1]!] : line;
  const result: Line = [source[0]!, source[1]!];
  let left = step;
  for (let i = 2; i + 1 < source.length; i += 2) {
    let [x, y] = [source[i - 2]!, source[i - 1]!];
    const [toX, toY] = [source[i]!, source[i + 1]!];
    let length = Math.hypot(toX - x, toY - y);
    while (length >= left) {
      x += ((toX - x) * left) / length;
      y += ((toY - y) * left) / length;
      length = Math.hypot(toX - x, toY - y);
      result.push(x, y);
      left = step;
    }
    left -= length;
  }
  result.push(source.at(-2)!, source.at(-1)!);
  return result;
}

/** Moves each point half way to the middle of its neighbours, repeatedly. */
export function smooth(line: Line, times: number, closed: boolean): Line {
  let current = line;
  const count = line.length;
  for (let round = 0; round < times; round++) {
    const before = current;
    current = before.map((value, i) => {
      const ends = i < 2 || i >= count - 2;
      if (ends && !closed) return value;
      return value / 2 + (before[(i + count - 2) % count]! + before[(i + 2) % count]!) / 4;
    });
  }
  return current;
}

/** Drops points of an open line within `tolerance` of the line between others (Douglas and Peucker). */
export function simplify(line: Line, tolerance: number): Line {
  const count = line.length / 2;
  const kept = new Uint8Array(count);
  kept[0] = kept[count - 1] = 1;
  const open: [number, number][] = [[0, count - 1]];
  for (let range = open.pop(); range; range = open.pop()) {
    const [from, to] = range;
    const [x0, y0] = [line[2 * from]!, line[2 * from + 1]!];
    const [dx, dy] = [line[2 * to]! - x0, line[2 * to + 1]! - y0];
    const length = Math.hypot(dx, dy);
    let [farthest, distance] = [-1, tolerance];
    for (let i = from + 1; i < to; i++) {
      const [px, py] = [line[2 * i]! - x0, line[2 * i + 1]! - y0];
      const off = length < 1e-9 ? Math.hypot(px, py) : Math.abs(px * dy - py * dx) / length;
      if (off > distance) [farthest, distance] = [i, off];
    }
    if (farthest < 0) continue;
    kept[farthest] = 1;
    open.push([from, farthest], [farthest, to]);
  }
  return line.filter((_, i) => kept[i >> 1]);
}

/** Slow waves of up to about `amplitude`, as from an unsteady hand. */
export function wobble(line: Line, amplitude: number, random: Random): Line {
  const waves = [40, 17, 8].map((length, i) => ({
    frequency: (2 * Math.PI) / (length * (0.7 + 0.6 * random.uniform())),
    size: (amplitude * [0.6, 0.3, 0.15][i]! * (0.5 + random.uniform())) / 1,
    phases: [2 * Math.PI * random.uniform(), 2 * Math.PI * random.uniform()],
  }));
  let travelled = 0;
  return line.map((value, i) => {
    if (i >= 2 && i % 2 === 0) {
      travelled += Math.hypot(value - line[i - 2]!, line[i + 1]! - line[i - 1]!);
    }
    let offset = 0;
    for (const { frequency, size, phases } of waves) {
      offset += size * Math.sin(frequency * travelled + phases[i % 2]!);
    }
    return value + offset;
  });
}

/** The line in pieces, with gaps between them. @param share approximate part of the points that is left out */
export function withGaps(line: Line, share: number, random: Random): Line[] {
  const count = line.length / 2;
  const pieces: Line[] = [];
  const gaps = 1 + random.below(4);
  const gap = Math.max(1, Math.round((count * share) / gaps));
  let at = 0;
  for (let i = 0; i < gaps && at < count; i++) {
    const stretch = Math.round(((count - gaps * gap) / gaps) * (0.6 + 0.8 * random.uniform()));
    const end = Math.min(count, at + Math.max(2, stretch));
    pieces.push(line.slice(2 * at, 2 * end));
    at = end + gap;
  }
  if (count - at > 2) pieces.push(line.slice(2 * at));
  return pieces.filter((piece) => piece.length >= 4);
}
