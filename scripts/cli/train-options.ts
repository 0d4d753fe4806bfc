/** The flags of `npm run train`. */
import { labelText } from '../../src/artifacts/recipe-text.ts';
import { UserError } from '../../src/node/errors.ts';
import type { TrainOptions } from '../../src/runs/train-options.ts';
import { ensembles, presets } from '../../src/training/presets.ts';
import { dataSchema } from '../../src/training/recipe-schema.ts';
import {
  backendFlags,
  type Command,
  list,
  negated,
  oneOf,
  type Options,
  percentage,
  text,
  toggle,
  whole,
} from './command.ts';

const names = Object.keys({ ...presets, ...ensembles });
const width = Math.max(...names.map((name) => name.length));
const labels = names
  .map((preset) => `  ${preset.padEnd(width)}  ${labelText({ preset, variation: 'none' })}`)
  .join('\n');

const recipe = {
  preset: oneOf(
    names,
    "The recipe, see below. The other flags change single settings of it; metadata and site show what departs from the report's recipe.",
  ),
  epochs: whole(
    1,
    10_000,
    'Passes over the training images; the schedule of the learning rate is fitted to them.',
  ),
  limit: whole(1, 60_000, 'Use only n of the training images, and a quarter as many for validation.'),
  batch: whole(2, 60_000, 'Images per step.'),
  seed: whole(
    0,
    2 ** 32 - 1,
    'Seed of weights, batch order and dropout, 0 to 4294967295. The split into training and validation images has its own seed and stays the same.',
  ),
  seeds: whole(
    2,
    100,
    'Train n runs, with that seed and the following ones. With --resume, finished runs are kept.',
  ),
  from: text('id', 'Start from the weights of a published run.'),
  allImages: toggle('Train on the validation images too. The last epoch is then the one that is published.'),
  stopAt: percentage('Stop at the first epoch whose validation accuracy is at least this, such as 93.72.'),
  members: list('ids', 'The networks of an ensemble, separated by commas.'),
  data: oneOf(
    dataSchema.options,
    'fashion-mnist (default), or synthetic: a few made-up images, to try the machinery without the dataset.',
  ),
};

const computation = backendFlags('auto, the fastest that works here; "npm run doctor" lists those that do.');

const destination = {
  output: text(
    'id',
    "Id of the run: it is published as public/models/<id>. A path with a slash (such as ./runs/test) publishes into that folder instead. Default: the preset's id, with -seed-<n> after it for another seed and -variant for other changes. A run published there before is replaced when the new one is finished, not earlier.",
  ),
  publish: negated(
    'Stop after training: the test set is not read, nothing is written to the output. Publish later with --resume. An ensemble is evaluated on the validation images alone.',
  ),
  stateDir: text(
    'path',
    'Folder of the checkpoint and the log. Default: .cache/runs/<id>, or beside the folder that --output names (./runs/test.state).',
  ),
};

const interruption = {
  resume: toggle(
    'Resume from the checkpoint, to exactly the weights that an uninterrupted run reaches. Settings left out are those of the checkpoint; given ones must agree with it.',
  ),
  restart: toggle("Discard an unfinished run's checkpoint and start over."),
  checkpointSeconds: whole(
    0,
    600,
    'Longest time between two checkpoints, 0 to 600; 0 writes one after every step. One is also written at the end of each epoch and on Ctrl-C. Default: a little under ten minutes.',
  ),
};

const flags = { ...recipe, ...computation, ...destination, ...interruption };

export const trainCommand: Command<typeof flags> = {
  name: 'train',
  about: `Trains the report's network and publishes what the site shows.

  npm run train                          the report's recipe, published as public/models/baseline
  npm run train -- --preset preview      another preset
  npm run train -- --resume              resume an interrupted run
  npm run train -- --seeds 3             three runs that differ by their seeds, with mean and deviation`,
  flags,
  sections: {
    'What is trained': recipe,
    'Where it is computed': computation,
    'Where it is written': destination,
    Interruptions: interruption,
  },
  notes: `Presets
${labels}

Exit codes: 0 finished, 1 failed on the way or finished below --stop-at, 2 wrong input (nothing was overwritten), 129,
130 or 143 interrupted.`,
};

/** @throws UserError when the flags contradict each other */
export function trainOptions(given: Options<typeof flags>): TrainOptions {
  const options = { resume: false, restart: false, publish: true, ...given };
  const { resume, restart, publish, seeds, stateDir } = options;
  if (resume && restart) {
    throw new UserError(
      '--resume continues from a checkpoint and --restart discards it; choose one of them.',
    );
  }
  if (seeds !== undefined && (stateDir !== undefined || !publish)) {
    throw new UserError(
      `--seeds makes several runs, each published and with its own state folder; leave ${publish ? '--state-dir' : '--no-publish'} out.`,
    );
  }
  return options;
}
