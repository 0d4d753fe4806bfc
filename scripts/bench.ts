/** Measures the backends side by side, PyTorch among them. `npm run bench -- --help` explains the flags. */
import { availableParallelism } from 'node:os';
import { NODE_BACKENDS, type NodeBackend } from '../src/engines/backends.ts';
import { activateBackend, processor } from '../src/engines/node/choose.ts';
import { UserError } from '../src/node/errors.ts';
import { Contestant, ContestantError, type Started } from '../bench/contest/contest.ts';
import { contestTables, type Entrant, runContest } from '../bench/contest/rounds.ts';
import { measureMemory, measureProfiles, memoryLines, profileLines } from '../bench/contest/single.ts';
import { list, oneOf, runCommand, threadsFlag, toggle, whole } from './cli/command.ts';
import { findTorch } from '../bench/pytorch/python.ts';

const PYTORCH = 'pytorch';

/** What can be measured, and the order in which it is. */
const NAMES: readonly string[] = [...NODE_BACKENDS, PYTORCH];

/** Looked for once, when its turn comes. */
let python: string | null | undefined;

const flags = {
  backends: list(
    'names',
    `Some of ${NAMES.join(', ')}, separated by commas. Default: all that work here except GPUs emulated in software; with --memory and --profile, the one that --backend auto takes.`,
  ),
  rounds: whole(1, 1000, 'Rounds in which each has its turn (default 5).'),
  batch: whole(2, 60_000, 'Images per step (default 256); slow backends get fewer.'),
  threads: threadsFlag,
  json: toggle('Figures as JSON instead of tables.'),
  memory: toggle('Resident size after 20 training steps and after 200 more.'),
  profile: toggle('Time of each kernel, over 10 steps; on webgpu each kernel is repeated in isolation.'),
  steps: whole(1, 1_000_000, 'Steps of --memory or --profile, instead of 200 or 10.'),
};

const about = `Measures how many images per second the report's network trains and predicts, on every backend that works here and in
PyTorch, where there is a python3 that has it.

  npm run bench                                all of them, in turn
  npm run bench -- --backends onnxruntime,pytorch --rounds 10
  npm run bench -- --memory                    whether memory use stays constant, over 200 steps
  npm run bench -- --profile                   where the time of a step goes, kernel by kernel`;

const notes =
  'Each contestant runs in its own process. Its first steps, far slower than the others, are not counted.';

await runCommand({ name: 'bench', about, flags, notes }, async (options) => {
  const {
    backends,
    rounds = 5,
    batch = 256,
    threads = availableParallelism(),
    steps,
    memory,
    profile,
  } = options;
  const named = backends?.map((name) => oneOf(NAMES, '').read(name, 'backend'));
  const print = (figures: unknown, lines: string[]): void =>
    console.log(options.json ? JSON.stringify(figures, null, 2) : lines.join('\n'));

  if (memory && profile) throw new UserError('Choose one of --memory and --profile.');
  if (steps !== undefined && !memory && !profile)
    throw new UserError('--steps goes with --memory or --profile; --rounds says how often to measure.');
  if (memory || profile) {
    const names = named ?? [(await activateBackend('auto', { threads })).name];
    if (names.includes(PYTORCH))
      throw new UserError('--memory and --profile are for backends, not for pytorch.');
    const jobs = names.map((name) => ({
      name: name as NodeBackend,
      batch,
      threads,
      steps: steps ?? (memory ? 200 : 10),
    }));
    if (memory) {
      const figures = await inTurn(jobs, measureMemory);
      print(figures, figures.flatMap(memoryLines));
    } else {
      const figures = (await inTurn(jobs, measureProfiles)).flat();
      print(
        figures,
        figures.flatMap((profile, i) => [...(i ? [''] : []), ...profileLines(profile)]),
      );
    }
    return 0;
  }

  const figures = await runContest({
    entrants: (named ?? NAMES).map((name) => entrant(name, threads, named !== undefined)),
    batch,
    threads,
    rounds,
    progress: (line) => process.stderr.write(`${line}\n`),
  });
  print(figures, contestTables(figures));
  if (!named || !figures.absent.length) return 0;
  const [{ name, reason }] = figures.absent as [(typeof figures.absent)[0]];
  throw new UserError(`${name} could not be measured: ${reason}.`);
});

function entrant(name: string, threads: number, named: boolean): Entrant {
  const start =
    name === PYTORCH ? () => startTorch(threads) : () => Contestant.backend(name as NodeBackend, { threads });
  return { name, start, named };
}

async function startTorch(threads: number): Promise<Started> {
  python ??= findTorch();
  if (!python) {
    throw new ContestantError('there is no python3 with PyTorch (on Debian, the package python3-torch)');
  }
  const { contestant, introduction } = await Contestant.torch(python, threads);
  return { contestant, introduction: { ...introduction, device: processor() } };
}

/** One after another, since they would only disturb each other. @throws UserError when one does not work */
async function inTurn<Option extends { name: string }, Value>(
  options: readonly Option[],
  measure: (option: Option) => Promise<Value>,
): Promise<Value[]> {
  const found: Value[] = [];
  for (const option of options) {
    try {
      found.push(await measure(option));
    } catch (error) {
      if (!(error instanceof ContestantError)) throw error;
      throw new UserError(
        `${option.name} could not be measured: ${error.message}${error.remedy ? `; ${error.remedy}` : ''}.`,
      );
    }
  }
  return found;
}
