import { getCollection, render } from 'astro:content';
import type { Lang } from '../i18n/languages.ts';

/** The report's chapters in one language, in order, rendered, with their numbered sections. */
export async function chaptersOf(lang: Lang) {
  const entries = await getCollection('report', ({ id }) => id.startsWith(`${lang}/`));
  const chapters = entries.sort((a, b) => a.data.chapter - b.data.chapter);
  return Promise.all(
    chapters.map(async (entry) => {
      const { Content, headings } = await render(entry);
      return {
        ...entry.data,
        anchor: `s${entry.data.chapter}`,
        sections: headings.filter(({ depth, slug }) => depth === 3 && /^s\d/.test(slug)),
        Content,
      };
    }),
  );
}
