/** What pages ask about a language; its words are in the folder of its name. */
interface Language {
  /** BCP 47 tag, for `lang` attributes, `hreflang` and `Intl`. */
  readonly tag: string;
  /** What the language calls itself. */
  readonly name: string;
  /** Open Graph's name of it, which must have a territory. */
  readonly openGraph: string;
  /** The picture in `public/` that is shown where a page is linked to. */
  readonly picture: `/${string}`;
  /** What stands between two sentences, and between two clauses of one: of these `Intl` knows nothing. */
  readonly betweenSentences: string;
  readonly betweenClauses: string;
}

/**
 * All languages of the site. The first is the report's own, and its pages have no language in their addresses. Another
 * one is a line here, a folder of words beside this file and a folder of chapters in src/content/report.
 */
export const languages = {
  zh: {
    tag: 'zh-CN',
    name: '中文',
    openGraph: 'zh_CN',
    picture: '/social-zh.png',
    betweenSentences: '',
    betweenClauses: '；',
  },
  en: {
    tag: 'en',
    name: 'English',
    openGraph: 'en_GB',
    picture: '/social-en.png',
    betweenSentences: ' ',
    betweenClauses: '; ',
  },
} as const satisfies Record<string, Language>;

export type Lang = keyof typeof languages;
export const LANGUAGES = Object.keys(languages) as readonly Lang[];
export const ORIGINAL: Lang = LANGUAGES[0]!;

/** The language of that name, which comes from a page's address or an element's `data-lang`; else the report's own. */
export const languageOf = (name: string | undefined): Lang =>
  LANGUAGES.find((lang) => lang === name) ?? ORIGINAL;

/** Whether a language is another than the report's own. */
export const isTranslation = (lang: Lang): boolean => lang !== ORIGINAL;
