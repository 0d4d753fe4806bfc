import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { classes as garments } from '../../src/i18n/en/site.ts';
import data from '../../src/data/reported.json' with { type: 'json' };
import { type Fact, type Figure, reported } from '../../src/data/reported.ts';

const text = readFileSync('tests/fixtures/report.zh.txt', 'utf8');

/** The report's text by section: "7.2", and "7" for what stands before a chapter's first section. */
function sectionsOf(report: string): Map<string, string> {
  const sections = new Map<string, string>();
  const chapters = '一二三四五六七八九';
  let current = '0';
  for (const line of report.split('\n')) {
    const chapter = /^([一二三四五六七八九])、/.exec(line)?.[1];
    const section = /^(\d\.\d) /.exec(line)?.[1];
    if (chapter) current = String(chapters.indexOf(chapter) + 1);
    else if (section) current = section;
    else sections.set(current, `${sections.get(current) ?? ''}${line}\n`);
  }
  return sections;
}
const sections = sectionsOf(text);

/** Numbers as the report writes them; a digit behind a letter belongs to a name (F1, FP16). */
const NUMBER = /(?<![A-Za-z\d.,])\d+(?:,\d{3})*(?:\.\d+)?(?:e-?\d+)?%?/g;

/** The numbers in a text of the report, in order, each as printed and with its position. */
const numbersIn = (text: string): { printed: string; index: number }[] =>
  Array.from(text.matchAll(NUMBER), (match) => ({ printed: match[0], index: match.index }));

type Leaf = Figure | Fact;

/** Every figure and fact of the file with its path. */
function leaves(value: unknown, path = ''): [string, Leaf][] {
  if (value === null || typeof value !== 'object') return [];
  if ('places' in value) return [[path, value as Leaf]];
  return Object.entries(value).flatMap(([key, part]) => leaves(part, path ? `${path}.${key}` : key));
}
const all = leaves(data);

/** What a number printed in the report is worth in a unit. */
function worth(printed: string, unit: Figure['unit']): number {
  const number = Number(printed.replaceAll(',', '').replace('%', ''));
  return printed.endsWith('%') && unit === 'fraction' ? number / 100 : number;
}

/** Where a quote begins in a text, each time. */
function occurrences(quote: string, within: string): number[] {
  const found: number[] = [];
  for (let at = within.indexOf(quote); at >= 0; at = within.indexOf(quote, at + 1)) found.push(at);
  return found;
}

/** Numbers that count something out and say nothing: list items, names of figures and layers, labels of classes. */
const ORDINALS = [
  /^(\d)\. ?(?=\D)/gm,
  /图 ?(\d)/g,
  /卷积块 (\d)：/g,
  /全连接层 (\d)：/g,
  /（(\d)）/g,
  /^(\d)\t[A-Z]/gm,
];

describe('reported.json', () => {
  it('takes the report apart into its sections', () => {
    expect([...sections.keys()].join(' ')).toBe(
      '0 1 2 2.1 2.2 3 3.1 3.2 4 4.1 4.2 5 5.1 5.2 6 6.1 6.2 6.3 7 7.1 7.2 7.3 8 8.1 8.2 9 9.1 9.2 9.3',
    );
  });

  it.each(all)('%s stands in the report as quoted', (_, leaf) => {
    for (const { section, quote, at } of leaf.places) {
      expect(sections.get(section)).toContain(quote);
      if (typeof leaf.value === 'string') continue;
      const numbers = numbersIn(quote);
      if (numbers.length > 1) expect(at, `which number of “${quote}”`).toBeDefined();
      for (const index of [at ?? 0].flat()) {
        expect(worth(numbers[index]!.printed, (leaf as Figure).unit)).toBeCloseTo(leaf.value, 12);
      }
    }
  });

  it('calls approximate what the report does', () => {
    for (const [path, leaf] of all) {
      if (typeof leaf.value === 'string') continue;
      const called = leaf.places.some(({ quote }) => quote.includes('约'));
      expect([path, (leaf as Figure).approximate ?? false]).toEqual([path, called]);
    }
  });

  it('has every number of the report', () => {
    const uncovered: string[] = [];
    for (const [section, content] of sections) {
      const covered = new Set<number>();
      for (const [, leaf] of all) {
        for (const { quote, at = 0 } of leaf.places.filter((place) => place.section === section)) {
          for (const start of occurrences(quote, content)) {
            const numbers = numbersIn(quote);
            const claimed = typeof leaf.value === 'string' ? [...numbers.keys()] : [at].flat();
            for (const index of claimed) {
              const number = numbers[index];
              if (number) covered.add(start + number.index);
            }
          }
        }
      }
      for (const ordinal of ORDINALS) {
        for (const match of content.matchAll(ordinal)) covered.add(match.index + match[0].indexOf(match[1]!));
      }
      for (const { printed, index } of numbersIn(content)) {
        if (covered.has(index)) continue;
        uncovered.push(`${section}: ${printed} in “${content.slice(index - 12, index + 12)}”`);
      }
    }
    expect(uncovered).toEqual([]);
  });

  it('has every number once', () => {
    const claims = all.flatMap(([, { value, places }]) =>
      typeof value === 'string'
        ? []
        : places.flatMap(({ section, quote, at = 0 }) =>
            [at].flat().map((index) => `${section} “${quote}” ${index}`),
          ),
    );
    expect(claims.filter((claim, i) => claims.indexOf(claim) !== i)).toEqual([]);
  });

  it('has the class names of the data in their order', () => {
    expect(reported.distribution.map(({ name }) => name)).toEqual(garments.map(({ name }) => name));
    const { classes } = reported.classificationReport;
    expect(classes.map(({ name }) => name)).toEqual(garments.map(({ short }) => short));
    for (const rows of [reported.distribution, classes]) {
      expect(rows.map(({ label }) => label)).toEqual([...garments.keys()]);
    }
  });
});

describe('reported', () => {
  it('is addressed by name', () => {
    expect(reported.testAccuracy.value).toBe(0.9372);
    expect(reported.bestValidationAccuracy.value).toBe(0.9381);
    expect(reported.log.map(({ epoch }) => epoch)).toEqual([18, 19, 20]);
    expect(reported.classificationReport.classes[6]?.recall.value).toBe(0.782);
  });

  it('hangs together', () => {
    const { classes, macro } = reported.classificationReport;
    const recalls = classes.reduce((sum, { recall }) => sum + recall.value, 0) / classes.length;
    expect(recalls).toBeCloseTo(reported.testAccuracy.value, 4);
    expect(macro.recall.value).toBeCloseTo(recalls, 3);
    for (const { precision, recall, f1 } of classes) {
      const harmonic = (2 * precision.value * recall.value) / (precision.value + recall.value);
      expect(Math.abs(f1.value - harmonic)).toBeLessThan(0.001);
    }
    const trained = (reported.trainImages.value * reported.trainShare.value) / 10;
    expect(Math.ceil(trained / reported.batchSize.value)).toBe(reported.batchesPerEpoch.value);
    const perEpoch = reported.totalTime.value / reported.epochs.value;
    expect(perEpoch).toBeCloseTo(reported.epochTime.value, 1);
    expect(Math.round(trained / perEpoch)).toBe(reported.imagesPerSecond.value);
    const gap = reported.finalTrainAccuracy.value - reported.testAccuracy.value;
    expect(100 * gap).toBeCloseTo(reported.trainTestGap.value, 6);
  });
});
