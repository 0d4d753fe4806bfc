/** A page holds one contestant; the benchmark drives it from outside. */
import { knownImages } from '../../../src/data/images.ts';
import type { Contestant, Task } from './contestant.ts';

let entrant: Contestant | undefined;

const images = knownImages();

const bench = {
  /** @returns milliseconds from nothing, code and model not loaded, to the first answer; the answers to all images */
  async enter(name: 'own' | 'peer', task: Task): Promise<{ milliseconds: number; answers: number[] }> {
    const started = performance.now();
    const { contestant } = await (name === 'own' ? import('./own.ts') : import('./peer.ts'));
    entrant = await contestant(task);
    await entrant.predict(images[0]!);
    const milliseconds = performance.now() - started;
    const answers: number[] = [];
    // Warms up as well.
    for (const image of images) answers.push(...Array.from(await entrant.predict(image)));
    return { milliseconds, answers };
  },
  /** @returns milliseconds of each prediction, from the page to the worker and back */
  async run(count: number): Promise<number[]> {
    const times: number[] = [];
    for (let i = 0; i < count; i++) {
      const image = images[i % images.length]!;
      const started = performance.now();
      await entrant!.predict(image);
      times.push(performance.now() - started);
    }
    return times;
  },
};

Object.assign(globalThis, { bench });
