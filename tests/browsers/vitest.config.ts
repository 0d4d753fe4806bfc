import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** A reader's journeys through the built site in several browsers; `npm run test:browsers` builds it and finds them first. */
export default defineConfig({
  test: {
    root: resolve(import.meta.dirname, '../..'),
    include: ['tests/browsers/**/*.journey.ts'],
    // One browser at a time: on two cores two of them only wait for each other.
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 180_000,
  },
});
