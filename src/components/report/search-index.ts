/** What the search looks through: the report section by section, as plain text, with its notes. */
import { reported } from '../../data/reported.ts';
import type { Lang } from '../../i18n/languages.ts';
import { sectionId } from '../../content/headings.ts';

export interface SearchEntry {
  /** Anchor within the report. */
  anchor: string;
  title: string;
  text: string;
}

/** MDX without its marks: tags go, their words stay; notes that stand in reported.json are put in. */
export function plainText(source: string, lang: Lang): string {
  return source
    .replace(/<Note title="([^"]*)" id="(\w+)" \/>/g, (_, title: string, id: string) => {
      const note = reported.notes[id as keyof typeof reported.notes];
      return `${title} ${note?.[lang] ?? ''}`;
    })
    .replace(/<Note title="([^"]*)">/g, '$1 ')
    .replace(/<[^>]+>/g, '')
    .replace(/^\s*(?:[-#]+|\d\.)\s+/gm, '')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The entries of a chapter: what stands before its first section, and each section. */
export function chapterEntries(
  chapter: { chapter: number; title: string; body: string },
  lang: Lang,
): SearchEntry[] {
  const [before = '', ...sections] = chapter.body.split(/^### /m);
  const entries = sections.map((section): SearchEntry => {
    const [title = '', ...rest] = section.split('\n');
    return {
      anchor: sectionId(title) ?? `s${chapter.chapter}`,
      title,
      text: plainText(rest.join('\n'), lang),
    };
  });
  return [{ anchor: `s${chapter.chapter}`, title: chapter.title, text: plainText(before, lang) }, ...entries];
}
