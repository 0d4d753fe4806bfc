import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Tests of the built site in a real browser; `npm test` builds it and finds the browser first. */
export default defineConfig({
  test: {
    root: resolve(import.meta.dirname, '../..'),
    include: ['tests/e2e/**/*.e2e.ts'],
    globalSetup: ['tests/e2e/setup.ts'],
    // One browser at a time: on two cores two of them only wait for each other.
    fileParallelism: false,
    // Far above what a test takes, for machines that do something else besides.
    testTimeout: 180_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
  },
});
