import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { setupCheckIds } from '../../src/site/setup-checks.ts';
import { quantities } from '../../src/site/quantities.ts';
import { sectionId } from '../../src/content/headings.ts';

const folder = 'src/content/report';
const chapters = readdirSync(`${folder}/zh`).sort();
const read = (lang: string, file: string) => readFileSync(`${folder}/${lang}/${file}`, 'utf8');

/** What a chapter consists of, in order, without its words. */
function skeleton(source: string): string[] {
  return source.split('\n').flatMap((line) => {
    const heading = /^(#{3,4}) (.*)$/.exec(line);
    const found = heading ? [`${heading[1]} ${sectionId(heading[2]!) ?? ''}`.trim()] : [];
    const item = /^( *)(-|\d+\.) /.exec(line);
    if (item) found.push(`${item[1]!.length === 0 ? '' : 'nested '}item`);
    for (const [, name, id] of line.matchAll(/<([A-Z]\w*)(?:[^>]*?\bid="([\w.]+)")?/g)) {
      found.push(`<${name}${id === undefined ? '' : ` ${id}`}>`);
    }
    const number = /^chapter: (\d)$/.exec(line);
    if (number) found.push(`chapter ${number[1]}`);
    return found;
  });
}

describe('chapters', () => {
  it('are nine in each language, under the same names', () => {
    expect(chapters).toHaveLength(9);
    expect(readdirSync(`${folder}/en`).sort()).toEqual(chapters);
  });

  it.each(chapters)(
    '%s has the same sections, lists, figures, notes and numbers in both languages',
    (file) => {
      expect(skeleton(read('en', file))).toEqual(skeleton(read('zh', file)));
    },
  );

  it('use every number that can be compared', () => {
    const used = new Set(
      chapters.flatMap((file) =>
        [...read('zh', file).matchAll(/<R id="([\w.]+)"/g)].map((match) => match[1]),
      ),
    );
    // Precision, recall and F1 of all ten classes stand in Table 2; the text names four of them.
    const inText = Object.keys(quantities).filter(
      (id) => !/^class[02-47-9]\./.test(id) || id.startsWith('class8'),
    );
    expect([...used].sort()).toEqual(inText.sort());
  });

  it('use every setup check', () => {
    const used = chapters.flatMap((file) =>
      [...read('zh', file).matchAll(/<SetupCheck id="([\w.]+)"/g)].map((match) => match[1]!),
    );
    // The one of Table 1 stands in the component.
    expect([...new Set(used), 'distribution'].sort()).toEqual(setupCheckIds.toSorted());
  });
});

describe('sectionId', () => {
  it('is the section number, whatever the language', () => {
    expect(sectionId('2.1 数据集基础统计')).toBe('s2-1');
    expect(sectionId('2.1 Basic statistics')).toBe('s2-1');
    expect(sectionId('第 19 轮训练:')).toBeUndefined();
    expect(sectionId('3D')).toBeUndefined();
  });
});
