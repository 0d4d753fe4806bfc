/** The page of one candidate, which the benchmark drives from outside. */
import type { CandidateModule, CandidateName, PageBenchmark, Step } from '../candidates.ts';

const MODULES: Record<CandidateName, () => Promise<CandidateModule<never>>> = {
  'our-training': () => import('./our-training.ts'),
  'jax-training': () => import('./jax-training.ts'),
  'our-prediction': () => import('./our-prediction.ts'),
  'onnxruntime-prediction': () => import('./onnxruntime-prediction.ts'),
};

let step: Step;

const bench: PageBenchmark = {
  async start(name, task) {
    const started = performance.now();
    const { start } = await MODULES[name]();
    step = await start(task as never);
    await step(0);
    return performance.now() - started;
  },
  async run(steps) {
    const times: number[] = [];
    const results: number[][] = [];
    for (let i = 0; i < steps; i++) {
      const started = performance.now();
      const result = await step(i);
      times.push(performance.now() - started);
      results.push(Array.from(result));
    }
    return { times, results };
  },
  async traffic(batch) {
    const [{ START }, { countTraffic }] = await Promise.all([
      import('../../../src/engines/web/backends.ts'),
      import('../traffic.ts'),
    ]);
    await START.webgpu({ forced: true, threads: false, report: () => undefined });
    return countTraffic(batch);
  },
};

Object.assign(globalThis, { bench });
