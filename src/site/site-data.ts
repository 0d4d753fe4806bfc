/** What the pages draw from, read once when the site is built. */
import { fileURLToPath } from 'node:url';
import { publicDir } from 'astro:config/server';
import { readDataset } from './dataset.ts';
import { primaryRun, readEnsembles, readPyTorch, readRuns, readTestReads } from './runs.ts';

/** The folder whose content is served as it is. */
export const publicFolder = fileURLToPath(publicDir);

/** Every published run. */
export const runs = await readRuns(publicFolder);

/** Every published ensemble of them. */
export const ensembles = await readEnsembles(publicFolder, runs);

/** How often the test set was put through a network for all that was ever published. */
export const testSetReads = await readTestReads(publicFolder, [...runs, ...ensembles]);

/** The run whose figures stand in the report. */
export const primary = primaryRun(runs);

/** The training by its recipe in PyTorch; null where nobody has done it there. */
export const pytorchRun = await readPyTorch(publicFolder, primary);

/** What the site has of the dataset, and the classes of the 10,000 test images, by id. */
export const { manifest, testLabels } = await readDataset(publicFolder);
