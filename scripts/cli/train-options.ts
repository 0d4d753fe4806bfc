/** The flags of `npm run train`. */
import { UserError } from '../../src/node/errors.ts';
import { DATA_NAMES, type TrainOptions } from '../../src/runs/options.ts';
import { BACKEND_HELP, backendFlags, readBackend, THREADS_HELP } from './backend-flags.ts';
import { filled, oneOf, percentage, readFlags, whole } from './flags.ts';

/** @throws UserError on a flag or a value that is not known. */
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
      seeds: text,
      from: text,
      'all-images': flag,
      'stop-at': text,
      members: text,
      data: text,
      ...backendFlags,
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
    seeds: whole('seeds', values.seeds, 2, 100),
    from: filled('from', values.from),
    allImages: values['all-images'],
    stopAt: percentage('stop-at', values['stop-at']),
    members: filled('members', values.members)
      ?.split(',')
      .map((member) => member.trim())
      .filter(Boolean),
    data: oneOf('data', values.data, DATA_NAMES),
    ...readBackend(values),
    output: filled('output', values.output),
    checkpointSeconds: whole('checkpoint-seconds', values['checkpoint-seconds'], 0, 600),
    stateDir: filled('state-dir', values['state-dir']),
    resume: values.resume ?? false,
    restart: values.restart ?? false,
    publish: values.publish ?? true,
    help: values.help ?? false,
  };
  if (options.resume && options.restart) {
    throw new UserError('--resume goes on from a checkpoint and --restart discards it; choose one of them.');
  }
  if (options.seeds !== undefined && (options.stateDir !== undefined || !options.publish)) {
    const flag = options.publish ? '--state-dir' : '--no-publish';
    throw new UserError(
      `--seeds makes several runs, each published from a state of its own; leave ${flag} out.`,
    );
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
  npm run train -- --seeds 3             three runs that differ by their seeds, with mean and deviation

What is trained
  --preset <name>     The recipe. Flags below change single settings of it; what departs from the
                      report's recipe is said in the metadata and on the site.
${presets.map(({ name, label }) => `                        ${name.padEnd(width)}  ${label}`).join('\n')}
  --epochs <n>        Passes over the training images; the learning rate's schedule is fitted to them.
  --limit <n>         Use only n of the training images, and a quarter as many for validation.
  --batch <n>         Images a step.
  --seed <n>          Seed of weights, batch order and dropout, 0 to 4294967295. The split into training
                      and validation images has a seed of its own and stays the same.
  --seeds <n>         As many runs, of that seed and the next ones. With --resume those that are finished stay.
  --from <id>         Begin with the weights of a published run.
  --all-images        Train on the validation images too. The last epoch is then the one that is published.
  --stop-at <percent> Stop at the first epoch whose validation accuracy is this or more, such as 93.72.
  --members <ids>     The networks of an ensemble, separated by commas.
  --data <name>       fashion-mnist (default), or synthetic: a few made-up images, to try the machinery
                      without the dataset.

Where it is computed
  --backend <name>    ${BACKEND_HELP}
                      auto (default) takes the fastest that works here; "npm run doctor" says which do.
  --threads <n>       ${THREADS_HELP}

Where it goes
  --output <id>       Id of the run: it is published as public/models/<id>. A path with a slash (such as
                      ./runs/test) publishes into that folder instead. Default: the preset's id, with
                      -seed-<n> after it for another seed and -variant for other changes. A run published
                      there before is replaced when the new one is finished, not earlier.
  --no-publish        Stop when trained: the test set is not read, nothing is written to the output.
                      Publish later with --resume. An ensemble is judged by the validation images alone.
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

Exit codes: 0 finished, 1 failed on the way or finished below --stop-at, 2 wrong input (nothing was
overwritten), 129, 130 or 143 interrupted.`;
}
