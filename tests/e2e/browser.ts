/** A browser for a test file, and pages that report what must never happen. */
import axe from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject } from 'vitest';
import { onHardware } from '../test-gpu.ts';

/** Nothing of the browser's own goes over the network; WebGPU runs on the software adapter that is built in, unless asked. */
export const ARGUMENTS = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-sync',
  '--no-default-browser-check',
  '--no-first-run',
  '--enable-unsafe-webgpu',
  '--enable-features=Vulkan',
  ...(onHardware
    ? ['--use-angle=vulkan', '--disable-vulkan-surface', '--ignore-gpu-blocklist', '--disable-gpu-watchdog']
    : ['--use-webgpu-adapter=swiftshader', '--enable-unsafe-swiftshader']),
];

/**
 * What the graphics driver of a machine without one says, whatever a page does; and Chromium's advice on canvases that
 * are read often, which the tests do and the pages do not.
 */
const NOT_OURS = /^\[\.WebGL|GPU stall|software WebGL|SwiftShader|^Canvas2D: Multiple readback/i;

/** Address of a page of the site: `address('/en/draw/')`. */
export const address = (path: `/${string}`): string => inject('site') + path;

/**
 * Launches a browser before the file's tests and closes it after them.
 * @param site where its pages stand, without a slash at the end; the built site unless told otherwise
 */
export function useBrowser(site = (): string => inject('site')): {
  open: (path: `/${string}`, options?: OpenOptions) => Promise<WatchedPage>;
} {
  let browser: Browser;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: inject('chromium'), args: ARGUMENTS });
  });
  afterAll(async () => {
    await browser.close();
  });
  return {
    async open(path, { prepare, ...options } = {}) {
      const context = await browser.newContext({
        viewport: { width: 1440, height: 900 },
        locale: 'en',
        ...options,
      });
      const page = await context.newPage();
      const watched = watch(page, site());
      await prepare?.(page);
      await page.goto(site() + path);
      return Object.assign(watched, { page, close: () => context.close() });
    },
  };
}

/** Holds back what a page asks for. @returns lets it all through */
export async function hold(page: Page, urls: string): Promise<() => void> {
  let arrive!: () => void;
  const held = new Promise<void>((resolve) => (arrive = resolve));
  await page.route(urls, (route) => held.then(() => route.continue()));
  return arrive;
}

/**
 * What axe finds, in words.
 * @param theme the dark one differs in its colours alone, and nothing else is looked at again
 */
export async function violationsOf(page: Page, theme: 'light' | 'dark' = 'light'): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(
    async (rules) => {
      const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(
        rules ? { runOnly: rules } : {},
      );
      return violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
      );
    },
    theme === 'dark' && ['color-contrast', 'link-in-text-block'],
  );
}

export interface OpenOptions extends BrowserContextOptions {
  /** Before the page is opened. */
  prepare?: (page: Page) => Promise<unknown>;
}

export interface WatchedPage {
  page: Page;
  /** Console errors and warnings, uncaught exceptions, failed requests. */
  errors: string[];
  /** Requests that left the site's origin. */
  strangers: string[];
  close(): Promise<void>;
}

function watch(page: Page, site: string): Pick<WatchedPage, 'errors' | 'strangers'> {
  const [errors, strangers]: string[][] = [[], []];
  const { origin } = new URL(site);
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !NOT_OURS.test(message.text())) {
      errors!.push(message.text());
    }
  });
  page.on('pageerror', (error) => errors!.push(error.message));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.origin !== origin && !['blob:', 'data:'].includes(url.protocol)) strangers!.push(request.url());
  });
  return { errors: errors!, strangers: strangers! };
}

/** What holds for every page at every moment. */
export function expectClean({ errors, strangers }: WatchedPage): void {
  expect(errors).toEqual([]);
  expect(strangers).toEqual([]);
}
