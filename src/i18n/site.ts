/** Words of every page: its frame, and the names of the ten classes. */
import type en from './en/site.ts';
import type { classes as enClasses } from './en/site.ts';
import type { Lang } from './languages.ts';
import { byLanguage, translator } from './translator.ts';

export const site = translator(
  import.meta.glob<typeof en>('./*/site.ts', { eager: true, import: 'default' }),
);

const classes = byLanguage(
  import.meta.glob<typeof enClasses>('./*/site.ts', { eager: true, import: 'classes' }),
);

/** A function for one form of the names; it throws a RangeError where a label is not one of the ten. */
const nameAs =
  (form: keyof (typeof enClasses)[number]) =>
  (label: number, lang: Lang): string => {
    const found = classes[lang][label];
    if (found === undefined) throw new RangeError(`There is no class ${label}; classes run from 0 to 9.`);
    return found[form];
  };

export const className = nameAs('name');
/** Where space is scarce. */
export const shortName = nameAs('short');
/** Where there is space: with the English name that the report uses, for another language. */
export const longName = nameAs('long');
/** Several garments of a class, within a sentence. */
export const pluralName = nameAs('plural');

/** All ten names, in the order of their labels. */
export const classNames = (lang: Lang): string[] => classes[lang].map(({ name }) => name);
