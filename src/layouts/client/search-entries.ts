/** What the search looks through: everything that can be read in the article, by section, figure and table. */
import type { Entry } from './full-text-search.ts';

/** Drawings, controls, data tables and what is folded away: not for reading. */
const SKIPPED =
  'script, style, svg, math, button, select, canvas, [hidden], [popover], .needs-js, .tools, .controls, .explorer';
/** Elements before and after which a word ends. */
const BLOCKS = 'address, aside, dd, div, dt, figcaption, h1, h2, h3, h4, li, p, pre, section, td, th, tr';
const OWN = 'figure[id], [id^="table-"]';
const TITLES = 'figcaption, caption, .heading, .title';

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/**
 * The entries of the report, in its order. A figure or a table is one of its own, and what stands around it belongs to
 * its section.
 * @param article the report's <article>, of this document or of one that was parsed
 */
export function entriesOf(article: Element): Entry[] {
  const entries: Entry[] = [];
  let current: Entry | null = null;

  function begin(anchor: string, title: string): Entry {
    const entry = { anchor, title, text: '' };
    entries.push(entry);
    return entry;
  }

  function add(text: string): void {
    if (current) current.text += text;
  }

  function walk(parent: Element, title: Element | null = null): void {
    for (const node of parent.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) add(node.nodeValue ?? '');
      if (node.nodeType !== Node.ELEMENT_NODE || node === title) continue;
      const element = node as Element;
      if (element.matches(SKIPPED)) continue;
      if (element.matches('h2[id], h3[id]')) {
        current = begin(element.id, wordsOf(element));
      } else if (element.matches(OWN)) {
        const around = current;
        const heading = element.querySelector(TITLES);
        current = begin(element.id, heading ? wordsOf(heading) : '');
        walk(element, heading);
        current = around;
      } else {
        const block = element.matches(BLOCKS);
        if (block) add(' ');
        walk(element, title);
        if (block) add(' ');
      }
    }
  }

  /** The words of a title, without the marks and buttons in it. */
  function wordsOf(element: Element): string {
    const around = current;
    const words = { anchor: '', title: '', text: '' };
    current = words;
    walk(element);
    current = around;
    return oneLine(words.text);
  }

  walk(article);
  return entries.map(({ anchor, title, text }) => ({ anchor, title, text: oneLine(text) }));
}
