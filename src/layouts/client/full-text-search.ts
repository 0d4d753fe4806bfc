/** Full-text search over the report's sections, figures and tables. Pure; search.ts shows what it finds. */

export interface Entry {
  anchor: string;
  title: string;
  text: string;
}

export interface Hit {
  anchor: string;
  title: string;
  /** The place of the first match, cut so that true parts are matches: `[['训练', false], ['损失', true], …]`. */
  snippet: [text: string, match: boolean][];
}

const BEFORE = 24;
const LENGTH = 110;

/**
 * Entries in which every word occurs, in any order; those with a word in their title come first. A word is what
 * stands between spaces: in Chinese a whole phrase.
 */
export function find(entries: readonly Entry[], query: string): Hit[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  return entries
    .filter(({ title, text }) => {
      const whole = `${title} ${text}`.toLowerCase();
      return words.every((word) => whole.includes(word));
    })
    .map((entry) => ({ entry, inTitle: words.some((word) => entry.title.toLowerCase().includes(word)) }))
    .sort((a, b) => Number(b.inTitle) - Number(a.inTitle))
    .map(({ entry: { anchor, title, text } }) => ({ anchor, title, snippet: snippetOf(text, words) }));
}

function snippetOf(text: string, words: readonly string[]): Hit['snippet'] {
  const lower = text.toLowerCase();
  const places = words.map((word) => lower.indexOf(word)).filter((place) => place >= 0);
  const start = Math.max(0, Math.min(...(places.length > 0 ? places : [0])) - BEFORE);
  const end = Math.min(text.length, start + LENGTH);
  const parts: Hit['snippet'] = start > 0 ? [['…', false]] : [];
  let from = start;
  while (from < end) {
    let at = end;
    let length = 0;
    for (const word of words) {
      const place = lower.indexOf(word, from);
      if (place >= 0 && place < at) [at, length] = [place, word.length];
    }
    if (at > from) parts.push([text.slice(from, at), false]);
    if (length > 0) parts.push([text.slice(at, at + length), true]);
    from = at + length;
    if (length === 0) break;
  }
  if (end < text.length) parts.push(['…', false]);
  return parts;
}
