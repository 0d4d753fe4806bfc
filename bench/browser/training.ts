/** Steps of training in the browser: this project with its own kernels and with tfjs's, and jax-js, in turn. */
import { median } from 'd3';
import type { Browser, Page } from 'playwright-core';
import { messageOf } from '../../src/node/errors.ts';
import { alignColumns } from '../../src/node/terminal.ts';
import { type CandidateName, runSteps, startCandidate, type TrainingTask } from './candidates.ts';

interface Candidate {
  title: string;
  name: CandidateName;
  task: TrainingTask;
  page?: Page;
  /** Milliseconds of each step. */
  times: number[];
  failure?: string;
}

/**
 * Each in its own page, all of them in turn, round after round.
 * @param origin serves the page
 * @param withJax whether jax-js is installed
 * @returns a table
 */
export async function compareTraining(
  browser: Browser,
  origin: string,
  task: TrainingTask,
  withJax: boolean,
  rounds: number,
  steps: number,
): Promise<string> {
  const threaded: Candidate = {
    title: 'on threads',
    name: 'our-training',
    task: { ...task, threads: true },
    times: [],
  };
  const candidates: Candidate[] = [
    { title: 'this project', name: 'our-training', task, times: [] },
    ...(task.backend === 'wasm' ? [threaded] : []),
    { title: 'with tfjs’s kernels', name: 'our-training', task: { ...task, stock: true }, times: [] },
  ];
  if (withJax) candidates.push({ title: 'jax-js', name: 'jax-training', task, times: [] });
  for (let round = 0; round < rounds; round++) {
    for (const candidate of candidates) {
      if (candidate.failure) continue;
      try {
        candidate.page ??= (await startCandidate(browser, origin, candidate.name, candidate.task)).page;
        candidate.times.push(...(await runSteps(candidate.page, steps)).times);
      } catch (error) {
        candidate.failure = messageOf(error);
      }
    }
  }
  for (const { page } of candidates) await page?.close();
  const rows = candidates.map(({ title, times, failure }) => {
    if (failure) return [title, failure];
    const middle = median(times)!;
    const imagesPerSecond = (1000 * task.batch) / middle;
    return [
      title,
      imagesPerSecond.toPrecision(3),
      `${middle.toFixed(0)} ms`,
      `${Math.min(...times).toFixed(0)} ms`,
    ];
  });
  return alignColumns([['', 'images/s', 'median step', 'fastest'], ...rows], '<>>>').join('\n');
}
