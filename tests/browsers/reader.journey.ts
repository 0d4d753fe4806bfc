/** What a reader does on this site, in every browser that `BROWSERS` names. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { base, BROWSER_NAMES, SHIRT, test, useReader, WAIT } from './visit.ts';

describe.each(BROWSER_NAMES)('%s', (name) => {
  const visit = useReader(name);
  const { open, evaluate, attribute, reach, answered, teach } = visit;
  let folder: string;
  /** Brings a figure into view and waits until its script has taken it over. */
  const wake = async (id: string): Promise<void> => {
    await evaluate(
      `document.getElementById('${id}').scrollIntoView({ block: 'center', behavior: 'instant' })`,
    );
    await vi.waitFor(async () => expect(await attribute(`#${id}`, 'data-awake'), id).not.toBeNull(), WAIT);
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'journey-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

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
          find('button[aria-pressed=false]') ?? find('input[type=range]') ?? [...figure.querySelectorAll('[data-pick]:not(.chosen)')].filter(visible)[0] ?? find('button:not([data-download])');
        if (!choice) return '';
        choice.dataset.journey = '';
        if (choice.type === 'range') { choice.value = choice.value === choice.min ? choice.max : choice.min; choice.dispatchEvent(new Event('input', { bubbles: true })); choice.dispatchEvent(new Event('change', { bubbles: true })); return 'moved'; }
        return choice.localName === 'select' ? [...choice.options].find((option) => !option.selected && !option.disabled)?.value ?? '' : 'click';
      })()`);
      if (kind === '') continue;
      if (kind === 'click') await visit.reader.click('[data-journey]');
      else if (kind !== 'moved') await visit.reader.select('[data-journey]', kind);
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
    await visit.reader.drag(test('pad'), SHIRT);
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
    await visit.reader.click(test('clear'));
    await visit.reader.upload(test('photo'), path);
    await answered();
    expect(await attribute(test('result-top1'), 'data-class')).toBe('1');
  });

  it('teaches the network, keeps it, and finds it again after a reload', async () => {
    await teach();
    await visit.reader.click(test('ft-keep'));
    await vi.waitFor(
      async () => expect(await evaluate(`document.querySelector('${test('ft-use')}').hidden`)).toBe(false),
      WAIT,
    );
    await open('/en/draw/?backend=wasm&model=mine');
    await visit.reader.reload();
    await vi.waitFor(
      async () =>
        expect(
          await evaluate(`document.querySelector('${test('model-select')} option[value=mine]') !== null`),
        ).toBe(true),
      WAIT,
    );
    await visit.reader.select(test('model-select'), 'mine');
    await answered();
  });

  it('keeps drawing without a network', async () => {
    await open('/en/draw/?backend=wasm');
    await visit.reader.drag(test('pad'), SHIRT);
    await answered();
    // It takes over the pages that are opened once it is there.
    await evaluate(`navigator.serviceWorker.ready.then(() => true)`);
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
    await visit.stopHost();
    try {
      // WebKit's driver starts a private window, which forgets its caches with the page: there the page stays open.
      if (name === 'webkit') {
        expect(await evaluate(`fetch('${base}/en/draw/').then((page) => page.text())`)).toContain(
          'data-testid="pad"',
        );
      } else await visit.reader.reload();
      await answered();
      await visit.reader.click(test('clear'));
      await reach(test('result'), 'empty');
      await visit.reader.drag(test('pad'), SHIRT);
      await answered();
    } finally {
      await visit.startHost();
    }
  });

  it('changes the language of every page and stays where it is', async () => {
    for (const path of ['/', '/draw/', '/finetune/', '/runs/'] as const) {
      await open(path);
      expect(await evaluate(`document.documentElement.lang`)).toBe('zh-CN');
      await visit.reader.click('header a[hreflang=en]');
      await vi.waitFor(async () => expect(await evaluate(`document.documentElement.lang`)).toBe('en'), WAIT);
      expect(await evaluate(`location.pathname`)).toBe(`${base}/en${path}`);
    }
  });
});
