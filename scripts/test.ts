/**
 * `npm test`: everything that must hold before a change is good, in the order in which it fails fastest.
 * Stops at the first stage that fails, prints its output, and ends with its exit code.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { CHROMIUM_VARIABLE, getChromium } from '../src/node/chromium.ts';
import { UserError } from '../src/node/errors.ts';
import { runCommand } from './cli/command.ts';

const root = resolve(import.meta.dirname, '..');
/** Not at the root of its host, as on GitHub Pages: a link that forgets the base fails here. */
const BASE_PATH = '/fashion-mnist-report';
/** Within which the site must build on two cores. */
const BUILD_SECONDS = 60;

interface Outcome {
  code: number;
  output: string;
  /** Where the stage counts its own tests. */
  tests?: { passed: number; failed: number };
}

const scratch = await mkdtemp(join(tmpdir(), 'fashion-mnist-report-'));
const site = join(scratch, 'site');
const e2e = ['--config', 'tests/e2e/vitest.config.ts'];

const STAGES: readonly (readonly [name: string, what: string, run: () => Promise<Outcome>])[] = [
  // Checks every TypeScript file of the repository, as tsc does, and the Astro files besides.
  ['types', 'TypeScript and Astro type checks', () => program('astro', ['check'])],
  ['lint', 'ESLint, and oxlint for import cycles', lint],
  ['format', 'Prettier', () => program('prettier', ['--check', '.'])],
  // Before the unit tests: the software adapter on which those of webgpu run comes with Chromium.
  ['browser', 'finds a Chromium, or installs one', browser],
  ['unit', 'unit tests', () => vitest('unit', [])],
  ['build', `builds the site into a scratch folder, within ${BUILD_SECONDS} s`, build],
  [
    'e2e',
    'tests of the built site in that Chromium (needs build and browser)',
    () => vitest('e2e', e2e, { SITE_DIST: site, BASE_PATH }),
  ],
];

const about = `npm test [-- stage …]

Runs all stages, or those that are named, and stops at the first that fails:
${STAGES.map(([name, what]) => `  ${name.padEnd(8)} ${what}`).join('\n')}`;

/** The process of the stage, so that an interrupt ends it too. */
let running: ReturnType<typeof spawn> | undefined;
let interrupted = false;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupted = true;
    running?.kill(signal);
  });
}

try {
  await runCommand({ name: 'test', about, flags: {}, takesNames: true }, (_, names) => run(names));
} finally {
  if (interrupted) process.exitCode = 130;
  await rm(scratch, { recursive: true, force: true });
}

/** @returns the exit code of the first stage that fails, or 0 */
async function run(names: readonly string[]): Promise<number> {
  const known = STAGES.map(([name]) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UserError(`There is no stage "${unknown}"; stages are ${known.join(', ')}.`);
  }
  let [passed, failed, code] = [0, 0, 0];
  for (const [name, , stage] of STAGES) {
    if (names.length && !names.includes(name)) continue;
    const started = performance.now();
    const { output, tests, ...outcome } = await stage();
    code = outcome.code;
    const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`.padStart(8);
    passed += tests?.passed ?? (code ? 0 : 1);
    failed += tests?.failed || (code ? 1 : 0);
    if (code) console.log(output.trimEnd());
    const count = tests ? `  ${tests.passed + tests.failed} tests` : '';
    console.log(
      `${code ? '✗' : '✓'} ${name.padEnd(8)} ${seconds}${count}${code ? `  exit code ${code}` : ''}`,
    );
    if (code) break;
  }
  console.log(`${passed} passed, ${failed} failed`);
  return code;
}

/** Runs a program of `node_modules/.bin` from the repository's root. */
function program(name: string, parameters: string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return new Promise((done) => {
    const child = spawn(name, parameters, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: process.platform === 'win32',
      env: {
        ...process.env,
        ASTRO_TELEMETRY_DISABLED: '1',
        PATH: join(root, 'node_modules', '.bin') + delimiter + process.env['PATH'],
        ...env,
      },
    });
    running = child;
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.on('error', (error) => done({ code: 1, output: `${name} does not start: ${error.message}` }));
    child.on('close', (code, signal) =>
      done({ code: code ?? 1, output: signal ? `${output}\n${signal}` : output }),
    );
  });
}

async function lint(): Promise<Outcome> {
  const outcome = await program('eslint', ['.', '--max-warnings', '0']);
  return outcome.code ? outcome : program('oxlint', ['src', 'scripts', 'bench']);
}

async function build(): Promise<Outcome> {
  const started = performance.now();
  const outcome = await program('astro', ['build', '--outDir', site], { BASE_PATH });
  const seconds = (performance.now() - started) / 1000;
  if (outcome.code || seconds <= BUILD_SECONDS) return outcome;
  const sentence = `The site took ${seconds.toFixed(0)} s to build, more than ${BUILD_SECONDS} s.`;
  return { code: 1, output: `${outcome.output}\n${sentence}` };
}

/** Runs Vitest and reads the number of tests from its own report. */
async function vitest(name: string, parameters: string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const report = join(scratch, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const outcome = await program('vitest', ['run', ...parameters, ...reporters], env);
  try {
    const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(
      await readFile(report, 'utf8'),
    ) as Record<string, number>;
    return { ...outcome, tests: { passed: passed!, failed: failed! } };
  } catch {
    return outcome; // It failed before it could report.
  }
}

async function browser(): Promise<Outcome> {
  let output = '';
  try {
    process.env[CHROMIUM_VARIABLE] = await getChromium((line) => (output += `${line}\n`));
    return { code: 0, output };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { code: 1, output: output + error.message };
  }
}
