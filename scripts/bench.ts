/** Measures the backends side by side, PyTorch among them. `npm run bench -- --help` explains the flags. */
import { availableParallelism } from 'node:os';
import { NODE_BACKENDS, type NodeBackend } from '../src/engines/backends.ts';
import { activateBackend, processor } from '../src/engines/node/choose.ts';
import { readThreads } from './cli/backend-flags.ts';
import { UserError } from '../src/node/errors.ts';
import { runMain } from './cli/main.ts';
import { Contestant, ContestantError, type Started } from '../bench/contest/contest.ts';
import { contestTables, type Entrant, runContest } from '../bench/contest/rounds.ts';
import { measureMemory, measureProfiles, memoryLines, profileLines } from '../bench/contest/single.ts';
import { oneOf, readFlags, whole } from './cli/flags.ts';
import { findTorch } from '../bench/pytorch/python.ts';

const PYTORCH = 'pytorch';

/** What can be measured, and the order in which it is. */
const NAMES: readonly string[] = [...NODE_BACKENDS, PYTORCH];

const HELP = `Measures how many images a second the report's network trains and predicts, on every backend that works here and in
PyTorch, where a python3 that has it is found.

  npm run bench                                all of them, step about
  npm run bench -- --backends onnxruntime,pytorch --rounds 10
  npm run bench -- --memory                    whether memory stays as it is, over 200 steps
  npm run bench -- --profile                   where a step's time goes, kernel by kernel

  --backends <names>  Some of ${NAMES.join(', ')}, with commas between them.
                      Default: all that work here, but no GPU emulated in software; with --memory and
                      --profile, the one that --backend auto takes.
  --rounds <n>        How often each has its turn (default 5).
  --batch <n>         Images a step (default 256); backends that are slow at it get fewer.
  --threads <n>       Threads of those that can be told (default: one a core).
  --json              Figures as JSON instead of tables.
  --memory            Resident size after 20 steps of training and after 200 more.
  --profile           Time of each kernel, over 10 steps; on webgpu each is repeated by itself.
  --steps <n>         Steps of --memory or --profile, instead of 200 or 10.
  --help, -h          This text.

Every contestant is a process of its own. Its first steps, far slower than all others, do not count.`;

async function main(): Promise<number> {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values } = readFlags('bench', process.argv.slice(2), {
    options: {
      backends: text,
      rounds: text,
      batch: text,
      threads: text,
      steps: text,
      json: flag,
      memory: flag,
      profile: flag,
      help: { ...flag, short: 'h' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const named = values.backends?.split(',').map((name) => oneOf('backend', name.trim(), NAMES)!);
  const batch = whole('batch', values.batch, 2, 60_000) ?? 256;
  const threads = readThreads(values.threads) ?? availableParallelism();
  const rounds = whole('rounds', values.rounds, 1, 1000) ?? 5;
  const steps = whole('steps', values.steps, 1, 1_000_000);
  const print = (figures: unknown, lines: string[]): void =>
    console.log(values.json ? JSON.stringify(figures, null, 2) : lines.join('\n'));

  if (values.memory && values.profile) throw new UserError('Choose one of --memory and --profile.');
  if (steps !== undefined && !values.memory && !values.profile)
    throw new UserError('--steps goes with --memory or --profile; --rounds says how often to measure.');
  if (values.memory || values.profile) {
    const names = named ?? [(await activateBackend('auto', { threads })).name];
    if (names.includes(PYTORCH))
      throw new UserError('--memory and --profile are for backends, not for pytorch.');
    const options = names.map((name) => ({
      name: name as NodeBackend,
      batch,
      threads,
      steps: steps ?? (values.memory ? 200 : 10),
    }));
    if (values.memory) {
      const figures = await inTurn(options, measureMemory);
      print(figures, figures.flatMap(memoryLines));
    } else {
      const figures = (await inTurn(options, measureProfiles)).flat();
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
}

function entrant(name: string, threads: number, named: boolean): Entrant {
  const start =
    name === PYTORCH ? () => startTorch(threads) : () => Contestant.backend(name as NodeBackend, { threads });
  return { name, start, named };
}

/** Looked for once, when its turn comes. */
let python: string | null | undefined;

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

await runMain(main);
