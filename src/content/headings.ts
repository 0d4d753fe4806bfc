import type { HastPluginDefinition } from 'satteri';

/**
 * The anchor of a heading that starts with the report's section number: `2.1 数据集基础统计` and
 * `2.1 Basic statistics` are both `s2-1`, so that a link holds in either language.
 */
export const sectionId = (heading: string): string | undefined => {
  const number = /^(\d+(?:\.\d+)*)\s/.exec(heading.trim())?.[1];
  return number === undefined ? undefined : `s${number.replaceAll('.', '-')}`;
};

/** Gives numbered headings in Markdown their language-independent anchor. */
export const numberedHeadings: HastPluginDefinition = {
  name: 'numbered-headings',
  element: {
    filter: ['h2', 'h3', 'h4'],
    visit(node, context) {
      const id = sectionId(context.textContent(node));
      if (id !== undefined) context.setProperty(node, 'id', id);
    },
  },
};
