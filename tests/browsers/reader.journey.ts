/** What a reader does on this site, in every browser that `BROWSERS` names. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { serve } from '../../src/node/static-server.ts';
import { BROWSERS, type BrowserName, getBrowser } from '../../src/node/browsers.ts';
import { type Point, type Reader, startReader } from './reader.ts';

/** Set by `npm run test:browsers`, which has found or installed them. */
const names = (process.env['BROWSERS']?.split(',') ?? BROWSERS) as readonly BrowserName[];
const dist = resolve(process.env['SITE_DIST'] ?? 'dist');
const base = (process.env['BASE_PATH'] ?? '').replace(/\/$/, '');
const WAIT = { timeout: 40_000, interval: 200 };

/** A T-shirt in one line. */
const SHIRT: readonly Point[] = [
  [0.38, 0.16],
  [0.62, 0.16],
  [0.9, 0.34],
  [0.8, 0.46],
  [0.7, 0.4],
  [0.7, 0.88],
  [0.3, 0.88],
  [0.3, 0.4],
  [0.2, 0.46],
  [0.1, 0.34],
  [0.38, 0.16],
];

const test = (id: string): string => `[data-testid=${id}]`;

describe.each(names)('%s', (name) => {
  let reader: Reader;
  let host: Awaited<ReturnType<typeof serve>>;
  let folder: string;

  const open = (path: `/${string}`): Promise<void> => reader.goto(host.origin + base + path);
  const evaluate = <T>(expression: string): Promise<T> => reader.evaluate<T>(expression);
  const attribute = (selector: string, attribute: string): Promise<string | null> =>
    evaluate(`document.querySelector(${JSON.stringify(selector)})?.getAttribute('${attribute}') ?? null`);
  /** Waits until an element is in one of some states. */
  const reach = (selector: string, ...states: string[]): Promise<void> =>
    vi.waitFor(async () => expect(states).toContain(await attribute(selector, 'data-state')), WAIT);
  /** Brings a figure into view and waits until its script has taken it over. */
  const wake = async (id: string): Promise<void> => {
    await evaluate(
      `document.getElementById('${id}').scrollIntoView({ block: 'center', behavior: 'instant' })`,
    );
    await vi.waitFor(async () => expect(await attribute(`#${id}`, 'data-awake'), id).not.toBeNull(), WAIT);
  };
  const answered = (): Promise<void> => reach(test('result'), 'ready', 'unsure');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journey-'));
    host = await serve(dist, base);
    reader = await startReader(name, await getBrowser(name, console.log));
  });
  afterAll(async () => {
    await reader?.close();
    host.server.closeAllConnections();
    host.server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('reads the report to its end', async () => {
    await open('/en/');
    for (const id of await evaluate<string[]>(
      `[...document.querySelectorAll('figure.chart')].map(({ id }) => id)`,
    ))
      await wake(id);
    await evaluate(`scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })`);
    expect(
      await evaluate(
        `[...document.images].filter((image) => image.complete && !image.naturalWidth).map(({ src }) => src)`,
      ),
    ).toEqual([]);
    expect(await evaluate(`document.documentElement.scrollWidth - innerWidth`)).toBeLessThanOrEqual(0);
  });

  it('changes what each figure shows', async () => {
    await open('/en/');
    const figures = await evaluate<string[]>(
      `[...document.querySelectorAll('figure.chart')].filter((figure) => figure.querySelector('select, input, [data-pick], button:not([data-download])')).map(({ id }) => id)`,
    );
    expect(figures.length).toBeGreaterThan(4);
    for (const id of figures) {
      await wake(id);
      const before = await evaluate<string>(`document.getElementById('${id}').innerHTML + location.search`);
      // The first choice of each kind that is not made yet, as a person makes it.
      const kind = await evaluate<string>(`(() => {
        const figure = document.getElementById('${id}');
        const visible = (element) => element.getClientRects().length > 0;
        const find = (selector) => [...figure.querySelectorAll(selector)].find(visible);
        const choice = find('select') ?? find('input[type=radio]:not(:checked)') ?? find('input[type=checkbox]') ??
          find('button[aria-pressed=false]') ?? find('input[type=range]') ?? [...figure.querySelectorAll('[data-pick]')].filter(visible)[1] ?? find('button:not([data-download])');
        if (!choice) return '';
        choice.dataset.journey = '';
        if (choice.type === 'range') { choice.value = choice.value === choice.min ? choice.max : choice.min; choice.dispatchEvent(new Event('input', { bubbles: true })); choice.dispatchEvent(new Event('change', { bubbles: true })); return 'moved'; }
        return choice.localName === 'select' ? [...choice.options].find((option) => !option.selected && !option.disabled)?.value ?? '' : 'click';
      })()`);
      if (kind === '') continue;
      if (kind === 'click') await reader.click('[data-journey]');
      else if (kind !== 'moved') await reader.select('[data-journey]', kind);
      await vi.waitFor(
        async () =>
          expect(
            await evaluate<string>(
              `document.getElementById('${id}').innerHTML.replaceAll(' data-journey=""', '') + location.search`,
            ),
            id,
          ).not.toBe(before),
        WAIT,
      );
      await evaluate(`delete document.querySelector('[data-journey]')?.dataset.journey`);
    }
  });

  it('draws a shirt and reads the answer', async () => {
    await open('/en/draw/?backend=wasm');
    await reader.drag(test('pad'), SHIRT);
    await answered();
    const bars = await evaluate<number[]>(
      `[...document.querySelectorAll('.bars li')].map((bar) => Number(bar.style.getPropertyValue('--p')))`,
    );
    expect(bars).toHaveLength(10);
    expect(bars.reduce((sum, bar) => sum + bar, 0)).toBeCloseTo(1, 1);
    expect(await evaluate(`JSON.parse(localStorage.getItem('drawing')).length`)).toBeGreaterThan(0);
  });

  it('brings a picture', async () => {
    const path = join(folder, 'trousers.png');
    const picture = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="400"><rect width="300" height="400" fill="white"/>
      <path d="M90 40h120l20 320h-60L150 140 130 360H70z" fill="#235"/></svg>`;
    await writeFile(path, await sharp(Buffer.from(picture)).png().toBuffer());
    await open('/en/draw/?backend=wasm');
    await reader.click(test('clear'));
    await reader.upload(test('photo'), path);
    await answered();
    expect(await attribute(test('result-top1'), 'data-class')).toBe('1');
  });

  it('teaches the network, keeps it, and finds it again after a reload', async () => {
    await open('/en/finetune/?backend=wasm&sample=20');
    await vi.waitFor(async () => {
      await reader.select(test('ft-task'), 'shirt');
      expect(await evaluate(`document.querySelector('${test('ft-plan')}').textContent.trim()`)).not.toBe('');
    }, WAIT);
    for (const [id, value] of Object.entries({ 'ft-epochs': 2, 'ft-batch': 8, 'ft-images': 5 })) {
      await evaluate(`(() => {
        const input = document.querySelector('${test(id)}');
        input.value = '${value}';
        for (const type of ['input', 'change']) input.dispatchEvent(new Event(type, { bubbles: true }));
      })()`);
    }
    await reader.click(test('ft-start'));
    await reach(test('ft-status'), 'done');
    await reader.click(test('ft-keep'));
    await vi.waitFor(
      async () => expect(await evaluate(`document.querySelector('${test('ft-use')}').hidden`)).toBe(false),
      WAIT,
    );
    await open('/en/draw/?backend=wasm&model=mine');
    await reader.reload();
    await vi.waitFor(
      async () =>
        expect(
          await evaluate(`document.querySelector('${test('model-select')} option[value=mine]') !== null`),
        ).toBe(true),
      WAIT,
    );
    await reader.select(test('model-select'), 'mine');
    await answered();
  });

  it('keeps drawing without a network', async () => {
    await open('/en/draw/?backend=wasm');
    await answered();
    await open('/en/draw/?backend=wasm');
    await vi.waitFor(
      async () => expect(await evaluate(`navigator.serviceWorker.controller?.state`)).toBe('activated'),
      WAIT,
    );
    await answered();
    await vi.waitFor(
      async () => expect(await evaluate(`caches.match('${base}/en/draw/').then(Boolean)`)).toBe(true),
      WAIT,
    );
    const { port } = new URL(host.origin);
    host.server.closeAllConnections();
    await new Promise((done) => host.server.close(done));
    try {
      // WebKit's driver starts a private window, which forgets its caches with the page: there the page stays open.
      if (name === 'webkit') {
        expect(await evaluate(`fetch('${base}/en/draw/').then((page) => page.text())`)).toContain(
          'data-testid="pad"',
        );
      } else await reader.reload();
      await answered();
      await reader.click(test('clear'));
      await reach(test('result'), 'empty');
      await reader.drag(test('pad'), SHIRT);
      await answered();
    } finally {
      host = await serve(dist, base, { port: Number(port) });
    }
  });

  it('changes the language of every page and stays where it is', async () => {
    for (const path of ['/', '/draw/', '/finetune/', '/runs/'] as const) {
      await open(path);
      expect(await evaluate(`document.documentElement.lang`)).toBe('zh-CN');
      await reader.click('header a[hreflang=en]');
      await vi.waitFor(async () => expect(await evaluate(`document.documentElement.lang`)).toBe('en'), WAIT);
      expect(await evaluate(`location.pathname`)).toBe(`${base}/en${path}`);
    }
  });
});
