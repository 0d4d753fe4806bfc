/** The pad's own work: every tool, by mouse, finger, pen and keyboard, and what becomes of a drawing. */
import { readFile } from 'node:fs/promises';
import type { CDPSession, Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { classes as garments } from '../../src/i18n/en/site.ts';
import { TEMPLATES } from '../../src/components/demos/client/draw/templates.ts';
import { toText } from '../../src/components/demos/client/draw/drawing-link.ts';
import { rasterise } from '../../src/drawing/strokes.ts';
import { expectClean, useBrowser, type WatchedPage } from './browser.ts';
import {
  answer,
  drawLine,
  modelInput,
  PAD,
  padPixels,
  place,
  restingState,
  setRange,
  stored,
} from './pad.ts';

const { open } = useBrowser();
const at = (pixels: Uint8Array, x: number, y: number) => pixels[y * PAD + x];

/** Opens the pad, does something with it, and looks after it that nothing went wrong. */
async function onPad(
  act: (page: Page, opened: WatchedPage) => Promise<void>,
  options: Parameters<typeof open>[1] = {},
): Promise<void> {
  const opened = await open('/en/draw/?backend=wasm', options);
  try {
    await act(opened.page, opened);
    expectClean(opened);
  } finally {
    await opened.close();
  }
}

describe('the tools', () => {
  it('draw in the chosen size and grey, fill, rub out, undo, redo and clear', () =>
    onPad(async (page) => {
      await setRange(page, 'brush-size', 40);
      await setRange(page, 'ink', 180);
      await drawLine(page, [
        [100, 100],
        [400, 100],
        [400, 400],
        [100, 400],
        [100, 100],
      ]);
      let pixels = await padPixels(page);
      expect([at(pixels, 250, 100), at(pixels, 250, 82), at(pixels, 250, 78)]).toEqual([180, 180, 0]);
      expect(at(pixels, 250, 250)).toBe(0);

      await page.getByTestId('tool-fill').click();
      await setRange(page, 'ink', 90);
      await page.mouse.click(...(await place(page, [250, 250])));
      pixels = await padPixels(page);
      expect([at(pixels, 250, 250), at(pixels, 250, 100), at(pixels, 500, 500)]).toEqual([90, 180, 0]);

      await page.getByTestId('tool-eraser').click();
      await drawLine(page, [
        [250, 50],
        [250, 300],
      ]);
      const rubbed = await padPixels(page);
      expect([at(rubbed, 250, 250), at(rubbed, 250, 100), at(rubbed, 300, 250)]).toEqual([0, 0, 90]);

      await page.getByTestId('undo').click();
      expect(await padPixels(page)).toEqual(pixels);
      await page.getByTestId('redo').click();
      expect(await padPixels(page)).toEqual(rubbed);
      await page.keyboard.press('Control+z');
      expect(await padPixels(page)).toEqual(pixels);

      await page.getByTestId('clear').click();
      expect((await padPixels(page)).every((pixel) => pixel === 0)).toBe(true);
      expect(await restingState(page)).toBe('empty');
      expect(await page.locator('.hint').isVisible()).toBe(true);
      expect(await page.getByTestId('result-top1').getAttribute('data-class')).toBeNull();
      await page.getByTestId('undo').click();
      expect(await padPixels(page)).toEqual(pixels);
      expect(await page.locator('.hint').isVisible()).toBe(false);
      await answer(page);
    }));

  it('mirror, and fill what is closed', () =>
    onPad(async (page) => {
      await page.getByTestId('mirror').check();
      await page.getByTestId('fill-closed').check();
      await drawLine(page, [
        [60, 200],
        [200, 200],
        [200, 400],
        [60, 400],
        [60, 204],
      ]);
      const pixels = await padPixels(page);
      expect([at(pixels, 130, 300), at(pixels, PAD - 130, 300), at(pixels, 280, 300)]).toEqual([210, 210, 0]);
    }));

  it('start from the outline of each class', () =>
    onPad(async (page) => {
      await page.locator('details').first().locator('summary').click();
      for (const [label, { name }] of garments.entries()) {
        await page.getByTestId('templates').getByRole('button', { name, exact: true }).click();
        expect(await padPixels(page), name).toEqual(rasterise(TEMPLATES[label]!).pixels);
      }
      await page.getByTestId('undo').click();
      expect(await padPixels(page)).toEqual(rasterise(TEMPLATES[8]!).pixels);
    }));

  it('ring what they would touch: brush and eraser, not the fill', () =>
    onPad(async (page) => {
      const ring = page.locator('.ring');
      await page.mouse.move(...(await place(page, [300, 200])));
      const scale = (await page.getByTestId('pad').boundingBox())!.width / PAD;
      const [x, y] = await place(page, [300, 200]);
      for (const size of [28, 90]) {
        await setRange(page, 'brush-size', size);
        await page.mouse.move(x + 1, y);
        await page.mouse.move(x, y);
        const box = (await ring.boundingBox())!;
        expect(box.width).toBeCloseTo(size * scale, 0);
        expect(box.x + box.width / 2).toBeCloseTo(x, 0);
        expect(box.y + box.height / 2).toBeCloseTo(y, 0);
      }
      await page.getByTestId('tool-fill').click();
      await page.mouse.move(x, y);
      expect(await ring.isVisible()).toBe(false);
    }));

  it('draw without a pointer: arrows move the pen, Space puts it down and lifts it', () =>
    onPad(async (page) => {
      const pad = page.getByTestId('pad');
      const press = async (...keys: string[]) => {
        for (const key of keys) await page.keyboard.press(key);
      };
      await page.getByTestId('tool-brush').focus();
      await press('Shift+Tab');
      expect(await pad.evaluate((element) => element === document.activeElement)).toBe(true);
      const help = page.getByTestId('pad-help');
      expect(await help.innerText()).toContain('Space puts it down and lifts it');
      await expect.poll(() => help.evaluate((element) => getComputedStyle(element).opacity)).toBe('1');
      expect(await pad.getAttribute('aria-describedby')).toBe(await help.getAttribute('id'));

      // From the middle: without ink to the left, with it down, then right by two small steps.
      await press('Shift+ArrowLeft', 'Space', 'Shift+ArrowDown');
      const says = page.locator('.surface [role=status]');
      expect(await says.innerText()).toBe('Pen down, at 10, 18 / 28');
      await press('ArrowRight', 'ArrowRight', 'Space');
      expect(await says.innerText()).toBe('Pen up, at 11, 18 / 28');
      await press('Shift+ArrowDown');
      const pixels = await padPixels(page);
      expect([
        at(pixels, 200, 300),
        at(pixels, 219, 360),
        at(pixels, 280, 280),
        at(pixels, 219, 440),
      ]).toEqual([210, 210, 0, 0]);
      expect(await stored(page)).toEqual([
        { kind: 'stroke', ink: 210, points: [200, 280, 28, 200, 360, 28, 210, 360, 28, 220, 360, 28] },
      ]);
      await answer(page);
      // A line is taken back by Escape, and ended where the pad is left.
      await press('Space', 'Shift+ArrowUp', 'Escape');
      expect(await padPixels(page)).toEqual(pixels);
      await press('Space', 'ArrowUp', 'Tab');
      expect(await stored(page)).toHaveLength(2);
      await page.getByTestId('tool-fill').click();
      await pad.focus();
      await press('Shift+ArrowDown', 'Space');
      expect(at(await padPixels(page), 30, 30)).toBe(210);
    }));

  it('keep their shortcuts and pasted pictures out of text fields, and know undo on every layout', () =>
    onPad(async (page) => {
      const dot = (y: number) =>
        drawLine(page, [
          [100, y],
          [101, y],
        ]);
      await dot(100);
      await dot(300);
      await page.keyboard.press('/');
      const field = page.locator('#search input');
      await field.fill('pullover');
      await page.keyboard.press('Control+z');
      // As a spreadsheet puts a cell on the clipboard: text and a picture of it.
      const taken = await field.evaluate(async (input) => {
        const picture = await new Promise<Blob>((resolve) =>
          Object.assign(document.createElement('canvas'), { width: 9, height: 9 }).toBlob((blob) =>
            resolve(blob!),
          ),
        );
        const data = new DataTransfer();
        data.setData('text/plain', 'cell');
        data.items.add(new File([picture], 'image.png', { type: 'image/png' }));
        const event = new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data });
        return !input.dispatchEvent(event);
      });
      expect(taken).toBe(false);
      await page.keyboard.press('Escape');
      expect(await stored(page)).toHaveLength(2);

      const left = async (key: string, code: string) => {
        await page.evaluate((init) => document.body.dispatchEvent(new KeyboardEvent('keydown', init)), {
          key,
          code,
          ctrlKey: true,
          bubbles: true,
        });
        return (await stored(page)).length;
      };
      expect(await left('я', 'KeyZ'), 'Cyrillic').toBe(1);
      expect(await left('н', 'KeyY')).toBe(2);
      expect(await left('z', 'KeyY'), 'QWERTZ').toBe(1);
      expect(await left('y', 'KeyZ')).toBe(2);
      expect(await left('w', 'KeyZ'), 'AZERTY').toBe(2);
      expect(await left('z', 'KeyW')).toBe(1);
      expect(await left(';', 'KeyZ'), 'Dvorak').toBe(1);
      expect(await left('z', 'Slash')).toBe(0);
    }));

  it('are all reached by keyboard, and a test image is the way in without a pointer', () =>
    onPad(async (page) => {
      const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? '');
      const tab = async (until: string) => {
        for (let i = 0; i < 60 && (await focused()) !== until; i++) await page.keyboard.press('Tab');
        expect(await focused()).toBe(until);
      };
      const press = async (id: string, key = 'Enter') => {
        await tab(id);
        await page.keyboard.press(key);
      };
      for (const id of ['tool-fill', 'tool-eraser', 'tool-brush']) {
        await page.getByTestId('pad').evaluate(() => (document.activeElement as HTMLElement).blur());
        await press(id);
        expect(await page.getByTestId(id).getAttribute('aria-pressed')).toBe('true');
      }
      await press('brush-size', 'ArrowRight');
      expect(await page.getByTestId('brush-size').inputValue()).toBe('29');
      await press('ink', 'ArrowLeft');
      expect(await page.getByTestId('ink').inputValue()).toBe('209');
      await press('mirror', 'Space');
      await press('fill-closed', 'Space');
      expect(await page.getByTestId('mirror').isChecked()).toBe(true);
      expect(await page.getByTestId('fill-closed').isChecked()).toBe(true);

      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      await press('thumb');
      await answer(page);
      const image = await padPixels(page);
      await page.getByTestId('tool-brush').focus();
      await press('undo');
      expect(await restingState(page)).toBe('empty');
      await page.getByTestId('tool-brush').focus();
      await press('redo');
      await answer(page);
      expect(await padPixels(page)).toEqual(image);
      for (const id of ['download', 'share', 'keep-class', 'keep', 'model-select']) await tab(id);
      await page.getByTestId('tool-brush').focus();
      await press('clear');
      expect(await restingState(page)).toBe('empty');
    }));
});

describe('a test image', () => {
  it('comes to the network unchanged, and can be drawn on', () =>
    onPad(async (page) => {
      await page.locator('#gallery summary').click();
      await page.locator('#gallery-class').selectOption('9');
      await page.locator('[data-image="0"]').click();
      const sheet = await readFile('public/data/test-0.webp');
      const first = await sharp(sheet)
        .extract({ left: 0, top: 0, width: 28, height: 28 })
        .ensureAlpha()
        .raw()
        .toBuffer();
      await answer(page);
      expect(await modelInput(page)).toEqual(Uint8Array.from({ length: 784 }, (_, i) => first[4 * i]!));
      await drawLine(page, [
        [100, 100],
        [200, 100],
      ]);
      await answer(page);
      expect((await stored(page)).map(({ kind }) => kind)).toEqual(['picture', 'stroke']);
    }));
});

/** A pointer that Playwright's mouse is not. */
async function pointer(page: Page): Promise<CDPSession> {
  return page.context().newCDPSession(page);
}

describe('fingers and pens', () => {
  it('draw by touch on a phone; a second finger neither draws nor stops the first', () =>
    onPad(
      async (page) => {
        const client = await pointer(page);
        const touch = async (type: 'touchStart' | 'touchMove' | 'touchEnd', ...points: [number, number][]) =>
          client.send('Input.dispatchTouchEvent', {
            type,
            touchPoints: await Promise.all(
              points.map(async (point, id) => {
                const [x, y] = await place(page, point);
                return { x, y, id };
              }),
            ),
          });
        const before = await page.evaluate(() => scrollY);
        await touch('touchStart', [100, 100]);
        await touch('touchMove', [200, 100]);
        await touch('touchStart', [200, 100], [400, 400]);
        await touch('touchMove', [300, 100], [500, 500]);
        await touch('touchMove', [400, 100], [400, 500]);
        await touch('touchEnd');
        const actions = await stored(page);
        expect(actions.length).toBe(1);
        const pixels = await padPixels(page);
        expect([at(pixels, 250, 100), at(pixels, 390, 100)]).toEqual([210, 210]);
        expect([at(pixels, 400, 400), at(pixels, 450, 450)]).toEqual([0, 0]);
        expect(await page.evaluate(() => scrollY)).toBe(before);
        await answer(page);
      },
      { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    ));

  it('a pen draws though the palm came down first, and the palm leaves nothing', () =>
    onPad(
      async (page) => {
        const client = await pointer(page);
        const palm = async (type: 'touchStart' | 'touchMove', point: [number, number]) => {
          const [x, y] = await place(page, point);
          await client.send('Input.dispatchTouchEvent', { type, touchPoints: [{ x, y, id: 0 }] });
        };
        await palm('touchStart', [400, 400]);
        await palm('touchMove', [420, 420]);
        expect(at(await padPixels(page), 410, 410)).toBe(210);
        // Playwright's mouse cannot be a pen, and Chromium's own pen ends a touch: the page is told by hand.
        await page.getByTestId('pad').evaluate((pad) => {
          const box = pad.getBoundingClientRect();
          pad.setPointerCapture = () => undefined;
          const tell = (type: string, x: number, y: number) =>
            pad.dispatchEvent(
              new PointerEvent(type, {
                pointerId: 77,
                pointerType: 'pen',
                pressure: 0.5,
                button: type === 'pointermove' ? -1 : 0,
                clientX: box.left + (x * box.width) / 560,
                clientY: box.top + (y * box.height) / 560,
                cancelable: true,
              }),
            );
          tell('pointerdown', 100, 100);
          tell('pointermove', 300, 100);
          tell('pointerup', 300, 100);
        });
        await palm('touchMove', [500, 500]);
        await client.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
        const pixels = await padPixels(page);
        expect([at(pixels, 200, 100), at(pixels, 410, 410), at(pixels, 480, 480)]).toEqual([210, 0, 0]);
        expect((await stored(page)).length).toBe(1);
      },
      { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    ));

  it('a pen draws wider the harder it is pressed', () =>
    onPad(async (page) => {
      const client = await pointer(page);
      const pen = async (
        type: 'mousePressed' | 'mouseMoved' | 'mouseReleased',
        point: [number, number],
        force: number,
      ) => {
        const [x, y] = await place(page, point);
        await client.send('Input.dispatchMouseEvent', {
          type,
          x,
          y,
          force,
          button: 'left',
          buttons: 1,
          clickCount: 1,
          pointerType: 'pen',
        });
      };
      for (const [y, force] of [
        [100, 0.1],
        [300, 0.9],
      ] as const) {
        await pen('mousePressed', [100, y], force);
        await pen('mouseMoved', [300, y], force);
        await pen('mouseReleased', [300, y], 0);
      }
      const pixels = await padPixels(page);
      const width = (y: number) =>
        Array.from({ length: 120 }, (_, i) => at(pixels, 200, y - 60 + i)).filter((p) => p! > 100).length;
      expect(width(300)).toBeGreaterThan(1.5 * width(100));
      expect(width(100)).toBeGreaterThan(0);
    }));

  it('a line goes on where the finger is when the window is resized in mid-stroke', () =>
    onPad(async (page) => {
      await page.mouse.move(...(await place(page, [100, 100])));
      await page.mouse.down();
      await page.mouse.move(...(await place(page, [200, 100])));
      await page.setViewportSize({ width: 700, height: 600 });
      await page.mouse.move(...(await place(page, [400, 100])));
      await page.mouse.up();
      const [action, ...more] = await stored(page);
      expect(more).toEqual([]);
      const points = action!.kind === 'stroke' ? action!.points : [];
      expect(points.at(-3)).toBeCloseTo(400, -1);
      expect(points.at(-2)).toBeCloseTo(100, -1);
    }));
});

describe('a drawing', () => {
  it('survives a reload, travels by link, and can be saved as a picture', () =>
    onPad(
      async (page, { errors }) => {
        await drawLine(page, [
          [100, 100],
          [300, 400],
          [500, 100],
        ]);
        const drawn = await padPixels(page);
        const { label } = await answer(page);
        await page.reload();
        expect(await padPixels(page)).toEqual(drawn);
        expect((await answer(page)).label).toBe(label);

        await page.getByTestId('share').click();
        await page.getByTestId('message').waitFor();
        const link = await page.evaluate(() => navigator.clipboard.readText());
        const download = page.waitForEvent('download');
        await page.getByTestId('download').click();
        const png = sharp(await readFile(await (await download).path()));
        expect(new Uint8Array(await png.toColourspace('b-w').raw().toBuffer())).toEqual(drawn);

        await page.getByTestId('clear').click();
        await page.goto('about:blank');
        await page.goto(link);
        expect(await padPixels(page)).toEqual(drawn);
        expect(page.url()).not.toContain('#');

        await page.goto('about:blank');
        await page.goto(link.slice(0, -40));
        expect(await page.getByTestId('message').innerText()).toContain('cannot be read');
        expect(await padPixels(page)).toEqual(drawn);
        expect(errors).toEqual([]);
      },
      { permissions: ['clipboard-read', 'clipboard-write'] },
    ));

  it('of one’s own is kept, and one step away, when somebody else’s is opened by its link', () =>
    onPad(async (page, { errors }) => {
      await drawLine(page, [
        [100, 100],
        [300, 400],
        [500, 100],
      ]);
      const own = await padPixels(page);
      const link = `${page.url()}#drawing=${await toText([{ kind: 'fill', ink: 90, x: 0, y: 0 }])}`;
      const second = await page.context().newPage();
      await second.goto(link);
      await expect.poll(async () => at(await padPixels(second), 5, 5)).toBe(90);
      expect(await second.getByTestId('message').innerText()).toContain('“Undo” brings back your own');
      await second.getByTestId('clear').click();
      await second.close();
      await page.goto('about:blank');
      await page.goto(link.split('#')[0]!);
      expect((await padPixels(page)).every((grey) => grey === 0)).toBe(true);
      await page.getByTestId('undo').click();
      expect(at(await padPixels(page), 5, 5)).toBe(90);
      await page.getByTestId('undo').click();
      expect(await padPixels(page)).toEqual(own);
      expect(errors).toEqual([]);
    }));

  it('fits a link that messengers keep whole, or the page says what to do instead', () =>
    onPad(
      async (page) => {
        await page.getByTestId('pad').evaluate((pad) => {
          const box = pad.getBoundingClientRect();
          pad.setPointerCapture = () => undefined;
          const tell = (type: string, x: number, y: number) =>
            pad.dispatchEvent(
              new PointerEvent(type, {
                pointerId: 7,
                button: type === 'pointermove' ? -1 : 0,
                clientX: box.left + (x * box.width) / 560,
                clientY: box.top + (y * box.height) / 560,
              }),
            );
          // Eight waves, as unsteady as a hand.
          for (let n = 0; n < 8; n++) {
            for (let i = 0; i <= 140; i++) {
              const y = 60 + 60 * n + 25 * Math.sin(i / 9) + ((i * i * (n + 3)) % 7) / 4;
              tell(i ? 'pointermove' : 'pointerdown', 20 + 3.7 * i + ((i * (n + 5)) % 5) / 4, y);
            }
            tell('pointerup', 0, 0);
          }
        });
        expect(await stored(page)).toHaveLength(8);
        await page.getByTestId('share').click();
        await page.getByTestId('message').waitFor();
        expect(await page.getByTestId('message').innerText()).toContain('Link copied');
        const copied = () => page.evaluate(() => navigator.clipboard.readText());
        const link = await copied();
        expect(link.length).toBeLessThanOrEqual(2000);

        const noise = Buffer.from(Uint8Array.from({ length: 90 * 90 }, (_, i) => (i * i * 31) % 251));
        const photo = await sharp(noise, { raw: { width: 90, height: 90, channels: 1 } })
          .png()
          .toBuffer();
        await page
          .getByTestId('photo')
          .setInputFiles({ name: 'p.png', mimeType: 'image/png', buffer: photo });
        await expect.poll(async () => (await stored(page)).at(-1)?.kind).toBe('picture');
        await page.getByTestId('share').click();
        await expect.poll(() => page.getByTestId('message').innerText()).toContain('Download PNG');
        expect(await copied()).toBe(link);
        expect(page.url()).not.toContain('#');
      },
      { permissions: ['clipboard-read', 'clipboard-write'] },
    ));
});
