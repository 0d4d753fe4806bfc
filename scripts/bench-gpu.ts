/** Everything that is to be known of a real GPU, in less than ten minutes. `npm run bench:gpu -- --help` explains it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Unavailable } from '../src/engines/backends.ts';
import { activate } from '../src/engines/node/webgpu.ts';
import { UserError } from '../src/node/errors.ts';
import { ROOT } from '../src/runs/run-folders.ts';
import { findTorch, torchScript } from '../bench/pytorch/python.ts';
import { runCommand } from './cli/command.ts';

const about = `On this machine's own GPU: the tests of WebGPU, how many images per second the report's network trains and predicts on
it, where the time goes, kernel by kernel, and PyTorch's CUDA beside it, in float32 and in mixed precision, where there is one.`;

/** Tests of other backends as well; those of this one are named after it. */
const SHARED_TESTS = ['tests/engines/node/webgpu.test.ts', 'tests/network', 'tests/training'];
const node = (...parameters: string[]): [string, string[]] => [process.execPath, parameters];
const tests = (...parameters: string[]) => node('node_modules/vitest/vitest.mjs', 'run', ...parameters);
const benchmark = (...parameters: string[]) =>
  node('scripts/bench.ts', '--backends', 'webgpu', ...parameters);

await runCommand({ name: 'bench:gpu', about, flags: {} }, async () => {
  let device: string;
  try {
    ({ device } = await activate(false));
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    throw new UserError(`There is no GPU to measure: ${error.message}.`);
  }
  const python = findTorch();
  /** Each with the seconds after which it is ended, so that all of them take less than ten minutes. */
  const parts: [title: string, seconds: number, command: [string, string[]]][] = [
    ['tests of operations', 150, tests('tests/engines/webgpu/')],
    ['tests of training', 150, tests('-t', 'webgpu', ...SHARED_TESTS)],
    ['images per second', 120, benchmark('--rounds', '3')],
    ['kernels', 90, benchmark('--profile')],
  ];
  if (python) parts.push(['PyTorch', 80, [python, torchScript('cuda.py', [])]]);
  const failed: string[] = [];
  for (const [title, seconds, [program, parameters]] of parts) {
    console.log(`\n${title}, on ${device}`);
    const child = spawn(program, parameters, {
      cwd: ROOT,
      stdio: 'inherit',
      timeout: 1000 * seconds,
      env: { ...process.env, TEST_GPU: 'hardware' },
    });
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    if (code !== 0) failed.push(signal ? `${title} (ended after ${seconds} s)` : title);
  }
  if (!python) console.log('\nThere is no python3 that has PyTorch, so its CUDA was not measured.');
  if (failed.length) throw new UserError(`Failed: ${failed.join(', ')}.`, 1);
  return 0;
});
