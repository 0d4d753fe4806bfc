/**
 * The one test command: everything that must hold before a change is good, in the order in which it fails fastest.
 * Stops at the first stage that fails, shows what that stage said, and ends with its exit code.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { CHROMIUM_VARIABLE, getChromium } from '../bench/chromium.ts';
import { UserError } from '../src/node/errors.ts';

const root = resolve(import.meta.dirname, '..');
/** Not at the root of its host, as on GitHub Pages: a link that forgets the base fails here. */
const BASE_PATH = '/fashion-mnist-report';

interface Outcome {
  code: number;
  output: string;
  /** Where the stage counts its own tests. */
  tests?: { passed: number; failed: number };
}

/** Within which the site must build on two cores. */
const BUILD_SECONDS = 60;

const scratch = await mkdtemp(join(tmpdir(), 'fashion-mnist-report-'));
const site = join(scratch, 'site');

const STAGES: Record<string, { what: string; run: () => Promise<Outcome> }> = {
  // Checks every TypeScript file of the repository, as tsc does, and the Astro files besides.
  types: { what: 'TypeScript and Astro type checks', run: () => command('astro', ['check']) },
  lint: { what: 'ESLint', run: () => command('eslint', ['.', '--max-warnings', '0']) },
  format: { what: 'Prettier', run: () => command('prettier', ['--check', '.']) },
  // Before the unit tests: the software adapter on which those of webgpu run comes with Chromium.
  browser: { what: 'finds a Chromium, or gets one', run: browser },
  unit: { what: 'unit tests', run: () => vitest('unit', []) },
  build: {
    what: `the site, built into a scratch folder in ${BUILD_SECONDS} s at most`,
    run: build,
  },
  e2e: {
    what: 'tests of the built site in that Chromium (needs build and browser)',
    run: () => vitest('e2e', ['--config', 'tests/e2e/vitest.config.ts'], { SITE_DIST: site, BASE_PATH }),
  },
};

const USAGE = `npm test [-- stage …]

Runs all stages, or those that are named, and stops at the first that fails:
${Object.entries(STAGES)
  .map(([name, { what }]) => `  ${name.padEnd(8)} ${what}`)
  .join('\n')}`;

/** The stage's process, so that an interrupt ends it too. */
let running: ReturnType<typeof spawn> | undefined;
let interrupted = false;

async function main(names: string[]): Promise<number> {
  if (names.includes('--help') || names.includes('-h')) {
    console.log(USAGE);
    return 0;
  }
  const unknown = names.find((name) => !(name in STAGES));
  if (unknown !== undefined) {
    console.error(`There is no stage "${unknown}"; stages are ${Object.keys(STAGES).join(', ')}.`);
    return 2;
  }
  let [passed, failed] = [0, 0];
  for (const [name, stage] of Object.entries(STAGES)) {
    if (names.length && !names.includes(name)) continue;
    const started = performance.now();
    const { code, output, tests } = await stage.run();
    const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`.padStart(8);
    passed += tests?.passed ?? (code === 0 ? 1 : 0);
    failed += tests?.failed || (code === 0 ? 0 : 1);
    if (code !== 0) console.log(output.trimEnd());
    const count = tests ? `  ${tests.passed + tests.failed} tests` : '';
    console.log(
      `${code === 0 ? '✓' : '✗'} ${name.padEnd(8)} ${seconds}${count}${code ? `  exit code ${code}` : ''}`,
    );
    if (code !== 0) {
      console.log(`${passed} passed, ${failed} failed`);
      return code;
    }
  }
  console.log(`${passed} passed, ${failed} failed`);
  return 0;
}

/** Runs a program of `node_modules/.bin` from the repository's root. */
function command(program: string, parameters: string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  return new Promise((done) => {
    const child = spawn(program, parameters, {
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
    child.on('error', (error) => done({ code: 1, output: `${program} does not start: ${error.message}` }));
    child.on('close', (code, signal) =>
      done({ code: code ?? 1, output: signal ? `${output}\n${signal}` : output }),
    );
  });
}

async function build(): Promise<Outcome> {
  const started = performance.now();
  const outcome = await command('astro', ['build', '--outDir', site], { BASE_PATH });
  const seconds = (performance.now() - started) / 1000;
  if (outcome.code !== 0 || seconds <= BUILD_SECONDS) return outcome;
  const sentence = `The site took ${seconds.toFixed(0)} s to build, more than ${BUILD_SECONDS} s`;
  // The build keeps one core busy and at times a second; more than that is somebody else's work.
  const load = loadavg()[0]!;
  if (load > availableParallelism() + 1) {
    console.log(`${sentence}, beside other work (load ${load.toFixed(1)}).`);
    return outcome;
  }
  return { code: 1, output: `${outcome.output}\n${sentence}.` };
}

/** Runs Vitest and reads the number of tests from its own report. */
async function vitest(name: string, parameters: string[], env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const report = join(scratch, `${name}.json`);
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const outcome = await command('vitest', ['run', ...parameters, ...reporters], env);
  try {
    const counts = JSON.parse(await readFile(report, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
    };
    return { ...outcome, tests: { passed: counts.numPassedTests, failed: counts.numFailedTests } };
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

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupted = true;
    running?.kill(signal);
  });
}

try {
  const code = await main(process.argv.slice(2));
  process.exitCode = interrupted ? 130 : code;
} finally {
  await rm(scratch, { recursive: true, force: true });
}
