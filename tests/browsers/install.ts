/** The browsers that the journeys are made in: found, or installed where the system lets us. */
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { getChromium } from '../../bench/chromium.ts';

export const BROWSERS = ['chromium', 'firefox', 'webkit'] as const;
export type BrowserName = (typeof BROWSERS)[number];

export interface Installed {
  /** The program to start: the browser, or WebKit's driver. */
  path: string;
  /** The browser that WebKit's driver starts. */
  browser?: string;
}

const run = promisify(execFile);
const execute = async (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

/** The first of these programs that is there: absolute paths, or names looked for on the PATH. */
async function find(programs: readonly (string | undefined)[]): Promise<string | null> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(Boolean);
  for (const program of programs) {
    if (!program) continue;
    const paths = /[/\\]/.test(program) ? [program] : folders.map((folder) => join(folder, program));
    for (const path of paths) if (await execute(path)) return path;
  }
  return null;
}

/** How each browser but Chromium is found, and the Debian packages that bring it. */
const SOURCES: Record<
  Exclude<BrowserName, 'chromium'>,
  { find: () => Promise<Installed | null>; packages: string[]; advice: string }
> = {
  firefox: {
    async find() {
      const path = await find([
        process.env['FIREFOX_PATH'],
        'firefox-esr',
        'firefox',
        '/Applications/Firefox.app/Contents/MacOS/firefox',
        process.env['ProgramFiles'] && join(process.env['ProgramFiles'], 'Mozilla Firefox', 'firefox.exe'),
      ]);
      return path ? { path } : null;
    },
    packages: ['firefox-esr'],
    advice: 'install it with your system’s package manager, or name its program in FIREFOX_PATH',
  },
  webkit: {
    async find() {
      const [path, screen, browser] = [
        await find(['WebKitWebDriver']),
        await find(['Xvfb']),
        await find(
          ['x86_64', 'aarch64'].map((cpu) => `/usr/lib/${cpu}-linux-gnu/webkit2gtk-4.1/MiniBrowser`),
        ),
      ];
      return path && screen && browser ? { path, browser } : null;
    },
    packages: ['webkit2gtk-driver', 'xvfb'],
    advice: 'it is taken from the packages webkit2gtk-driver and xvfb of Debian and Ubuntu',
  },
};

/**
 * @param log receives a line for each thing that is done
 * @throws Error in one sentence where the browser is not there and cannot be installed
 */
export async function getBrowser(name: BrowserName, log: (line: string) => void): Promise<Installed> {
  if (name === 'chromium') return { path: await getChromium(log) };
  const { find: look, packages, advice } = SOURCES[name];
  const found = await look();
  if (found) return found;
  if (process.getuid?.() === 0 && (await find(['apt-get']))) {
    log(`${name} is not installed; apt-get installs ${packages.join(' and ')}.`);
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const options = ['install', '-y', '--no-install-recommends', ...packages];
    // Without the recommended packages: they bring Vulkan drivers, which change what the other tests find.
    await run('apt-get', ['update'], { env }).catch(() => undefined);
    await run('apt-get', options, { env, maxBuffer: 2 ** 26 }).catch((error: Error) => log(error.message));
    const installed = await look();
    if (installed) return installed;
  }
  const others = BROWSERS.filter((other) => other !== name).join(',');
  throw new Error(
    `The browser tests need ${name}, which is not here: ${advice}, or leave it out with --browsers ${others}.`,
  );
}
