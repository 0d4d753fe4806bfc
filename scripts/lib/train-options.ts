/** The flags of `npm run train`. */
import type { Metrics } from '../../src/artifacts/schema.ts';
import { BACKEND_NAMES, type BackendName } from '../../src/engines/node/choose.ts';
import { CliError } from './cli.ts';
import { filled, oneOf, readFlags, whole } from './flags.ts';

/** What the user asked for; undefined where nothing was said. */
export interface TrainOptions {
  preset?: string;
  epochs?: number;
  limit?: number;
  batch?: number;
  seed?: number;
  data?: DataName;
  backend?: BackendName;
  threads?: number;
  output?: string;
  stateDir?: string;
  checkpointSeconds?: number;
  resume: boolean;
  restart: boolean;
  publish: boolean;
  help: boolean;
}

export const DATA_NAMES = ['fashion-mnist', 'synthetic'] as const satisfies Metrics['data'][];
export type DataName = Metrics['data'];

/** @throws CliError on a flag or a value that is not known. */
export function parseTrainOptions(args: readonly string[], presets: readonly string[]): TrainOptions {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = readFlags('train', args, {
    options: {
      preset: text,
      epochs: text,
      limit: text,
      batch: text,
      seed: text,
      data: text,
      backend: text,
      threads: text,
      output: text,
      'state-dir': text,
      'checkpoint-seconds': text,
      resume: flag,
      restart: flag,
      publish: flag,
      help: { ...flag, short: 'h' },
    },
  });
  const options: TrainOptions = {
    preset: oneOf('preset', values.preset, presets),
    epochs: whole('epochs', values.epochs, 1, 10_000),
    limit: whole('limit', values.limit, 1, 60_000),
    batch: whole('batch', values.batch, 2, 60_000),
    seed: whole('seed', values.seed, 0, 2 ** 32 - 1),
    data: oneOf('data', values.data, DATA_NAMES),
    backend: oneOf('backend', values.backend, BACKEND_NAMES),
    threads: whole('threads', values.threads, 1, 1024),
    output: filled('output', values.output),
    checkpointSeconds: whole('checkpoint-seconds', values['checkpoint-seconds'], 0, 600),
    stateDir: filled('state-dir', values['state-dir']),
    resume: values.resume ?? false,
    restart: values.restart ?? false,
    publish: values.publish ?? true,
    help: values.help ?? false,
  };
  if (options.resume && options.restart) {
    throw new CliError('--resume goes on from a checkpoint and --restart discards it; choose one of them.');
  }
  return options;
}

/** The text of `--help`. */
export function trainHelp(presets: readonly { name: string; label: string }[]): string {
  const width = Math.max(...presets.map(({ name }) => name.length));
  return `Trains the report's network and publishes what the site shows.

  npm run train                          the report's recipe, published as public/models/baseline
  npm run train -- --preset preview      another preset
  npm run train -- --resume              go on with an interrupted run

What is trained
  --preset <name>     The recipe. Flags below change single settings of it; what departs from the
                      report's recipe is said in the metadata and on the site.
${presets.map(({ name, label }) => `                        ${name.padEnd(width)}  ${label}`).join('\n')}
  --epochs <n>        Passes over the training images; the learning rate's schedule is fitted to them.
  --limit <n>         Use only n of the training images, and a quarter as many for validation.
  --batch <n>         Images a step.
  --seed <n>          Seed of weights, batch order and dropout, 0 to 4294967295. The split into training
                      and validation images has a seed of its own and stays the same.
  --data <name>       fashion-mnist (default), or synthetic: a few made-up images, to try the machinery
                      without the dataset.

Where it is computed
  --backend <name>    ${BACKEND_NAMES.join(', ')}.
                      auto (default) takes the fastest that this machine has.
  --threads <n>       Threads of the backend, where it can be told.

Where it goes
  --output <id>       Id of the run: it is published as public/models/<id>. A path with a slash (such as
                      ./runs/test) publishes into that folder instead. Default: the preset's id. A run
                      published there before is replaced when the new one is finished, not earlier.
  --no-publish        Stop when trained: the test set is not read, nothing is written to the output.
                      Publish later with --resume.
  --state-dir <path>  Folder of the checkpoint and the log. Default: .cache/runs/<id>, or beside the folder
                      that --output names (./runs/test.state).

Interruptions
  --resume            Go on from the checkpoint, to exactly the weights an uninterrupted run reaches.
                      Settings left out are those of the checkpoint; given ones must agree with it.
  --restart           Discard an unfinished run's checkpoint and start anew.
  --checkpoint-seconds <n>
                      Longest time between two checkpoints, 0 to 600; 0 writes one after every step.
                      Also written at each epoch's end and on Ctrl-C. Default: a little under ten minutes.

  --help, -h          This text.

Exit codes: 0 finished, 1 failed on the way, 2 wrong input (nothing was overwritten), 130 or 143 interrupted.`;
}
