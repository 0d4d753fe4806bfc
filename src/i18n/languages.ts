/** The site's two languages; Chinese is the report's own and stands at the root. */
export const LANGUAGES = ['zh', 'en'] as const;
export type Lang = (typeof LANGUAGES)[number];

/** BCP 47 tags for `lang` attributes, `hreflang` and `Intl`. */
export const TAGS: Record<Lang, string> = { zh: 'zh-CN', en: 'en' };

/** What each language calls itself. */
export const LANGUAGE_NAMES: Record<Lang, string> = { zh: '中文', en: 'English' };

/** The other one of the two. */
export const otherLanguage = (lang: Lang): Lang => (lang === 'zh' ? 'en' : 'zh');
