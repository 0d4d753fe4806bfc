import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import astro from 'eslint-plugin-astro';
import { importX } from 'eslint-plugin-import-x';
import ts from 'typescript-eslint';
import { known, rooms } from './rooms.js';

/** Folders of a room that are rooms of their own. */
const inner = (room) => Object.keys(rooms).filter((other) => other.startsWith(`${room}/`));

/** What a room must not import: the folder of every room that it does not know. */
const zones = Object.keys(rooms).flatMap((room) => {
  const allowed = known(room);
  return Object.keys(rooms)
    .filter((other) => !allowed.has(other))
    .map((other) => ({
      target: inner(room).length
        ? `./${room}/!(${inner(room)
            .map((path) => path.slice(room.length + 1))
            .join('|')}){,/**}`
        : `./${room}`,
      from: `./${other}`,
      except: inner(other)
        .filter((path) => allowed.has(path))
        .map((path) => `.${path.slice(other.length)}`),
      message: `${room} does not know ${other}: see docs/architecture.md.`,
    }));
});

/** Rooms that run in a browser too, or at least might: no Node. */
const portable = [
  'math',
  'i18n',
  'network',
  'evaluation',
  'drawing',
  'training',
  'artifacts',
  'client',
  'engines/wasm',
  'engines/webgpu',
  'engines/web',
];

export default defineConfig(
  { ignores: ['dist/', '.astro/', 'node_modules/', 'public/', 'bench/**/node_modules/'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  ...astro.configs.recommended,
  {
    plugins: { 'import-x': importX },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'import-x/no-duplicates': ['error', { 'prefer-inline': true }],
      'import-x/no-restricted-paths': ['error', { zones }],
    },
  },
  {
    files: [...portable.map((room) => `src/${room}/**`), 'src/**/client/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        ...[
          'toSorted',
          'toReversed',
          'toSpliced',
          'groupBy',
          'withResolvers',
          'checkVisibility',
          'ariaPressed',
          'ariaExpanded',
        ].map((property) => ({
          property,
          message:
            'Chromium 107, Firefox 115 or Safari 16.4, in which people read this site, do not have it.',
        })),
      ],
    },
  },
  { files: ['**/*.{js,mjs}'], languageOptions: { globals: { process: 'readonly', console: 'readonly' } } },
  {
    files: portable.map((room) => `src/${room}/**`),
    rules: {
      'no-restricted-imports': [
        'error',
        { patterns: [{ group: ['node:*'], message: 'This room also runs in browsers.' }] },
      ],
    },
  },
);
