import { getCollection } from 'astro:content';
import type { APIRoute, GetStaticPaths } from 'astro';
import { chapterEntries } from '../components/report/search-index.ts';
import { LANGUAGES, type Lang } from '../i18n/languages.ts';

export const getStaticPaths: GetStaticPaths = () =>
  LANGUAGES.map((lang) => ({ params: { lang }, props: { lang } }));

/** The search's index in one language, loaded when a reader opens the search. */
export const GET: APIRoute<{ lang: Lang }> = async ({ props: { lang } }) => {
  const entries = await getCollection('report', ({ id }) => id.startsWith(`${lang}/`));
  const chapters = entries.sort((a, b) => a.data.chapter - b.data.chapter);
  return Response.json(chapters.flatMap(({ data, body = '' }) => chapterEntries({ ...data, body }, lang)));
};
