/** The pages of examples/, opened with the published network and the picture beside them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inject, it } from 'vitest';
import { useBrowser } from './browser.ts';

const { open } = useBrowser();

it.each([
  ['predict-tfjs.html', '@tensorflow/tfjs', 'node_modules'],
  ['predict-onnxruntime.html', 'onnxruntime-web', 'bench/node_modules'],
])('%s knows the ankle boot', async (file, library, installed) => {
  if (!existsSync(join(installed, library))) {
    console.warn(
      `Not run: examples/${file}, since ${library} is not installed; npm install --prefix bench brings it.`,
    );
    return;
  }
  const opened = await open('/404.html', {
    bypassCSP: true,
    async prepare(page) {
      await page.route('**/404.html', (route) =>
        route.fulfill({ body: readFileSync(join('examples', file)), contentType: 'text/html' }),
      );
      await page.route('**/model/*', (route) =>
        route.fulfill({
          path: join(inject('dist'), 'models/baseline', route.request().url().split('/').at(-1)!),
        }),
      );
      // Whatever the library loads of its own comes from the package, as the network would bring it.
      await page.route('https://cdn.jsdelivr.net/npm/**', (route) => {
        const path = new URL(route.request().url()).pathname.replace(/^\/npm\/(.*)@[\d.]+\//, '$1/');
        return route.fulfill({
          path: join(installed, path),
          headers: { 'access-control-allow-origin': '*' },
        });
      });
    },
  });
  await opened.page.locator('input:enabled').setInputFiles('examples/ankle-boot.png');
  await opened.page.locator('output', { hasText: /^Ankle boot, 9\d\.\d %$/ }).waitFor();
  await opened.close();
});
