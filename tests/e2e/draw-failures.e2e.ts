/** What can go wrong on the drawing page, and what it says then; a drawing is never lost. */
import type { Page, Route } from 'playwright-core';
import { describe, expect, inject, it, vi } from 'vitest';
import { useBrowser } from './browser.ts';
import { answer, drawSomething, padPixels, restingState, stored } from './pad.ts';
import { publishedIds } from './reference.ts';

const { open } = useBrowser();

/** Answers requests for weights in another way, as long as it is told to. */
async function meddle(page: Page, how: (route: Route) => Promise<void>): Promise<{ stop(): Promise<void> }> {
  const pattern = /\/models\/[^/]+\/(?!predictions)[^/]+\.bin$/;
  await page.route(pattern, how);
  return { stop: () => page.unroute(pattern, how) };
}

const altered = (change: (body: Buffer) => Buffer) => async (route: Route) => {
  const response = await route.fetch();
  await route.fulfill({ response, body: change(await response.body()) });
};

/** The file of the weights of the chosen model, as a sentence names it. */
const weightsFile = async (page: Page): Promise<string> =>
  `${await page.getByTestId('model-select').inputValue()}/weights.bin`;

/**
 * Lets the software adapter pass for a fast GPU, and its worker begin with more code.
 * @param code JavaScript
 */
const pretendGpu = (code: string) => (page: Page) =>
  page.route(/worker-[^/]*\.js$/, async (route) => {
    // The page may be closed before the file has come.
    const response = await route.fetch().catch(() => null);
    if (!response) return;
    const pretence = `
      Object.defineProperty(GPUAdapter.prototype, 'info', { value: { vendor: 'pretended' } });
      const now = performance.now.bind(performance);
      performance.now = () => now() / 1000;`;
    await route.fulfill({ response, body: `${pretence}${code}\n${await response.text()}` });
  });

/** As {@link pretendGpu}, and the page waits for that adapter as long as it takes: it is slow after all. */
const pretendFastGpu = (code: string) => async (page: Page) => {
  await page.addInitScript(() => {
    const { setTimeout } = globalThis;
    Object.assign(globalThis, {
      setTimeout: (act: TimerHandler, delay = 0) => setTimeout(act, delay > 5000 ? 10 * delay : delay),
    });
  });
  await pretendGpu(code)(page);
};

describe('a model file', () => {
  it.each<[string, (route: Route) => Promise<void>, string]>([
    [
      'that is cut off',
      altered((body) => body.subarray(0, body.length / 2)),
      '{file} differs from the published file (it has ',
    ],
    [
      'that was altered',
      altered((body) => {
        body[1000]! ^= 1;
        return body;
      }),
      '{file} differs from the published file (its SHA-256 is not the one in metrics.json: edited or swapped)',
    ],
    ['that is not there', (route) => route.fulfill({ status: 404 }), '{file} is not on the server'],
    ['that does not arrive', (route) => route.abort(), 'no connection'],
  ])('%s is refused with a sentence, and another attempt succeeds', async (_, how, text) => {
    const { page, close } = await open('/en/draw/?backend=wasm');
    const sentence = text.replace('{file}', await weightsFile(page));
    const meddling = await meddle(page, how);
    await drawSomething(page);
    const drawn = await padPixels(page);
    expect(await restingState(page)).toBe('error');
    expect(await page.getByTestId('failure').innerText()).toContain(sentence);
    expect(await page.getByTestId('result-top1').innerText()).toBe('No answer');
    await vi.waitFor(async () => expect(await page.locator('#announcement').innerText()).toContain(sentence));
    await meddling.stop();
    await page.getByTestId('retry').click();
    await answer(page);
    expect(await padPixels(page)).toEqual(drawn);
    expect(await page.getByTestId('failure').isVisible()).toBe(false);
    await close();
  });

  it('that is damaged is named in Chinese too', async () => {
    const { page, close } = await open('/draw/?backend=wasm');
    await meddle(
      page,
      altered((body) => body.subarray(1)),
    );
    await drawSomething(page);
    expect(await restingState(page)).toBe('error');
    expect(await page.getByTestId('failure').innerText()).toBe(
      `模型没有载入：文件 ${await weightsFile(page)} 与发布的不一致，可能不完整、被改动或被换过。你的画还在；请重新载入页面，或换一个模型。`,
    );
    await close();
  });
});

describe('the worker', () => {
  it('is replaced when it dies, and the answer comes after all', async () => {
    const { page, close } = await open('/en/draw/?backend=wasm');
    await drawSomething(page);
    const before = await answer(page);
    await page.workers()[0]!.evaluate(() => self.close());
    await page.getByTestId('undo').click();
    await page.getByTestId('redo').click();
    const after = await answer(page);
    expect(after.label).toBe(before.label);
    expect(after.probability).toBeCloseTo(before.probability, 6);
    await close();
  });
});

describe('backends', () => {
  it('the software adapter is passed over unless it is asked for, and no unknown name is taken seriously', async () => {
    const { page, close } = await open('/en/draw/?backend=abacus');
    await page.getByTestId('load').click();
    const backend = page.locator('[data-testid=backend][data-backend]');
    await backend.waitFor();
    expect(await backend.getAttribute('data-backend')).not.toBe('webgpu');
    expect(await backend.getAttribute('title')).toContain('Not webgpu: emulated in software');
    await close();
  });

  it('one that gives wrong sums is passed over for the next before it is used', async () => {
    const { page, close } = await open('/en/draw/', {
      prepare: pretendFastGpu(`
        const { getMappedRange } = GPUBuffer.prototype;
        GPUBuffer.prototype.getMappedRange = function (...range) {
          const mapped = getMappedRange.apply(this, range);
          new Uint8Array(mapped).fill(0);
          return mapped;
        };`),
    });
    await drawSomething(page);
    await answer(page);
    const backend = page.getByTestId('backend');
    expect(await backend.getAttribute('data-backend')).toMatch(/^(webgl|wasm)$/);
    expect(await backend.getAttribute('title')).toContain('Not webgpu: wrong on a small convolution');
    await close();
  });

  it.each([
    ['an adapter', 'webgpu', 'GPU.prototype.requestAdapter = () => new Promise(() => undefined);'],
    ['a device', 'webgpu', 'GPUAdapter.prototype.requestDevice = () => new Promise(() => undefined);'],
    ['the first shader', 'webgpu', 'GPUBuffer.prototype.mapAsync = () => new Promise(() => undefined);'],
    ['a context', 'webgl', 'OffscreenCanvas.prototype.getContext = () => { for (;;); };'],
  ])('one that never comes back with %s is skipped for the next within seconds', async (_, name, code) => {
    const { page, close } = await open('/en/draw/', {
      // The software adapter is passed over before it could be silent.
      prepare: pretendGpu(name === 'webgpu' ? code : `delete GPU.prototype.requestAdapter;${code}`),
    });
    await drawSomething(page);
    const started = performance.now();
    await answer(page);
    // 7 s without an answer, and the start of the next; the rest is for machines that do something else besides.
    expect(performance.now() - started).toBeLessThan(25_000);
    const backend = page.getByTestId('backend');
    expect(await backend.getAttribute('data-backend')).toMatch(/^(webgl|wasm)$/);
    expect(await backend.getAttribute('title')).toContain(`Not ${name}: it does not answer`);
    expect(await backend.innerText()).toContain(`${name} did not answer and was skipped`);
    await close();
  });

  it('one that is lost in use is replaced by the next, and the drawing gets its answer', async () => {
    const { page, close } = await open('/en/draw/', {
      prepare: pretendFastGpu(`
        const { requestDevice } = GPUAdapter.prototype;
        GPUAdapter.prototype.requestDevice = async function (...wishes) {
          return (globalThis.device = await requestDevice.apply(this, wishes));
        };`),
    });
    await drawSomething(page);
    const before = await answer(page);
    const backend = page.getByTestId('backend');
    expect(await backend.getAttribute('data-backend')).toBe('webgpu');
    await page
      .workers()[0]!
      .evaluate(() => (globalThis as unknown as { device: GPUDevice }).device.destroy());
    await page.getByTestId('undo').click();
    await page.getByTestId('redo').click();
    const after = await answer(page);
    expect(await backend.getAttribute('data-backend')).toMatch(/^(webgl|wasm)$/);
    expect(await backend.getAttribute('title')).toContain('Not webgpu: it stopped before');
    expect(after.label).toBe(before.label);
    expect(Math.abs(after.probability - before.probability)).toBeLessThan(1e-3);
    await close();
  });

  it('one that was asked for and is lost is no longer used, and the page says what to do', async () => {
    const { page, close } = await open('/en/draw/?backend=webgl');
    await drawSomething(page);
    await answer(page);
    const drawn = await padPixels(page);
    await page.workers()[0]!.evaluate(() => {
      const { drawElements } = WebGL2RenderingContext.prototype;
      WebGL2RenderingContext.prototype.drawElements = function (...parameters) {
        this.getExtension('WEBGL_lose_context')!.loseContext();
        return drawElements.apply(this, parameters);
      };
    });
    await page.getByTestId('undo').click();
    await page.getByTestId('redo').click();
    expect(await restingState(page)).toBe('error');
    expect(await page.getByTestId('failure').innerText()).toContain('take “backend” out of the address');
    expect(await page.getByTestId('result-top1').getAttribute('data-class')).toBeNull();
    expect(await padPixels(page)).toEqual(drawn);
    await close();
  });

  it('one that computes wrongly is found out: known images do not get the published answers', async () => {
    const { page, close } = await open('/en/draw/?backend=wasm', {
      // As if the backend were wrong: it is compared with other answers than were published.
      prepare: (prepared) =>
        prepared.route('**/en/draw/**', async (route) => {
          const response = await route.fetch();
          const html = await response.text();
          const changed = html.replace(
            /(known&(?:quot|#34);:\[)([\d.]+)/g,
            (_, before, p) => before + (1 - p),
          );
          expect(changed).not.toBe(html);
          await route.fulfill({ response, body: changed });
        }),
    });
    await drawSomething(page);
    expect(await restingState(page)).toBe('error');
    expect(await page.getByTestId('failure').innerText()).toContain('No backend works');
    await close();
  });
});

it('once it has been used, the page works without a network', async () => {
  const { page, errors, close } = await open('/en/draw/?backend=wasm');
  await drawSomething(page);
  const before = await answer(page);
  await page.evaluate(() => navigator.serviceWorker.ready);
  const cached = () =>
    page.evaluate(async () => (await (await caches.open('offline')).keys()).map(({ url }) => url));
  const needed = [
    /\/en\/draw\/$/,
    /worker-[^/]*\.js$/,
    /\.wasm$/,
    /\.css$/,
    /\/model\.json$/,
    /\/weights[^/]*\.bin$/,
  ];
  await vi.waitFor(async () => {
    const urls = await cached();
    for (const pattern of needed)
      expect(
        urls.filter((url) => pattern.test(url)),
        String(pattern),
      ).not.toEqual([]);
  }, 30_000);
  await page.context().setOffline(true);
  const unknown = '/models/none/metrics.json';
  expect(
    await page.evaluate(
      (path) =>
        fetch(path).then(
          () => true,
          () => false,
        ),
      unknown,
    ),
  ).toBe(false);
  errors.length = 0;
  await page.reload();
  expect((await answer(page)).probability).toBeCloseTo(before.probability, 6);
  expect(errors).toEqual([]);
  await close();
});

describe('storage', () => {
  it('that holds something else is no reason to fail', async () => {
    const { page, errors, close } = await open('/en/draw/?backend=wasm', {
      prepare: (prepared) =>
        prepared.addInitScript(() => localStorage.setItem('drawing', '[{"kind":"spray"}]')),
    });
    expect(await page.getByTestId('result').getAttribute('data-state')).toBe('empty');
    await drawSomething(page);
    await answer(page);
    expect((await stored(page)).length).toBe(1);
    expect(errors).toEqual([]);
    await close();
  });

  it('that is refused is told once something is drawn, and the answer comes all the same', async () => {
    const { page, errors, close } = await open('/en/draw/?backend=wasm', {
      prepare: (prepared) =>
        prepared.addInitScript(() => {
          Storage.prototype.setItem = () => {
            throw new DOMException('full', 'QuotaExceededError');
          };
        }),
    });
    await drawSomething(page);
    await answer(page);
    expect(await page.getByTestId('message').innerText()).toContain('after a reload the drawing is gone');
    expect(errors).toEqual([]);
    await close();
  });
});

it('where the browser does not let the page copy, the link stands in the address bar', async () => {
  const { page, errors, close } = await open('/en/draw/?backend=wasm', {
    prepare: (prepared) =>
      prepared.addInitScript(() => {
        if (!isSecureContext) return; // about:blank
        navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
      }),
  });
  await drawSomething(page);
  const drawn = await padPixels(page);
  await page.getByTestId('share').click();
  await page.getByTestId('message').waitFor();
  expect(await page.getByTestId('message').innerText()).toContain('copy the link from the address bar');
  const link = page.url();
  await page.getByTestId('clear').click();
  // A reload would bring back what was shared, in place of what is drawn after it.
  expect(page.url()).not.toContain('#');
  await page.goto('about:blank');
  await page.goto(link);
  expect(await padPixels(page)).toEqual(drawn);
  expect(errors).toEqual([]);
  await close();
});

describe('the models', () => {
  it('can all be chosen, and each answers for itself', async () => {
    const ids = await publishedIds(inject('dist'));
    const { page, close } = await open('/en/draw/?backend=wasm');
    const options = page.getByTestId('model-select').locator('option');
    expect(
      await options.evaluateAll((all) => all.map((option) => (option as HTMLOptionElement).value).sort()),
    ).toEqual(ids.toSorted());
    await drawSomething(page);
    for (const id of ids) {
      await page.getByTestId('model-select').selectOption(id);
      await answer(page);
    }
    await close();
  });

  it.each([
    ['/en/draw/', /^There is no model “nobody”; this is “(.+)”\.$/],
    ['/draw/', /^没有名为“nobody”的模型；现在用的是“(.+)”。$/],
  ] as const)(
    '%s says that there is no model of a name, and goes on with another',
    async (path, sentence) => {
      const { page, close } = await open(`${path}?backend=wasm&model=nobody`);
      const message = page.getByTestId('message');
      await message.waitFor();
      const [, name] = sentence.exec(await message.innerText())!;
      const chosen = page.getByTestId('model-select').locator('option:checked');
      expect(await chosen.innerText()).toContain(`${name} · `);
      await drawSomething(page);
      await answer(page);
      await close();
    },
  );

  it('that were taught and are not whole any more are refused with a sentence', async () => {
    const { page, close } = await open('/en/draw/?backend=wasm');
    await page.evaluate(async () => {
      const { models } = JSON.parse(document.getElementById('draw')!.dataset['setup']!) as {
        models: { architecture: unknown }[];
      };
      const opening = indexedDB.open('fashion-mnist-report', 1);
      await new Promise((resolve) => (opening.onsuccess = resolve));
      const writing = opening.result.transaction('values', 'readwrite');
      writing.objectStore('values').put({ ...models[0], weights: {} }, 'network/mine');
      await new Promise((resolve) => (writing.oncomplete = resolve));
      opening.result.close();
    });
    await page.goto(`${page.url()}&model=mine`);
    await vi.waitFor(async () => expect(await page.getByTestId('model-select').inputValue()).toBe('mine'));
    expect(await page.getByTestId('message').isVisible()).toBe(false);
    await drawSomething(page);
    expect(await restingState(page)).toBe('error');
    expect(await page.getByTestId('failure').innerText()).toContain('The network you taught did not load');
    await page.getByTestId('model-select').selectOption({ index: 0 });
    await answer(page);
    await close();
  });
});
