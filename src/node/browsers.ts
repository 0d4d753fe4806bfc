/** The browsers that the site is tested in: found, or installed where the system allows it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { aptCommands, getChromium, onPath, run } from './chromium.ts';
import { UserError } from './errors.ts';

export const BROWSERS = ['chromium', 'firefox', 'webkit'] as const;
export type BrowserName = (typeof BROWSERS)[number];

/** What has to be started, by the names that the tests use. */
export type Programs = Readonly<Record<string, string>>;

/** How a browser other than Chromium is found, and which of Debian's packages bring it. */
interface Source {
  /** For each program, where it may be: a path, or a name to be looked for on the PATH. */
  programs: Readonly<Record<string, readonly (string | undefined)[]>>;
  packages: readonly string[];
  advice: string;
}

const SOURCES: Readonly<Record<Exclude<BrowserName, 'chromium'>, Source>> = {
  firefox: {
    programs: {
      browser: [
        process.env['FIREFOX_PATH'],
        'firefox-esr',
        'firefox',
        '/Applications/Firefox.app/Contents/MacOS/firefox',
        process.env['ProgramFiles'] && join(process.env['ProgramFiles'], 'Mozilla Firefox', 'firefox.exe'),
      ],
    },
    packages: ['firefox-esr'],
    advice: "install it with your system's package manager, or name its program in FIREFOX_PATH",
  },
  webkit: {
    programs: {
      driver: ['WebKitWebDriver'],
      display: ['Xvfb'],
      browser: ['x86_64', 'aarch64'].map((cpu) => `/usr/lib/${cpu}-linux-gnu/webkit2gtk-4.1/MiniBrowser`),
    },
    packages: ['webkit2gtk-driver', 'xvfb'],
    advice: 'it comes with the packages webkit2gtk-driver and xvfb of Debian and Ubuntu',
  },
};

/**
 * The programs of a browser, which is installed if it is missing and this is root on Debian or Ubuntu.
 * @param log receives progress, a line at a time
 * @throws UserError in one sentence if it is missing and cannot be installed
 */
export async function getBrowser(name: BrowserName, log: (line: string) => void): Promise<Programs> {
  if (name === 'chromium') return { browser: await getChromium(log) };
  const { packages, advice } = SOURCES[name];
  const found = findPrograms(name);
  if (found) return found;
  if (process.getuid?.() === 0) {
    log(`${name} is missing; apt-get installs ${packages.join(' and ')}.`);
    for (const command of aptCommands(...packages)) await run(command, log);
    const installed = findPrograms(name);
    if (installed) return installed;
  }
  const others = BROWSERS.filter((other) => other !== name).join(',');
  throw new UserError(
    `The browser tests need ${name}, which is missing: ${advice}, or leave it out with --browsers ${others}.`,
    1,
  );
}

function findPrograms(name: keyof typeof SOURCES): Programs | null {
  const found = Object.entries(SOURCES[name].programs).map(([program, places]) => {
    const paths = places
      .filter(Boolean)
      .flatMap((place) => (/[/\\]/.test(place!) ? [place!] : onPath(place!)));
    return [program, paths.find((path) => existsSync(path))] as const;
  });
  return found.every(([, path]) => path !== undefined) ? (Object.fromEntries(found) as Programs) : null;
}
