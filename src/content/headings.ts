import type { HastPluginDefinition } from 'satteri';

/**
 * The anchor of a heading that starts with the report's section number: `2.1 数据集基础统计` and
 * `2.1 Basic statistics` are both `s2-1`, so that a link holds in either language.
 */
export const sectionId = (heading: string): string | undefined => {
  const number = /^(\d+(?:\.\d+)*)\s/.exec(heading.trim())?.[1];
  return number === undefined ? undefined : `s${number.replaceAll('.', '-')}`;
};

/**
 * Gives the headings of a chapter anchors that do not depend on the language: numbered ones by their number, those
 * below them by their place, `s5-1-2` for the second in 5.1.
 */
export const numberedHeadings = (): HastPluginDefinition => {
  let section = '';
  let count = 0;
  return {
    name: 'numbered-headings',
    element: {
      filter: ['h3', 'h4'],
      visit(node, context) {
        const id = sectionId(context.textContent(node));
        if (id !== undefined) [section, count] = [id, 0];
        else count += 1;
        context.setProperty(node, 'id', id ?? `${section}-${count}`);
      },
    },
  };
};
