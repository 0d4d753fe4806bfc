/** The page on which the network is taught, as a person uses it. */
import type { Page } from 'playwright-core';
import type { LessonName } from '../../src/training/lessons.ts';

export interface Settings {
  task?: LessonName;
  mode?: 'head' | 'all';
  epochs?: number;
  rate?: number;
  batch?: number;
  /** Images per class. */
  images?: number;
  replay?: number;
  augment?: boolean;
}

export async function choose(page: Page, settings: Settings): Promise<void> {
  const { task, mode, epochs, rate, batch, images, replay, augment } = settings;
  // The settings are folded away at first.
  await page.getByTestId('ft-settings').evaluate((settings: HTMLDetailsElement) => (settings.open = true));
  if (task) await page.getByTestId('ft-task').selectOption(task);
  if (mode) await page.getByTestId('ft-mode').selectOption(mode);
  const numbers = {
    'ft-epochs': epochs,
    'ft-lr': rate,
    'ft-batch': batch,
    'ft-images': images,
    'ft-replay': replay,
  };
  for (const [id, value] of Object.entries(numbers)) {
    if (value !== undefined) await page.getByTestId(id).fill(String(value));
  }
  if (augment !== undefined) await page.getByTestId('ft-augment').setChecked(augment);
}

/** Waits until the lesson is in one of these states, and says which. */
export async function reach(page: Page, ...states: string[]): Promise<string> {
  const selector = states.map((state) => `[data-testid=ft-status][data-state=${state}]`).join(', ');
  await page.waitForSelector(selector, { timeout: 200_000 });
  return (await page.getByTestId('ft-status').getAttribute('data-state'))!;
}

/** Starts and waits for the end, good or bad. */
export async function train(page: Page): Promise<string> {
  await page.getByTestId('ft-start').click();
  await reach(page, 'preparing', 'training', 'error');
  return reach(page, 'done', 'error');
}

/** A number that an element carries: `data(page, 'ft-status', 'loss')`. */
export async function data(page: Page, id: string, name: string): Promise<number> {
  return Number(await page.getByTestId(id).getAttribute(`data-${name}`));
}

export const said = (page: Page): Promise<string> => page.getByTestId('ft-message').innerText();

/** After how many steps the lesson is that the browser keeps; undefined where it keeps none. */
export const keptStep = (page: Page) =>
  page.evaluate(async () => {
    const result = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await result(indexedDB.open('fashion-mnist-report'));
    const table = database.transaction('values').objectStore('values');
    const kept = (await result(table.get('lesson'))) as
      { progress: { state: { step: number } | null } } | undefined;
    database.close();
    return kept && (kept.progress.state?.step ?? 0);
  });
