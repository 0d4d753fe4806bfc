/** This project's training in a worker. */
import type { Step, TrainingTask } from '../candidates.ts';
import { asking } from './worker.ts';

export async function start(task: TrainingTask): Promise<Step> {
  const request = asking(
    new Worker(new URL('./our-training-worker.ts', import.meta.url), { type: 'module' }),
  );
  await request(task);
  return (number) => request(number);
}
