/** A browser profile that blocks all site data: everything works but for keeping. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { anchorOf } from '../../src/components/charts/figures.ts';
import { address, ARGUMENTS } from './browser.ts';
import { choose, said, train } from './lesson.ts';
import { answer, drawLine } from './pad.ts';

let profile: string;
let context: BrowserContext;

beforeAll(async () => {
  profile = await mkdtemp(join(tmpdir(), 'blocked-'));
  await mkdir(join(profile, 'Default'));
  const settings = { profile: { default_content_setting_values: { cookies: 2 } } };
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(settings));
  const options = { executablePath: inject('chromium'), args: ARGUMENTS, locale: 'en' };
  context = await chromium.launchPersistentContext(profile, options);
});
afterAll(async () => {
  await context.close();
  await rm(profile, { recursive: true, force: true });
});

async function open(path: `/${string}`): Promise<{ page: Page; errors: string[] }> {
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', ({ message }) => errors.push(message));
  await page.goto(address(path));
  return { page, errors };
}

it('all four stores refuse here', async () => {
  const { page } = await open('/en/404.html');
  const refusals = await page.evaluate(async () => {
    const attempts: (() => unknown)[] = [
      () => localStorage.length,
      () => caches.open('x'),
      () => navigator.locks.request('x', () => undefined),
      () =>
        new Promise((resolve, reject) => {
          const request = indexedDB.open('x');
          request.onsuccess = resolve;
          request.onerror = () => reject(request.error!);
        }),
    ];
    return Promise.all(
      attempts.map(async (attempt) => {
        try {
          await attempt();
          return 'works';
        } catch (error) {
          return (error as Error).name;
        }
      }),
    );
  });
  expect(refusals).not.toContain('works');
  await page.close();
});

it('the report is read and its figures change', async () => {
  const { page, errors } = await open('/en/');
  const figure = page.locator(`#${anchorOf('curves')}`);
  await figure.scrollIntoViewIfNeeded();
  await figure.and(page.locator('[data-awake]')).waitFor();
  expect(errors).toEqual([]);
  await page.close();
});

it('a drawing is answered, and it is said that it is not kept', async () => {
  const { page, errors } = await open('/en/draw/?backend=wasm');
  await drawLine(page, [
    [200, 120],
    [360, 120],
    [360, 480],
    [200, 480],
    [200, 120],
  ]);
  expect((await answer(page)).probability).toBeGreaterThan(0);
  expect(await page.getByTestId('message').innerText()).toContain('after a reload the drawing is gone');
  expect(errors).toEqual([]);
  await page.close();
});

it('a lesson is taught to its end, and it is said that it is not kept', async () => {
  const { page, errors } = await open('/en/finetune/?backend=wasm&sample=20');
  await choose(page, { task: 'drawings', epochs: 1 });
  expect(await train(page)).toBe('done');
  expect(await said(page)).not.toBe('');
  expect(await page.getByTestId('ft-gain').getAttribute('data-after')).not.toBeNull();
  expect(errors).toEqual([]);
  await page.close();
});
