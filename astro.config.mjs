import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { URL } from 'node:url';
import { satteri } from '@astrojs/markdown-satteri';
import mdx from '@astrojs/mdx';
import sitemap from '@astrojs/sitemap';
import { defineConfig } from 'astro/config';
import { numberedHeadings } from './src/content/headings.ts';
import { languages, LANGUAGES, ORIGINAL } from './src/i18n/languages.ts';

/**
 * Where the site will stand. GitHub Pages serves a project under /<repository>/, so every link, asset and
 * fetch goes through `base` (see src/i18n/paths.ts).
 */
const site = process.env['SITE_URL'] || 'http://localhost:4321';
const base = process.env['BASE_PATH'] || '/';

/** Where the code is: as package.json says, else the repository whose workflow builds the site. */
const { repository } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));
const { GITHUB_SERVER_URL: host = 'https://github.com', GITHUB_REPOSITORY: name } = process.env;
const code = (repository?.url ?? repository ?? (name ? `${host}/${name}` : '')).replace(/^git\+|\.git$/g, '');

/** The one inline script: it sets the theme before the first paint, so the policy names its hash. */
const themeScript = readFileSync(new URL('./src/layouts/theme.inline.js', import.meta.url), 'utf8');
const sha256 = (text) =>
  /** @type {const} */ (`sha256-${createHash('sha256').update(text).digest('base64')}`);

// Tests build the site on made-up runs: a public folder of their own.
const publicDir = process.env['PUBLIC_DIR'] || './public';
for (const [lang, { picture }] of Object.entries(languages)) {
  if (!existsSync(`${publicDir}${picture}`)) {
    throw new Error(
      `There is no ${publicDir}${picture}, which src/i18n/languages.ts names for "${lang}"; put a picture of 1200×630 pixels there.`,
    );
  }
}

export default defineConfig({
  site,
  base,
  output: 'static',
  publicDir,
  trailingSlash: 'always',
  // Stylesheets and scripts as files: they are cached between pages and need no hash of their own.
  build: { format: 'directory', inlineStylesheets: 'never' },
  compressHTML: true,
  devToolbar: { enabled: false },
  i18n: { defaultLocale: ORIGINAL, locales: [...LANGUAGES], routing: { prefixDefaultLocale: false } },
  integrations: [
    {
      // Trainings that are going on: during development only, since they are on the developer's machine.
      name: 'trainings',
      hooks: {
        'astro:config:setup': ({ command, injectRoute }) => {
          if (command !== 'dev') return;
          injectRoute({ pattern: '/[...lang]/training', entrypoint: './src/pages/_training.astro' });
        },
      },
    },
    mdx(),
    sitemap({
      i18n: {
        defaultLocale: ORIGINAL,
        locales: Object.fromEntries(LANGUAGES.map((lang) => [lang, languages[lang].tag])),
      },
      filter: (page) => !page.includes('/404'),
    }),
  ],
  markdown: {
    // No "smart" punctuation: the report's text is rendered to the character.
    processor: satteri({ features: { smartPunctuation: false }, hastPlugins: [numberedHeadings] }),
    syntaxHighlight: false,
  },
  security: {
    csp: {
      directives: [
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
      ],
      scriptDirective: { hashes: [sha256(themeScript)] },
    },
  },
  // A small script inlined by Vite as a data: URL would be refused by the policy.
  vite: {
    // Colours for either theme and other recent CSS are put in older words: WeChat's browser is a Chromium of 2022.
    build: { assetsInlineLimit: 0, cssTarget: ['chrome107', 'firefox115', 'safari16.4'] },
    define: { 'import.meta.env.REPOSITORY': JSON.stringify(code) },
    // The engine's worker loads one backend of three, so it is split like the page's own scripts.
    worker: { format: 'es' },
  },
});
