/**
 * A reader in one of three browsers: Chromium over CDP and Firefox over WebDriver BiDi, both by puppeteer-core, and
 * WebKit over classic WebDriver, by selenium-webdriver. The journeys know only what is common to them.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import puppeteer, { type ElementHandle, type Page } from 'puppeteer-core';
import { type Actions, Builder, By, Origin, type WebDriver } from 'selenium-webdriver';
import type { BrowserName, Programs } from '../../src/node/browsers.ts';

/** A point within an element, in fractions of its width and height. */
export type Point = readonly [x: number, y: number];

export interface Reader {
  goto(url: string): Promise<void>;
  reload(): Promise<void>;
  /** The value of a JavaScript expression in the page. */
  evaluate<T>(expression: string): Promise<T>;
  click(selector: string): Promise<void>;
  /** Draws one line with the pointer. */
  drag(selector: string, points: readonly Point[]): Promise<void>;
  /** Chooses an option of a select element. */
  select(selector: string, value: string): Promise<void>;
  /** Puts a file into an input element. */
  upload(selector: string, path: string): Promise<void>;
  close(): Promise<void>;
}

const SIZE = { width: 1280, height: 900 };
/** The first start of a browser on a busy machine. */
const START_MILLISECONDS = 120_000;

/** Starts a browser with an empty profile. */
export function startReader(name: BrowserName, programs: Programs): Promise<Reader> {
  return name === 'webkit' ? startWebKit(programs) : startPuppeteer(name, programs);
}

async function startPuppeteer(name: 'chromium' | 'firefox', programs: Programs): Promise<Reader> {
  const launched = await puppeteer.launch({
    browser: name === 'firefox' ? 'firefox' : 'chrome',
    executablePath: programs['browser'],
    headless: true,
    args: name === 'firefox' ? [] : ['--no-sandbox'],
    defaultViewport: SIZE,
    timeout: START_MILLISECONDS,
    protocolTimeout: 300_000,
  });
  const page: Page = await launched.newPage();
  const element = async (selector: string): Promise<ElementHandle> => {
    const found = await page.waitForSelector(selector, { timeout: 30_000 });
    await found!.evaluate((node) => node.scrollIntoView({ block: 'center', behavior: 'instant' }));
    return found!;
  };
  return {
    goto: async (url) => void (await page.goto(url)),
    reload: async () => void (await page.reload()),
    evaluate: (expression) => page.evaluate(expression) as Promise<never>,
    click: async (selector) => (await element(selector)).click(),
    async drag(selector, points) {
      const { x, y, width, height } = (await (await element(selector)).boundingBox())!;
      const [first, ...rest] = points.map(([left, top]) => [x + left * width, y + top * height] as const);
      await page.mouse.move(...first!);
      await page.mouse.down();
      for (const point of rest) await page.mouse.move(...point, { steps: 5 });
      await page.mouse.up();
    },
    select: async (selector, value) => void (await page.select(selector, value)),
    async upload(selector, path) {
      const input = (await page.$(selector)) as ElementHandle<HTMLInputElement>;
      await input.uploadFile(path);
    },
    close: () => launched.close(),
  };
}

async function startWebKit(programs: Programs): Promise<Reader> {
  const folder = await mkdtemp(join(tmpdir(), 'webkit-'));
  const children: ChildProcess[] = [];
  const stop = async (): Promise<void> => {
    for (const child of children) child.kill();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    // Xvfb itself picks a display that is free and writes its number to this descriptor.
    const screen = spawn(
      programs['display']!,
      ['-displayfd', '3', '-screen', '0', '1280x1000x24', '-nolisten', 'tcp'],
      {
        stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
      },
    );
    children.push(screen);
    const display = await new Promise<string>((resolve, reject) => {
      screen.on('error', reject).on('exit', () => reject(new Error('Xvfb does not start.')));
      (screen.stdio[3] as NodeJS.ReadableStream).on('data', (data: Buffer) =>
        resolve(`:${String(data).trim()}`),
      );
    });
    const port = await freePort();
    children.push(
      spawn(programs['driver']!, [`--port=${port}`], {
        stdio: 'ignore',
        env: {
          ...process.env,
          DISPLAY: display,
          HOME: folder,
          XDG_RUNTIME_DIR: folder,
          LIBGL_ALWAYS_SOFTWARE: '1',
          // As root, as in containers, its sandbox does not start.
          WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1',
        },
      }),
    );
    const driver = await connect(port, programs['browser']!);
    await driver.manage().setTimeouts({ pageLoad: START_MILLISECONDS, script: 300_000 });
    await driver
      .manage()
      .window()
      .setRect({ ...SIZE, x: 0, y: 0 });
    /** Moves the pointer in viewport coordinates: the driver cannot find the middle of a part of an SVG itself. */
    const at = async (selector: string): Promise<(point: Point) => Parameters<Actions['move']>[0]> => {
      const { x, y, width, height } = await driver.executeScript<DOMRect>(
        `arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' });
        return arguments[0].getBoundingClientRect().toJSON()`,
        driver.findElement(By.css(selector)),
      );
      return ([left, top]) => ({
        origin: Origin.VIEWPORT,
        x: Math.round(x + left * width),
        y: Math.round(y + top * height),
        duration: 40,
      });
    };
    return {
      goto: (url) => driver.get(url),
      reload: () => driver.navigate().refresh(),
      evaluate: async (expression) =>
        // The last argument is the callback that ends an asynchronous script.
        await driver.executeAsyncScript(
          `const done = arguments[0]; Promise.resolve(${expression}).then(done, (error) => done('' + error))`,
        ),
      async click(selector) {
        await driver
          .actions()
          .move((await at(selector))([0.5, 0.5]))
          .click()
          .perform();
      },
      async drag(selector, points) {
        const place = await at(selector);
        const [first, ...rest] = points;
        const actions = driver.actions().move(place(first!)).press();
        for (const point of rest) actions.move(place(point));
        await actions.release().perform();
      },
      // The driver cannot click an option: its list is drawn by the system, not by the page.
      select: (selector, value) =>
        driver.executeScript(
          `const [select, value] = arguments; select.value = value;
          for (const type of ['input', 'change']) select.dispatchEvent(new Event(type, { bubbles: true }));`,
          driver.findElement(By.css(selector)),
          value,
        ),
      upload: async (selector, path) => (await driver.findElement(By.css(selector))).sendKeys(path),
      async close() {
        await driver.quit().catch(() => undefined);
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function connect(port: number, binary: string): Promise<WebDriver> {
  const until = performance.now() + START_MILLISECONDS;
  for (;;) {
    try {
      return await new Builder()
        .usingServer(`http://127.0.0.1:${port}`)
        .withCapabilities({
          browserName: 'MiniBrowser',
          'webkitgtk:browserOptions': { binary, args: ['--automation'] },
        })
        .build();
    } catch (error) {
      // The driver listens a moment after it was started.
      if (performance.now() > until) throw error;
      await pause(250);
    }
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
      .once('error', reject)
      .listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo;
        server.close(() => resolve(port));
      });
  });
