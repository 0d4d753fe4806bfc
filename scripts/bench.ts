/** Compares the backends, and PyTorch. `npm run bench -- --help` explains the flags. */
import { availableParallelism } from 'node:os';
import { growthTables, measureGrowth } from '../bench/backends/growth.ts';
import { CANDIDATES, PYTORCH } from '../bench/backends/process.ts';
import { measureMemory, measureProfiles, memoryLines, profileLines } from '../bench/backends/profile.ts';
import { measureThroughput, throughputTables } from '../bench/backends/throughput.ts';
import { activateBackend } from '../src/engines/node/choose.ts';
import { UserError } from '../src/node/errors.ts';
import { list, oneOf, runCommand, threadsFlag, toggle, whole } from './cli/command.ts';

const flags = {
  backends: list(
    'names',
    `Some of ${CANDIDATES.join(', ')}, separated by commas. Default: all that work here except GPUs emulated in software; with --memory and --profile, the one that --backend auto takes.`,
  ),
  rounds: whole(1, 1000, 'Rounds in which each has its turn (default 5).'),
  batch: whole(2, 60_000, 'Images per step (default 256); slow backends get fewer.'),
  threads: threadsFlag,
  json: toggle('Figures as JSON instead of tables.'),
  memory: toggle('Resident size after 20 training steps and after 200 more.'),
  profile: toggle('Time of each kernel, over 10 steps; on webgpu each kernel is repeated in isolation.'),
  growth: toggle('How cost grows with batch and threads on onnxruntime, and what limits it; takes minutes.'),
  steps: whole(1, 1_000_000, 'Steps of --memory or --profile, instead of 200 or 10.'),
};

const about = `Measures how many images per second the report's network trains and predicts, on every backend that works here and in
PyTorch, where there is a python3 that has it, in both of its memory layouts. First losses must agree.

  npm run bench                                all of them, in turn
  npm run bench -- --backends onnxruntime,pytorch --rounds 10
  npm run bench -- --memory                    whether memory use stays constant, over 200 steps
  npm run bench -- --growth                    batches of 1 to 512, threads, memory, limits of the machine
  npm run bench -- --profile                   where the time of a step goes, kernel by kernel`;

const notes = 'Each runs in its own process. Its first steps, far slower than the others, are not counted.';

await runCommand({ name: 'bench', about, flags, notes }, async (options) => {
  const { backends, batch = 256, threads = availableParallelism(), steps, memory, profile, growth } = options;
  const named = backends?.map((name) => oneOf(CANDIDATES, '').read(name, 'backend'));
  const print = (figures: unknown, lines: string[]): void =>
    console.log(options.json ? JSON.stringify(figures, null, 2) : lines.join('\n'));

  if ([memory, profile, growth].filter(Boolean).length > 1)
    throw new UserError('Choose one of --memory, --profile and --growth.');
  if (steps !== undefined && !memory && !profile)
    throw new UserError('--steps goes with --memory or --profile; --rounds says how often to measure.');
  if (growth) {
    if (backends || options.batch)
      throw new UserError('--growth goes through batches on onnxruntime; leave the others out.');
    const figures = await measureGrowth(threads, (line) => process.stderr.write(`${line}\n`));
    print(figures, growthTables(figures));
    return 0;
  }
  if (memory || profile) {
    const names = named ?? [(await activateBackend('auto', { threads })).name];
    const jobs = names.map((name) => {
      if (name === PYTORCH) throw new UserError('--memory and --profile are for backends, not for pytorch.');
      return { name, batch, threads, steps: steps ?? (memory ? 200 : 10) };
    });
    // One after another: they would disturb each other.
    if (memory) {
      const figures = await Array.fromAsync(jobs, measureMemory);
      print(figures, figures.flatMap(memoryLines));
    } else {
      const figures = (await Array.fromAsync(jobs, measureProfiles)).flat();
      print(figures, [figures.map((each) => profileLines(each).join('\n')).join('\n\n')]);
    }
    return 0;
  }

  const figures = await measureThroughput({
    candidates: named ?? CANDIDATES,
    emulated: named !== undefined,
    ...{ batch, threads, rounds: options.rounds ?? 5 },
    log: (line) => process.stderr.write(`${line}\n`),
  });
  print(figures, throughputTables(figures));
  const [missing] = named ? figures.absent : [];
  if (missing) throw new UserError(`${missing.name} could not be measured: ${missing.reason}.`);
  return 0;
});
