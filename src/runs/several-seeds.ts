/** Several runs that differ by their seeds alone, and how far they lie apart. */
import { basename } from 'node:path';
import { readMetrics } from '../artifacts/run.ts';
import { meanAndDeviation } from '../evaluation/metrics.ts';
import { percent } from '../node/terminal.ts';
import { runFolders } from './run-folders.ts';
import { defaultId, makePlan } from './plan.ts';
import { folderReader } from '../node/files.ts';
import { loadRecord } from './checkpoint.ts';
import type { TrainOptions } from './train-options.ts';

/** The options of each run; those of the next are made only when the run before is done. */
export function* seedOptions(options: TrainOptions): Generator<TrainOptions> {
  const { seed: first } = makePlan(options).recipe;
  for (let i = 0; i < options.seeds!; i++) {
    const seed = first + i;
    const output = options.output === undefined ? undefined : `${options.output}-seed-${seed}`;
    const own = { ...options, seed, output, seeds: undefined };
    // Runs that have not begun have no checkpoint to resume from.
    const begun = loadRecord(runFolders(output ?? defaultId(makePlan(own)), undefined).state) !== null;
    yield { ...own, resume: options.resume && begun };
  }
}

/** Mean and standard deviation of what published runs reached, as a table for the terminal. */
export async function spreadLines(outputs: readonly string[]): Promise<string[]> {
  const runs = await Promise.all(
    outputs.map((output) => readMetrics(basename(output), folderReader(output))),
  );
  const row = (name: string, values: readonly number[], digits = 2): string => {
    const { mean, deviation } = meanAndDeviation(values);
    return `${name.padEnd(22)}${percent(mean, digits)} ± ${percent(deviation, digits)}   (${values.map((value) => percent(value, digits)).join(', ')})`;
  };
  const validation = runs.flatMap((run) => (run.validation ? [run.validation.accuracy] : []));
  return [
    '',
    `${runs.length} runs of seeds ${runs.map(({ seeds }) => seeds['run']).join(', ')}; mean ± standard deviation:`,
    ...(validation.length === runs.length ? [row('Validation accuracy', validation)] : []),
    row(
      'Test accuracy',
      runs.map(({ test }) => test.accuracy),
    ),
    row(
      'F1 of the worst class',
      runs.map(({ report }) => Math.min(...report.classes.map(({ f1 }) => f1))),
    ),
  ];
}
