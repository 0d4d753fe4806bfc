/** Finds a Chromium for tests and benchmarks, or installs one. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { UserError } from './errors.ts';

/** The environment variable with the path of the browser to use. */
export const CHROMIUM_VARIABLE = 'CHROMIUM_PATH';

/** Names under which systems install Chromium and its relatives. */
const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const PROGRAMS: Partial<Record<NodeJS.Platform, string[]>> = {
  darwin: ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
    (app) => `/Applications/${app}.app/Contents/MacOS/${app}`,
  ),
  win32: [process.env['ProgramFiles'], process.env['ProgramFiles(x86)']]
    .filter((folder) => folder !== undefined)
    .flatMap((folder) => [
      join(folder, 'Google/Chrome/Application/chrome.exe'),
      join(folder, 'Microsoft/Edge/Application/msedge.exe'),
    ]),
};

/**
 * Path of a Chromium that starts: the one in {@link CHROMIUM_VARIABLE}, Playwright's or the system's; null if there is
 * none.
 * @throws UserError if the variable names one that does not start
 */
export async function findChromium(): Promise<string | null> {
  const named = process.env[CHROMIUM_VARIABLE];
  if (named) {
    if (await starts(named)) return named;
    const sentence = `${CHROMIUM_VARIABLE} is "${named}", which does not start; name a Chromium that does.`;
    throw new UserError(sentence, 1);
  }
  const candidates = [
    chromium.executablePath(),
    ...COMMANDS.flatMap(onPath),
    ...(PROGRAMS[process.platform] ?? []),
  ];
  for (const candidate of candidates) if (await starts(candidate)) return candidate;
  return null;
}

/**
 * As {@link findChromium}; if there is none, lets Playwright download one, and if that fails and this is root, installs
 * the system's package.
 * @param log receives progress, a line at a time
 * @throws UserError which says what to install
 */
export async function getChromium(log: (line: string) => void): Promise<string> {
  const runAll = async (message: string, ...commands: string[][]): Promise<string | null> => {
    log(message);
    for (const command of commands) await run(command, log);
    return findChromium();
  };
  const playwright = createRequire(import.meta.url).resolve('playwright-core/package.json');
  const download = [join(dirname(playwright), 'cli.js'), 'install', '--no-shell', 'chromium'];
  let path = await findChromium();
  path ??= await runAll('No Chromium here; Playwright downloads one.', [process.execPath, ...download]);
  if (process.getuid?.() === 0) {
    const message = 'The download does not start; apt-get installs one.';
    path ??= await runAll(message, ...aptCommands('chromium'));
  }
  if (path) return path;
  throw new UserError(
    `The browser tests need Chromium or Chrome: install one with your system's package manager, or name one in ${CHROMIUM_VARIABLE}.`,
    1,
  );
}

/**
 * Commands that install packages of Debian. The recommended ones are left out: a browser's would bring Vulkan drivers, which
 * change what other tests find.
 */
export const aptCommands = (...packages: readonly string[]): string[][] => [
  ['apt-get', 'update'],
  ['apt-get', 'install', '-y', '--no-install-recommends', ...packages],
];

/** Where a program of this name can be: in each folder of the PATH. */
export const onPath = (name: string): string[] =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, name));

async function starts(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    // On Windows --version opens a window; there an executable file has to do.
    if (process.platform !== 'win32') await promisify(execFile)(path, ['--version'], { timeout: 60_000 });
    return true;
  } catch {
    return false;
  }
}

/** Runs a command to its end, whether it succeeds or not; its output goes to `log`. */
export async function run([command, ...parameters]: string[], log: (line: string) => void): Promise<void> {
  const child = spawn(command!, parameters, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', log);
  await once(child, 'close').catch(() => undefined);
}
