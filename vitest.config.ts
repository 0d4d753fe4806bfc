import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // They need the built site and a browser; scripts/test.ts runs them on their own.
    exclude: ['tests/e2e/**'],
    // Two cores are enough: more workers would only share them, and each loads a backend of its own.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
