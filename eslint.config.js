import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import astro from 'eslint-plugin-astro';
import ts from 'typescript-eslint';

/** Arrows of the house (docs/architecture.md): what each room must not import. */
const room = (files, forbidden) => ({
  files,
  rules: {
    'no-restricted-imports': [
      'error',
      {
        patterns: forbidden.map((group) => ({
          group: [group],
          message: 'Arrows point one way: see docs/architecture.md.',
        })),
      },
    ],
  },
});

export default defineConfig(
  { ignores: ['dist/', '.astro/', 'node_modules/', 'public/', 'bench/**/node_modules/'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...astro.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
    },
  },
  { files: ['**/*.{js,mjs}'], languageOptions: { globals: { process: 'readonly', console: 'readonly' } } },
  room(['src/model/**'], ['node:*', '**/engines/**', '**/artifacts/**', '**/components/**', '**/data/**']),
  room(['src/data/**'], ['**/model/**', '**/engines/**', '**/artifacts/**', '**/components/**']),
  room(['src/artifacts/**'], ['**/engines/**', '**/components/**']),
  room(['src/engines/**'], ['**/data/**', '**/components/**', '**/artifacts/**']),
  // The page's worker reads published networks.
  room(['src/engines/web/**'], ['node:*', '**/data/**', '**/components/**', '**/engines/node/**']),
  room(['src/components/**', 'src/pages/**', 'src/layouts/**'], ['**/engines/node/**']),
);
