import { readLiveRuns } from '../../site/live-runs.ts';

/** Asked by the page every other second; like the page, it is there during development only (astro.config.mjs). */
export const GET = (): Response => Response.json(readLiveRuns(process.cwd()));
