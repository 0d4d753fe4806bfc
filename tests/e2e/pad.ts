/** The drawing page as a person uses it. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Action } from '../../src/drawing/strokes.ts';

/** Points in the pad's own pixels, of which it has 560 × 560. */
export type Points = readonly (readonly [x: number, y: number])[];

export const PAD = 560;

/** Where a point of the pad is in the window. */
export async function place(page: Page, [x, y]: readonly [number, number]): Promise<[number, number]> {
  await page.getByTestId('pad').scrollIntoViewIfNeeded();
  const box = (await page.getByTestId('pad').boundingBox())!;
  return [box.x + (x * box.width) / PAD, box.y + (y * box.height) / PAD];
}

/** Draws a line with the mouse. */
export async function drawLine(page: Page, points: Points): Promise<void> {
  const [first, ...rest] = points;
  await page.mouse.move(...(await place(page, first!)));
  await page.mouse.down();
  for (const point of rest) await page.mouse.move(...(await place(page, point)), { steps: 6 });
  await page.mouse.up();
}

export async function setRange(page: Page, id: string, value: number): Promise<void> {
  await page.getByTestId(id).fill(String(value));
}

/** Waits for the answer to what is drawn now and returns it. */
export async function answer(
  page: Page,
): Promise<{ label: number; probability: number; probabilities: number[] }> {
  await page.waitForSelector('[data-testid=result]:is([data-state=ready], [data-state=unsure])', {
    timeout: 120_000,
  });
  const top = page.getByTestId('result-top1');
  return {
    label: Number(await top.getAttribute('data-class')),
    probability: Number(await top.getAttribute('data-probability')),
    probabilities: await page
      .locator('.bars li')
      .evaluateAll((bars) => bars.map((bar) => Number((bar as HTMLElement).style.getPropertyValue('--p')))),
  };
}

/** The state that the result comes to rest in. */
export async function restingState(page: Page): Promise<string | null> {
  await page.waitForSelector('[data-testid=result]:not([data-state=busy])', { timeout: 120_000 });
  return page.getByTestId('result').getAttribute('data-state');
}

/** The 28×28 bytes that the network gets, read from the canvas that shows them. */
export async function modelInput(page: Page): Promise<Uint8Array> {
  const pixels = await page.getByTestId('model-input').evaluate((canvas) => {
    const { data } = (canvas as HTMLCanvasElement).getContext('2d')!.getImageData(0, 0, 28, 28);
    return Array.from({ length: 28 * 28 }, (_, i) => data[4 * i]!);
  });
  return Uint8Array.from(pixels);
}

/** The greys of the pad. */
export async function padPixels(page: Page): Promise<Uint8Array> {
  const base64 = await page.getByTestId('pad').evaluate((element) => {
    const canvas = element as HTMLCanvasElement;
    const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
    let text = '';
    for (let i = 0; i < data.length; i += 4) text += String.fromCharCode(data[i]!);
    return btoa(text);
  });
  return new Uint8Array(Buffer.from(base64, 'base64'));
}

/** The drawing as the page keeps it. */
export async function stored(page: Page): Promise<Action[]> {
  return JSON.parse((await page.evaluate(() => localStorage.getItem('drawing'))) ?? '[]') as Action[];
}

/** Anything. */
export async function drawSomething(page: Page): Promise<void> {
  await drawLine(page, [
    [100, 100],
    [300, 400],
    [500, 100],
  ]);
}

/** A T-shirt, filled. */
export async function drawShirt(page: Page): Promise<void> {
  await page.getByTestId('fill-closed').check();
  await drawLine(page, [
    [210, 90],
    [350, 90],
    [500, 190],
    [450, 260],
    [390, 220],
    [390, 490],
    [170, 490],
    [170, 220],
    [110, 260],
    [60, 190],
    [210, 90],
  ]);
  expect((await stored(page)).length).toBeGreaterThan(0);
}
