/** What readers elsewhere meet: other tabs, blocked scripts, falsified canvases, other pages' pictures, input methods. */
import { expect, it } from 'vitest';
import { useBrowser } from './browser.ts';

const { open } = useBrowser();

it('follows the theme that was chosen in another tab', async () => {
  const { page, close } = await open('/en/draw/');
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.locator('#theme-switch').click();
  const theme = () => page.evaluate(() => document.documentElement.dataset['theme']);
  await expect.poll(theme).toBe('dark');
  await other.locator('#theme-switch').click();
  await expect.poll(theme).toBeUndefined();
  await close();
});

it('says so where its script is blocked, as in a saved or embedded copy', async () => {
  const { page, close } = await open('/en/draw/', {
    prepare: (prepared) => prepared.route('**/_astro/Draw*.js', (route) => route.abort()),
  });
  await expect.poll(() => page.locator('.scripts-failed').isVisible()).toBe(true);
  await close();
  const whole = await open('/en/draw/');
  expect(await whole.page.locator('.scripts-failed').isVisible()).toBe(false);
  await whole.close();
});

it('does not go where a picture is that was dragged from another page, and says what to do', async () => {
  const { page, close } = await open('/en/draw/?backend=wasm');
  const prevented = await page.evaluate(() =>
    ['dragover', 'drop'].map((type) => {
      const dataTransfer = new DataTransfer();
      dataTransfer.setData('text/uri-list', 'https://elsewhere.test/shirt.png');
      const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
      document.querySelector('main')!.dispatchEvent(event);
      return event.defaultPrevented;
    }),
  );
  expect(prevented).toEqual([true, true]);
  await expect
    .poll(() => page.getByTestId('failure').innerText())
    .toContain('is the address of a picture, not the picture');
  await close();
});

it('does not answer to a picture that the browser has made noise of', async () => {
  const { page, close } = await open('/en/draw/?backend=wasm', {
    prepare: (prepared) =>
      prepared.addInitScript(() => {
        const read = OffscreenCanvasRenderingContext2D.prototype.getImageData;
        OffscreenCanvasRenderingContext2D.prototype.getImageData = function (...place) {
          const image = read.apply(this, place);
          image.data.forEach((_, i) => (image.data[i] = (i * 7919) % 256));
          return image;
        };
      }),
  });
  await page.getByTestId('photo').setInputFiles('public/apple-touch-icon.png');
  await expect
    .poll(() => page.getByTestId('failure').innerText(), { timeout: 10_000 })
    .toContain('falsifies');
  await close();
});

it('leaves the arrows to an input method while it composes', async () => {
  const { page, close } = await open('/');
  await page.locator('#search-open').click();
  const input = page.locator('#search input');
  await input.waitFor();
  const focused = (isComposing: boolean) =>
    input.evaluate((field: HTMLInputElement, isComposing) => {
      field.focus();
      const event = new KeyboardEvent('keydown', {
        key: 'ArrowDown',
        isComposing,
        bubbles: true,
        cancelable: true,
      });
      field.dispatchEvent(event);
      return !event.defaultPrevented;
    }, isComposing);
  expect(await focused(true)).toBe(true);
  expect(await focused(false)).toBe(false);
  await close();
});
