/** Serves the site and finds the browser, once for all test files. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { TestProject } from 'vitest/node';
import { getChromium } from '../../src/node/chromium.ts';
import { serve } from '../../src/node/static-server.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the site stands, without a slash at its end: origin and base. */
    site: string;
    /** The built site's folder. */
    dist: string;
    chromium: string;
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const dist = resolve(process.env['SITE_DIST'] ?? join(import.meta.dirname, '../../dist'));
  const base = (process.env['BASE_PATH'] ?? '').replace(/\/$/, '');
  if (!existsSync(join(dist, 'index.html'))) {
    throw new Error(`There is no built site in ${dist}; run "npm run build" first, or "npm test" for all.`);
  }
  const chromium = await getChromium(console.log);
  const { origin, server } = await serve(dist, base);
  project.provide('site', origin + base);
  project.provide('dist', dist);
  project.provide('chromium', chromium);
  return () => {
    server.closeAllConnections();
    server.close();
  };
}
