/** What is chosen on a page before its script is ready stays chosen. */
import { expect, inject, it } from 'vitest';
import { hold, useBrowser } from './browser.ts';

const { open } = useBrowser();

it.each(['/en/', '/en/draw/', '/en/finetune/', '/en/runs/'])('%s', { timeout: 120_000 }, async (path) => {
  const { page, close } = await open('/en/card/');
  const arrive = await hold(page, '**/_astro/*.js');
  await page.goto(inject('site') + path, { waitUntil: 'commit' });
  await page.locator('footer').last().waitFor({ state: 'attached' });
  const choices = () =>
    page.evaluate(() =>
      [
        ...document.querySelectorAll<HTMLInputElement | HTMLSelectElement>(
          'main :is(select, [type=checkbox])',
        ),
      ].map(
        (field) =>
          `${field.id}: ${field.type === 'checkbox' ? (field as HTMLInputElement).checked : field.value}`,
      ),
    );
  await page.evaluate(() => {
    for (const [n, select] of document.querySelectorAll<HTMLSelectElement>('main select').entries()) {
      // Not the same in two beside each other: a run is not compared with itself.
      const last = [...select.options].filter(({ disabled }) => !disabled).at(-1 - (n % 2))!;
      if (select.disabled || select.value === last.value) continue;
      select.value = last.value;
      for (const type of ['input', 'change']) select.dispatchEvent(new Event(type, { bubbles: true }));
    }
    for (const box of document.querySelectorAll<HTMLInputElement>('main [type=checkbox]:not(:disabled)'))
      box.click();
  });
  const chosen = await choices();
  arrive();
  await page.waitForLoadState('load');
  await page.waitForTimeout(500);
  expect(await choices()).toEqual(chosen);
  await close();
});
