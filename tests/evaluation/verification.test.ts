import { describe, expect, it } from 'vitest';
import { Verification, type Piece } from '../../src/evaluation/verification.ts';

/** Five images of two classes, in pieces of two. */
const LABELS = Uint8Array.from([0, 1, 1, 0, 1]);
const fresh = (views = 1) => new Verification(LABELS, { views, size: 2, classes: 2 });
/** Certain of these classes. */
const answering = (...answers: number[]) => answers.flatMap((answer) => (answer === 0 ? [1, 0] : [0, 1]));
const predictions = [0, 1, 0, 0, 1];
const of = ({ from, to }: Piece) => answering(...predictions.slice(from, to));

describe('a verification', () => {
  it('hands out every piece once and adds up what comes back', () => {
    const check = fresh();
    const pieces: Piece[] = [];
    for (let piece = check.next(); piece; piece = check.next()) {
      pieces.push(piece);
      expect(check.result(0)).toBeNull();
      check.add(piece, of(piece));
    }
    expect(pieces.map(({ from, to }) => [from, to])).toEqual([
      [0, 2],
      [2, 4],
      [4, 5],
    ]);
    const { images, correct, accuracy, matrix, answers } = check.result(0)!;
    expect({ images, correct, accuracy }).toEqual({ images: 5, correct: 4, accuracy: 0.8 });
    expect(matrix).toEqual([
      [2, 0],
      [1, 2],
    ]);
    expect([...answers]).toEqual(predictions);
  });

  it('counts only images that are there, and hands out again what was given back', () => {
    const check = fresh();
    const [first, second] = [check.next()!, check.next()!];
    check.add(second, of(second));
    check.giveBack(first);
    expect(check.sofar()).toEqual({
      images: 2,
      correct: 1,
      matrix: [
        [1, 0],
        [1, 0],
      ],
    });
    expect(check.next()).toEqual(first);
  });

  it('averages the views of an ensemble, and counts no image before all of them are there', () => {
    const check = fresh(2);
    const [first, second] = [check.next()!, check.next()!];
    check.add(first, [0.6, 0.4, 0.6, 0.4]);
    check.add(second, [0.6, 0.4, 0.6, 0.4]);
    expect(check.sofar().images).toBe(0);
    check.next();
    const again = check.next()!;
    expect([again.view, again.from]).toEqual([1, 0]);
    check.add(again, [0.1, 0.9, 0.5, 0.5]);
    // Means .35 and .65, .55 and .45: the first image is of class 0, the second of class 1.
    expect(check.sofar()).toMatchObject({ images: 2, correct: 0 });
    expect([check.done, check.total]).toEqual([6, 10]);
  });

  it('goes on from a state that was kept, without what is there', () => {
    const before = fresh();
    const [first, second] = [before.next()!, before.next()!];
    before.add(second, of(second));
    const after = fresh();
    after.restore(structuredClone(before.state));
    expect(after.done).toBe(2);
    expect(after.sofar()).toEqual(before.sofar());
    expect(after.next()).toEqual(first);
    const third = after.next()!;
    expect(third.from).toBe(4);
    expect(after.next()).toBeUndefined();
    after.add(first, of(first));
    after.add(third, of(third));
    expect(after.result(0)!.correct).toBe(4);
  });

  it('refuses probabilities of another number of images', () => {
    const check = fresh();
    expect(() => check.add(check.next()!, [1, 0])).toThrow('There are 2 probabilities where 4 are due.');
  });
});
