import type { Lang } from '../i18n/languages.ts';

/**
 * The language of the page being built, from Astro's `currentLocale`: components that stand inside of MDX take it from
 * there instead of being told by each chapter.
 */
export const languageOf = (astro: { currentLocale: string | undefined }): Lang =>
  astro.currentLocale === 'en' ? 'en' : 'zh';
