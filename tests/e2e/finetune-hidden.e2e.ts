/** A lesson in a tab that is hidden behind another, frozen by the browser, closed. */
import { createServer, type AddressInfo } from 'node:net';
import { chromium, type Browser, type BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { address, ARGUMENTS } from './browser.ts';
import { choose, data, keptStep, reach } from './lesson.ts';

const WAIT = { timeout: 60_000, interval: 50 };

let launched: Browser;
let tabs: BrowserContext;

/** Playwright shows every page it opens as the one in front; in a browser that it has only joined it does not. */
beforeAll(async () => {
  const port = await freePort();
  launched = await chromium.launch({
    executablePath: inject('chromium'),
    args: [...ARGUMENTS, `--remote-debugging-port=${port}`],
  });
  const joined = await chromium.connectOverCDP(`http://127.0.0.1:${port}`, { noDefaults: true });
  tabs = joined.contexts()[0]!;
});
afterAll(() => launched.close());

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

it('a hidden tab learns on; what it has learned is kept, and the next tab goes on from there', async () => {
  const page = await tabs.newPage();
  await page.goto(address('/en/finetune/?backend=wasm&sample=1'));
  // One epoch, whose end nobody waits for.
  await choose(page, { task: 'trade', mode: 'all', epochs: 1, batch: 2, images: 100, replay: 0.5 });
  await page.getByTestId('ft-start').click();
  await page.waitForSelector('[data-testid=ft-status]:not([data-step="0"])', WAIT);
  // As it began: unless the tab is hidden, the end of the epoch is what is kept next.
  await vi.waitFor(async () => expect(await keptStep(page)).toBe(0), WAIT);

  const front = await tabs.newPage();
  await front.bringToFront();
  expect(await page.evaluate(() => document.visibilityState)).toBe('hidden');
  await vi.waitFor(async () => expect(await keptStep(page)).toBeGreaterThan(0), WAIT);
  const kept = (await keptStep(page))!;
  await vi.waitFor(async () => expect(await data(page, 'ft-status', 'step')).toBeGreaterThan(kept), WAIT);

  // How long it may sleep is tried with the engine's timers.
  const session = await tabs.newCDPSession(page);
  await session.send('Page.enable');
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  const thawed = await data(page, 'ft-status', 'step');
  await vi.waitFor(async () => expect(await data(page, 'ft-status', 'step')).toBeGreaterThan(thawed), WAIT);
  expect(await page.getByTestId('ft-message').isVisible()).toBe(false);

  await page.close();
  await front.goto(address('/en/finetune/?backend=wasm&sample=1'));
  expect(await reach(front, 'paused')).toBe('paused');
  expect(await front.getByTestId('ft-status').innerText()).toContain('Continue resumes it');
  expect(await data(front, 'ft-status', 'step')).toBe(kept);
  await front.getByTestId('ft-step').click();
  await front.waitForSelector(`[data-testid=ft-status][data-step="${kept + 1}"][data-state=paused]`, WAIT);
  await front.getByTestId('ft-reset').click();
  await vi.waitFor(async () => expect(await keptStep(front)).toBeUndefined(), WAIT);
  await reach(front, 'idle');
});
