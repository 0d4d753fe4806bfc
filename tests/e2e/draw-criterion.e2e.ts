/** When the drawing page gives an answer: from the probability on that was calibrated for the model. */
import type { Route } from 'playwright-core';
import { expect, it } from 'vitest';
import type { DrawSetup } from '../../src/site/demo-setup.ts';
import { expectClean, useBrowser } from './browser.ts';
import { answer, drawShirt, restingState } from './pad.ts';

const { open } = useBrowser();

/** Serves the page with this threshold for all of its models; null for one that was not calibrated. */
function withThreshold(least: number | null) {
  return async (route: Route): Promise<void> => {
    const response = await route.fetch();
    const html = (await response.text()).replace(/ data-setup="([^"]*)"/, (_, escaped: string) => {
      const setup = JSON.parse(
        escaped.replaceAll('&quot;', '"').replaceAll('&#34;', '"').replaceAll('&amp;', '&'),
      ) as DrawSetup;
      const thresholds =
        least === null ? {} : Object.fromEntries(setup.models.map(({ id }) => [id, { least }]));
      return ` data-setup='${JSON.stringify({ ...setup, thresholds })
        .replaceAll('&', '&amp;')
        .replaceAll("'", '&#39;')}'`;
    });
    await route.fulfill({ response, body: html });
  };
}

/** Draws a T-shirt where the threshold is that. */
async function shirtAt(
  least: number | null,
): Promise<{ probability: number; state: string | null; text: string }> {
  const opened = await open('/en/draw/?backend=wasm', {
    prepare: (page) => page.route('**/en/draw/?backend=wasm', withThreshold(least)),
  });
  const { page } = opened;
  await drawShirt(page);
  const { probability } = await answer(page);
  const state = await restingState(page);
  const text = await page.getByTestId('result-top1').innerText();
  expectClean(opened);
  await opened.close();
  return { probability, state, text };
}

it('is unsure below the threshold of its model, and sure from there on', async () => {
  const { probability, state } = await shirtAt(null);
  expect(state).toBe(probability >= 0.5 ? 'ready' : 'unsure');
  const above = await shirtAt(Math.min(1, probability + 0.005));
  expect(above).toMatchObject({ state: 'unsure', text: expect.stringMatching(/^Unsure/) as string });
  const below = await shirtAt(probability - 0.005);
  expect(below).toMatchObject({ state: 'ready', text: expect.stringMatching(/%$/) as string });
});
