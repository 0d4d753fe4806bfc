/** What the pages draw from, read once when the site is built. */
import { fileURLToPath } from 'node:url';
import { publicDir } from 'astro:config/server';
import { getCollection, render } from 'astro:content';
import type { PyTorchRun } from '../artifacts/pytorch-run.ts';
import type { Lang } from '../i18n/languages.ts';
import { report as t } from '../i18n/report.ts';
import { readDataset } from './dataset.ts';
import { isFullRecipe } from '../training/recipe.ts';
import { primaryRun, readAblation, readEnsembles, readPyTorch, readRuns, readTestReads } from './runs.ts';

/** The folder whose content is served as it is. */
export const publicFolder = fileURLToPath(publicDir);

export const runs = await readRuns(publicFolder);

export const ensembles = await readEnsembles(publicFolder, runs);

/** How often the test set was put through a network for all that was ever published. */
export const testSetReads = await readTestReads(publicFolder, [...runs, ...ensembles]);

/** What each change brought on the validation images; null where that was not measured. */
export const ablationFigures = await readAblation(publicFolder, runs);

/** The run whose figures stand in the report. */
export const primary = primaryRun(runs);

/** The runs of the report's recipe, under whatever seed; the primary one at least. */
export const seedRuns = isFullRecipe(primary.metrics)
  ? runs.filter(({ metrics }) => isFullRecipe(metrics))
  : [primary];

/** The training by its recipe in PyTorch; null where there is none. */
export const pytorchRun = await readPyTorch(publicFolder, primary);

/** What the site has of the dataset, and the classes of the 10,000 test images, by id. */
export const { manifest, testLabels } = await readDataset(publicFolder);

/** Where and how a recipe was trained in PyTorch, in words. */
export const pytorchFacts = ({ torch, device, seed, mixedPrecision }: PyTorchRun, lang: Lang) => ({
  // Without the build: 2.11.0+cu130.
  torch: torch.split('+')[0]!,
  device,
  seed,
  precision: t(lang, mixedPrecision ? 'mixed' : 'float32'),
});

/** The report's chapters in one language, in order, rendered, with their numbered sections. */
export async function chaptersOf(lang: Lang) {
  const entries = await getCollection('report', ({ id }) => id.startsWith(`${lang}/`));
  const chapters = entries.sort((a, b) => a.data.chapter - b.data.chapter);
  return Promise.all(
    chapters.map(async (entry) => {
      const { Content, headings } = await render(entry);
      return {
        ...entry.data,
        anchor: `s${entry.data.chapter}`,
        sections: headings.filter(({ depth, slug }) => depth === 3 && /^s\d/.test(slug)),
        Content,
      };
    }),
  );
}

const popovers = new WeakMap<Request, number>();

/** An id for the next popover of a page. */
export function popoverId(page: Request): string {
  const count = (popovers.get(page) ?? 0) + 1;
  popovers.set(page, count);
  return `number-${count}`;
}
