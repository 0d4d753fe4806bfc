import { isTranslation, LANGUAGES, type Lang } from './languages.ts';

/** Astro's `base` without its trailing slash: '' at the root of a host, '/repository' on GitHub Pages. */
const base = import.meta.env.BASE_URL.replace(/\/$/, '');

/** Address of the project's code; empty where neither package.json nor the workflow that builds the site names one. */
export const REPOSITORY = (import.meta.env['REPOSITORY'] as string | undefined) ?? '';
export const DATASET = 'https://github.com/zalandoresearch/fashion-mnist';
export const PAPER = 'https://arxiv.org/abs/1708.07747';

/** Address of a file in `public/`: `asset('/models/index.json')`. Works in pages and in browser scripts. */
export const asset = (path: `/${string}`): string => base + path;

/** Address of a page in a language: `pageHref('en', '/draw/')` is `/en/draw/` under the base. */
export const pageHref = (lang: Lang, path: `/${string}`): string =>
  base + (isTranslation(lang) ? `/${lang}` : '') + path;

/** The paths of a page below `[...lang]`, for its `getStaticPaths`. */
export const languagePaths = () =>
  LANGUAGES.map((lang) => ({ params: { lang: isTranslation(lang) ? lang : undefined }, props: { lang } }));

/** The site's pages, in the order in which the header lists them; `key` names the title in the words of `site`. */
export const PAGES = [
  { path: '/', key: 'report' },
  { path: '/draw/', key: 'draw' },
  { path: '/finetune/', key: 'finetune' },
  { path: '/runs/', key: 'runs' },
  { path: '/card/', key: 'card' },
  { path: '/use/', key: 'use' },
] as const;
