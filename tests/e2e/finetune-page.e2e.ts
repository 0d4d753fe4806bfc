/** The pages on which the network is taught, as pages: accessible at rest and after a lesson, in both themes, on a phone. */
import { expect, it } from 'vitest';
import { expectClean, useBrowser, violationsOf } from './browser.ts';
import { LESSON_NAMES } from '../../src/training/lessons.ts';
import { choose, train } from './lesson.ts';
import { drawLine } from './pad.ts';

const { open } = useBrowser();

it.each([
  ['/finetune/', 'light'],
  ['/en/finetune/', 'dark'],
] as const)('%s is accessible in %s, with a drawing and a lesson that is done', async (path, colorScheme) => {
  const opened = await open(`${path}?backend=wasm&sample=4`, { colorScheme, reducedMotion: 'reduce' });
  const { page } = opened;
  await drawLine(page, [
    [100, 100],
    [300, 400],
    [500, 100],
  ]);
  await page.getByTestId('ft-add').click();
  await choose(page, { task: 'trade', mode: 'head', epochs: 1, batch: 2, images: 2, replay: 0.5 });
  expect(await train(page)).toBe('done');
  expect(await violationsOf(page, colorScheme)).toEqual([]);
  await page.getByTestId('ft-task').selectOption('drawings');
  expect(await violationsOf(page, colorScheme)).toEqual([]);
  expectClean(opened);
  await opened.close();
});

it.each(['/finetune/', '/en/finetune/'] as const)(
  '%s fits a phone, and loads nothing before it is asked',
  async (path) => {
    const requests: string[] = [];
    const opened = await open(path, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
      prepare: async (prepared) => prepared.on('request', (request) => requests.push(request.url())),
    });
    const { page } = opened;
    for (const task of LESSON_NAMES) {
      await page.getByTestId('ft-task').selectOption(task);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    }
    await choose(page, { task: 'drawings' });
    for (const id of ['ft-task', 'ft-mode', 'ft-start', 'ft-pause', 'ft-step', 'ft-stop', 'ft-reset']) {
      expect((await page.getByTestId(id).boundingBox())!.height, id).toBeGreaterThanOrEqual(44);
    }
    expect(requests.filter((url) => /worker|\.wasm|\/models\/|\.webp/.test(url))).toEqual([]);
    expectClean(opened);
    await opened.close();
  },
);

it('every control is reached by keyboard', async () => {
  const { page, close } = await open('/en/finetune/');
  await choose(page, {});
  const reached = new Set<string>();
  for (let i = 0; i < 50; i++) {
    await page.keyboard.press('Tab');
    const id = await page.evaluate(() => document.activeElement?.getAttribute('data-testid'));
    if (id) reached.add(id);
  }
  for (const id of [
    'task',
    'class',
    'add',
    'mode',
    'epochs',
    'lr',
    'batch',
    'replay',
    'augment',
    'start',
    'step',
    'reset',
    'upload',
  ]) {
    expect([...reached]).toContain(`ft-${id}`);
  }
  await close();
});
