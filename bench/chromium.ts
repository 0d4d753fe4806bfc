/** Finds a Chromium for the tests in a real browser, or gets one. */
import { execFile, spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { UserError } from '../src/node/errors.ts';

/** The environment variable that names the browser to test with. */
export const CHROMIUM_VARIABLE = 'CHROMIUM_PATH';

/** Names under which systems install a browser of Chromium's kind. */
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
 * Path of a Chromium that starts: the one the environment names, Playwright's own, the system's.
 * Null where there is none.
 * @throws UserError when the environment names one that does not start.
 */
export async function findChromium(): Promise<string | null> {
  const named = process.env[CHROMIUM_VARIABLE];
  if (named) {
    if (await starts(named)) return named;
    throw new UserError(
      `${CHROMIUM_VARIABLE} is "${named}", which does not start; name a Chromium that does.`,
      1,
    );
  }
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  const candidates = [
    chromium.executablePath(),
    ...COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command))),
    ...(PROGRAMS[process.platform] ?? []),
  ];
  for (const candidate of candidates) if (await starts(candidate)) return candidate;
  return null;
}

/**
 * As {@link findChromium}; where there is none, lets Playwright download its own, and where that fails, asks the
 * system's package manager (as root only).
 * @param log told what goes on, a line at a time
 * @throws UserError which says what to install.
 */
export async function getChromium(log: (line: string) => void): Promise<string> {
  let path = await findChromium();
  if (path) return path;
  log('No Chromium here; Playwright downloads one.');
  const playwright = join(
    dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')),
    'cli.js',
  );
  await succeeds(process.execPath, [playwright, 'install', '--no-shell', 'chromium'], log);
  path = await findChromium();
  if (path) return path;
  if (process.getuid?.() === 0 && (await succeeds('apt-get', ['--version'], () => undefined))) {
    log('That did not give one that starts; apt-get installs one.');
    await succeeds('apt-get', ['update'], log);
    await succeeds('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], log);
    path = await findChromium();
    if (path) return path;
  }
  throw new UserError(
    `The browser tests need Chromium or Chrome: install one with your system's package manager, or name one in ${CHROMIUM_VARIABLE}.`,
    1,
  );
}

async function starts(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    // On Windows --version opens a window; there the file has to do.
    if (process.platform !== 'win32') await promisify(execFile)(path, ['--version'], { timeout: 60_000 });
    return true;
  } catch {
    return false;
  }
}

/** Runs a command to its end and says whether it succeeded; its output goes to `log`. */
function succeeds(command: string, parameters: string[], log: (line: string) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, parameters, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        for (const line of text.split('\n')) if (line.trim()) log(line);
      });
    }
    child.on('error', () => resolve(false)).on('close', (code) => resolve(code === 0));
  });
}
