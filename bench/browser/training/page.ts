/** A page holds one contestant; the benchmark drives it from outside. */
import type { Contestant, Work } from './contestant.ts';

let entrant: Contestant | undefined;

const bench = {
  /** Brings the contestant in, and does a first step, which compiles. */
  async enter(name: 'own' | 'peer', work: Work): Promise<void> {
    const { contestant } = await (name === 'own' ? import('./own.ts') : import('./peer.ts'));
    entrant = await contestant(work);
    await entrant.step();
  },
  /** @returns milliseconds of each step, and the last loss */
  async run(steps: number): Promise<{ times: number[]; loss: number }> {
    const times: number[] = [];
    let loss = NaN;
    for (let i = 0; i < steps; i++) {
      const started = performance.now();
      loss = await entrant!.step();
      times.push(performance.now() - started);
    }
    return { times, loss };
  },
};

Object.assign(globalThis, { bench });
