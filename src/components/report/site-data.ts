/** What the pages draw from, read once when the site is built. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publicDir } from 'astro:config/server';
import { parseManifest } from '../../data/manifest.ts';
import { primaryRun, readEnsembles, readRuns } from './runs.ts';

/** The folder whose content is served as it is. */
export const publicFolder = fileURLToPath(publicDir);

/** Every published run. */
export const runs = await readRuns(publicFolder);

/** Every published ensemble of them. */
export const ensembles = await readEnsembles(publicFolder);

/** The run whose figures stand in the report. */
export const primary = primaryRun(runs);

/** What the site has of the dataset. */
export const manifest = parseManifest(
  JSON.parse(readFileSync(join(publicFolder, 'data/index.json'), 'utf8')),
);

/** The classes of the 10,000 test images, by id. */
export const testLabels: Uint8Array = readFileSync(join(publicFolder, 'data', manifest.test.labels.file));
