import { CLASSES } from '../../data/classes.ts';
import type { Lang } from '../../i18n/languages.ts';

/** What a sentence calls several garments of a class. */
const PLURALS = [
  'T-shirts',
  'trousers',
  'pullovers',
  'dresses',
  'coats',
  'sandals',
  'shirts',
  'sneakers',
  'bags',
  'ankle boots',
];

const name = (label: number) => {
  const found = CLASSES[label];
  if (found === undefined) throw new RangeError(`There is no class ${label}; classes run from 0 to 9.`);
  return found;
};

/** A class on an axis where space is scarce. */
export const shortName = (label: number, lang: Lang): string =>
  lang === 'zh' ? name(label).zh : name(label).en.replace('T-shirt/top', 'T-shirt');

/** A class on an axis with space: in Chinese with the English name that the report uses. */
export const longName = (label: number, lang: Lang): string =>
  lang === 'zh' ? `${name(label).zh} ${shortName(label, 'en')}` : shortName(label, 'en');

/** Several garments of a class, within a sentence. */
export const pluralName = (label: number, lang: Lang): string =>
  lang === 'zh' ? `${name(label).zh}（${shortName(label, 'en')}）` : PLURALS[label]!;
