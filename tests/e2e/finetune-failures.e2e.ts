/** What can go wrong while the network is taught: each a sentence, no lesson and no drawing lost. */
import type { Page } from 'playwright-core';
import { describe, expect, inject, it, vi } from 'vitest';
import { hold, useBrowser } from './browser.ts';
import { choose, data, keptStep, reach, said, train } from './lesson.ts';
import { drawLine } from './pad.ts';
import { primaryId, publishedIds } from './reference.ts';

const { open } = useBrowser();
const WAIT = { timeout: 120_000, interval: 100 };
const SMALL = {
  task: 'trade',
  mode: 'head',
  epochs: 3,
  rate: 1e-3,
  batch: 4,
  images: 2,
  replay: 0.5,
  augment: false,
} as const;

/** Begins and rests after the first step of the second epoch. */
async function restInSecondEpoch(page: Page): Promise<void> {
  await choose(page, SMALL);
  for (let step = 1; step <= 2; step++) {
    await page.getByTestId('ft-step').click();
    await page.waitForSelector(`[data-testid=ft-status][data-step="${step}"][data-state=paused]`, WAIT);
  }
  expect(await data(page, 'ft-status', 'epoch')).toBe(1);
}

/** Begins, rests after the first step, and waits until that is kept. */
async function leaveAfterStep(page: Page): Promise<void> {
  await choose(page, SMALL);
  await page.getByTestId('ft-step').click();
  await page.waitForSelector('[data-testid=ft-status][data-step="1"][data-state=paused]', WAIT);
  await vi.waitFor(async () => expect(await keptStep(page)).toBe(1), WAIT);
}

async function goOn(page: Page): Promise<void> {
  await page.getByTestId('ft-start').click();
  expect(await reach(page, 'done', 'error')).toBe('done');
  expect(await data(page, 'ft-status', 'epoch')).toBe(3);
  expect(await data(page, 'ft-status', 'step')).toBe(3);
}

describe('a lesson goes on from its last epoch', () => {
  it('when the device is lost, on the next backend', { timeout: 300_000 }, async () => {
    const { page, close } = await open('/en/finetune/?backend=webgpu&sample=1');
    await choose(page, SMALL);
    await page.getByTestId('ft-step').click();
    await reach(page, 'preparing', 'training');
    await vi.waitFor(() => expect(page.workers().length).toBeGreaterThan(0), WAIT);
    // The worker's device is its own: it is caught at its next command.
    await page.workers()[0]!.evaluate(() => {
      const { createCommandEncoder } = GPUDevice.prototype;
      GPUDevice.prototype.createCommandEncoder = function (this: GPUDevice, ...parameters) {
        Object.assign(globalThis, { caught: this });
        return createCommandEncoder.apply(this, parameters);
      };
    });
    await reach(page, 'paused');
    await restInSecondEpochFrom(page, 1);
    await page
      .workers()[0]!
      .evaluate(() => (globalThis as unknown as { caught: GPUDevice }).caught.destroy());
    await goOn(page);
    expect(await said(page)).toMatch(/webgpu was lost: training resumes from the end of epoch 1 on \w+/);
    expect(await page.getByTestId('backend').getAttribute('data-backend')).not.toBe('webgpu');
    await close();
  });

  it('when the worker is killed, in another', async () => {
    const { page, close } = await open('/en/finetune/?backend=wasm&sample=1');
    await restInSecondEpoch(page);
    await page.workers()[0]!.evaluate(() => self.close());
    await goOn(page);
    expect(await said(page)).toContain('resumes from the end of epoch 1 in a new worker (wasm)');
    await close();
  });
});

/** As {@link restInSecondEpoch}, after some steps. */
async function restInSecondEpochFrom(page: Page, done: number): Promise<void> {
  for (let step = done + 1; step <= 2; step++) {
    await page.getByTestId('ft-step').click();
    await page.waitForSelector(`[data-testid=ft-status][data-step="${step}"][data-state=paused]`, WAIT);
  }
}

it('a second tab is told of the first, and may train when that is done', async () => {
  const { page, close } = await open('/en/finetune/?backend=wasm&sample=1');
  await choose(page, { ...SMALL, epochs: 1000 });
  await page.getByTestId('ft-start').click();
  await page.getByTestId('ft-pause').click();
  await reach(page, 'paused');
  await vi.waitFor(
    async () => expect(await keptStep(page)).toBe(await data(page, 'ft-status', 'step')),
    WAIT,
  );
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByTestId('ft-reset').click();
  await reach(other, 'idle');
  // That was not the first tab's.
  expect(await keptStep(other)).toBe(await data(page, 'ft-status', 'step'));
  await choose(other, SMALL);
  await other.getByTestId('ft-start').click();
  await vi.waitFor(async () => expect(await said(other)).toContain('Another tab is still training'), WAIT);
  await page.getByTestId('ft-stop').click();
  await reach(page, 'done');
  expect(await train(other)).toBe('done');
  await close();
});

it('images that do not come are said, and asked for again', async () => {
  const { page, close } = await open('/en/finetune/?backend=wasm&sample=1');
  await page.route('**/data/**', (route) => route.abort());
  await choose(page, { ...SMALL, epochs: 1 });
  expect(await train(page)).toBe('error');
  expect(await said(page)).toContain('The images did not load');
  await page.unroute('**/data/**');
  expect(await train(page)).toBe('done');
  expect(await page.getByTestId('ft-message').isVisible()).toBe(false);
  await close();
});

it.each(['stop', 'reset'])('%s drops a lesson that waits for its images, for good', async (button) => {
  const { page, close } = await open('/en/finetune/?backend=wasm&sample=1');
  const arrive = await hold(page, '**/data/**');
  await choose(page, { ...SMALL, epochs: 1 });
  await page.getByTestId('ft-start').click();
  await reach(page, 'preparing');
  await page.getByTestId(`ft-${button}`).click();
  await reach(page, 'idle');
  const images = page.waitForResponse('**/data/**');
  arrive();
  await images;
  // The next lesson is the only one.
  expect(await page.getByTestId('ft-status').getAttribute('data-state')).toBe('idle');
  expect(await train(page)).toBe('done');
  expect(await data(page, 'ft-status', 'step')).toBe(1);
  await close();
});

it('a lesson of an earlier visit is still there when it was stopped before it went on', async () => {
  const { page, close } = await open('/en/finetune/?backend=wasm&sample=1');
  await leaveAfterStep(page);
  await page.route('**/data/**', () => undefined);
  await page.reload();
  await reach(page, 'paused');
  await page.getByTestId('ft-start').click();
  await reach(page, 'preparing');
  await page.getByTestId('ft-stop').click();
  await reach(page, 'paused');
  await page.unroute('**/data/**');
  await page.reload();
  await reach(page, 'paused');
  await goOn(page);
  await close();
});

it.each([
  ['/en/finetune/', /^There is no model “nobody”; this is “(.+)”\.$/],
  ['/finetune/', /^没有名为“nobody”的模型；现在的起点是“(.+)”。$/],
] as const)('%s says that there is no model of a name, and goes on with another', async (path, sentence) => {
  const { page, close } = await open(`${path}?backend=wasm&sample=1&model=nobody`);
  await page.getByTestId('ft-message').waitFor();
  const [, name] = sentence.exec(await said(page))!;
  expect(await page.getByTestId('ft-model').locator('option:checked').textContent()).toContain(`${name} · `);
  await close();
});

it('a model file that is damaged is named, with what is wrong with it', async () => {
  const { page, close } = await open('/en/finetune/?backend=wasm&sample=1');
  await page.route('**/weights.bin', async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.body()).subarray(1) });
  });
  await choose(page, { ...SMALL, epochs: 1 });
  expect(await train(page)).toBe('error');
  const id = await page.getByTestId('ft-model').inputValue();
  expect(await said(page)).toMatch(
    new RegExp(`${id}/weights\\.bin differs from the published file \\(it has .+: truncated\\)`),
  );
  await page.unroute('**/weights.bin');
  expect(await train(page)).toBe('done');
  await close();
});

it('what is said about a model follows the address, a lesson that was left, and the choice', async () => {
  const ids = await publishedIds(inject('dist'));
  const first = await primaryId(inject('dist'));
  const other = ids.find((id) => id !== first);
  // With a single run there is nothing to be chosen.
  if (other === undefined) return;
  const { page, close } = await open(`/en/finetune/?backend=wasm&sample=1&model=${other}`);
  const shown = async () => [
    await page.getByTestId('ft-model').inputValue(),
    ...(await page
      .locator('[data-about]:not([hidden])')
      .evaluateAll((all) => all.map((about) => (about as HTMLElement).dataset['about']))),
  ];
  expect(await shown()).toEqual([other, other]);
  await leaveAfterStep(page);
  await page.goto(`${inject('site')}/en/finetune/?backend=wasm&sample=1`);
  await reach(page, 'paused');
  expect(await shown()).toEqual([other, other]);
  await page.getByTestId('ft-reset').click();
  await reach(page, 'idle');
  await choose(page, {});
  await page.getByTestId('ft-model').selectOption(first);
  expect(await shown()).toEqual([first, first]);
  await close();
});

it('a lesson whose model was published anew is left for a fresh one, and it is said', async () => {
  const { page, close } = await open('/en/finetune/?backend=wasm&sample=1');
  await leaveAfterStep(page);
  // As if it had been begun with the files of an earlier publishing.
  await page.evaluate(async () => {
    const opening = indexedDB.open('fashion-mnist-report', 1);
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const writing = opening.result.transaction('values', 'readwrite');
    const table = writing.objectStore('values');
    const reading = table.get('lesson') as IDBRequest<{
      progress: { task: { model: { files: Record<string, { sha256: string }> } } };
    }>;
    reading.onsuccess = () => {
      reading.result.progress.task.model.files['weights.bin']!.sha256 = '0'.repeat(64);
      table.put(reading.result, 'lesson');
    };
    await new Promise((resolve) => (writing.oncomplete = resolve));
    opening.result.close();
  });
  await page.goto(`${page.url()}&model=nobody`);
  await page.getByTestId('ft-message').waitFor();
  expect(await said(page)).toContain('its model is no longer the published one. You start over');
  expect(await said(page)).toContain('There is no model “nobody”');
  expect(await page.getByTestId('ft-status').getAttribute('data-state')).toBe('idle');
  await vi.waitFor(async () => expect(await keptStep(page)).toBeUndefined(), WAIT);
  await choose(page, { ...SMALL, epochs: 1 });
  expect(await train(page)).toBe('done');
  expect(await page.getByTestId('ft-message').isVisible()).toBe(false);
  await close();
});

describe('the lesson goes on and the network can still be downloaded, and it is said', () => {
  it('where storage is refused', async () => {
    const { page, close } = await open('/en/finetune/?backend=wasm&sample=1', {
      prepare: (prepared) =>
        prepared.addInitScript(() => {
          const refuse = () => {
            throw new DOMException('The user does not want it.', 'SecurityError');
          };
          indexedDB.open = refuse;
          Storage.prototype.setItem = refuse;
        }),
    });
    await drawLine(page, [
      [100, 100],
      [300, 400],
      [500, 100],
    ]);
    await page.getByTestId('ft-add').click();
    await vi.waitFor(
      async () => expect(await said(page)).toContain('kept only until the page is closed'),
      WAIT,
    );
    expect(await page.getByTestId('ft-drawings').locator('li').count()).toBe(1);
    await learnUnkept(page);
    // The drawing was asked about after each epoch.
    expect(await page.getByTestId('ft-drawings').locator('[data-answer]').count()).toBe(1);
    await close();
  });

  it('where storage is full', async () => {
    const { page, close } = await open('/en/finetune/?backend=wasm&sample=1');
    const session = await page.context().newCDPSession(page);
    await session.send('Storage.overrideQuotaForOrigin', { origin: inject('site'), quotaSize: 1_000 });
    await learnUnkept(page);
    await close();
  });
});

async function learnUnkept(page: Page): Promise<void> {
  await choose(page, SMALL);
  expect(await train(page)).toBe('done');
  expect(await said(page)).toContain('training continues, but its progress is lost');
  await page.getByTestId('ft-keep').click();
  await vi.waitFor(
    async () =>
      expect(await page.getByTestId('ft-weights-message').innerText()).toContain('download it instead'),
    WAIT,
  );
  expect(await page.getByTestId('ft-download').isEnabled()).toBe(true);
}

it('drawings are kept over a reload, and so is the network once it is done', async () => {
  const { page, close } = await open('/en/finetune/?backend=wasm&sample=1');
  for (const [label, y] of [
    ['1', 100],
    ['8', 300],
  ] as const) {
    await drawLine(page, [
      [100, y],
      [400, y + 100],
      [500, y],
    ]);
    await page.getByTestId('ft-class').selectOption(label);
    await page.getByTestId('ft-add').click();
  }
  await choose(page, { epochs: 1, batch: 2, replay: 0, augment: false });
  expect(await train(page)).toBe('done');
  const taught = await data(page, 'ft-after', 'accuracy');
  await page.reload();
  expect(await reach(page, 'done')).toBe('done');
  expect(await page.getByTestId('ft-drawings').locator('li').count()).toBe(2);
  await vi.waitFor(async () => expect(await data(page, 'ft-after', 'accuracy')).toBe(taught), WAIT);
  await page.getByTestId('ft-keep').click();
  await page.getByTestId('ft-use').waitFor({ timeout: 60_000 });
  await page.goto(`${inject('site')}/en/draw/?backend=wasm&model=mine`);
  await vi.waitFor(
    async () => expect(await page.getByTestId('model-select').inputValue()).toBe('mine'),
    WAIT,
  );
  await drawLine(page, [
    [100, 100],
    [300, 400],
    [500, 100],
  ]);
  await page.waitForSelector('[data-testid=result]:is([data-state=ready], [data-state=unsure])', WAIT);
  await close();
});
