/** What a run is and where it departs from the report's recipe, in the words of a language. Pure. */
import { groups } from 'd3';
import enPresets from '../i18n/en/presets.ts';
import en from '../i18n/en/recipe.ts';
import { clauses, list } from '../i18n/format.ts';
import { type Lang, languages } from '../i18n/languages.ts';
import { translator, type WordsOf } from '../i18n/translator.ts';
import type { Departure } from '../training/recipe-schema.ts';
import type { Metrics } from './schema.ts';

/** A language's words for recipes and presets. */
export interface RecipeWords {
  readonly lang: Lang;
  readonly recipe: WordsOf<typeof en>;
  readonly presets: WordsOf<typeof enPresets>;
}

/** For cards, logs and help texts. */
export const ENGLISH: RecipeWords = { lang: 'en', recipe: en, presets: enPresets };

/** Settings of which a run may have less without being of another recipe. */
const AMOUNTS = ['epochs', 'limit'];

/** Whether a run follows the report's recipe: in full, with less of it, or with another one. */
export function recipeKind({ departures }: Pick<Metrics, 'departures'>): 'full' | 'shortened' | 'other' {
  if (departures.length === 0) return 'full';
  return departures.every(({ setting }) => AMOUNTS.includes(setting)) ? 'shortened' : 'other';
}

/** Where a run departs from the report's recipe. Settings of something that the report does not do are grouped. */
export function departuresText(
  departures: readonly Departure[],
  { lang, recipe }: RecipeWords = ENGLISH,
): string {
  const t = translator({ [`./${lang}/recipe.ts`]: recipe });
  const numbers = new Intl.NumberFormat(languages[lang].tag, {
    useGrouping: false,
    maximumSignificantDigits: 15,
  });
  const word = (key: string, otherwise = key): string =>
    key in recipe ? t(lang, key as keyof typeof en) : otherwise;
  const valueOf = (value: Departure['value'], setting: string): string => {
    if (value === null) return t(lang, setting === 'limit' ? 'all' : 'none');
    if (typeof value === 'number') return numbers.format(value);
    return Array.isArray(value) ? value.join(' + ') : word(`${setting}.${value}`, String(value));
  };
  const groupOf = ({ setting, reported }: Departure): string =>
    reported === null ? setting.replace(/\.\w+(\.\d+)?$/, '') : setting;
  const one = ({ setting, value, reported }: Departure): string => {
    const [name, own] = [word(setting), valueOf(value, setting)];
    if (value === true || setting === 'data') return name;
    if (reported === null && setting !== 'limit') return t(lang, 'addition', { name, own });
    return t(lang, 'departure', { name, own, reported: valueOf(reported, setting) });
  };
  const parts = groups(departures, groupOf).map(([group, [first, ...others]]) =>
    first!.setting === group
      ? one(first!)
      : t(lang, 'group', { name: word(group), settings: list(lang, [first!, ...others].map(one)) }),
  );
  return clauses(lang, parts);
}

export function labelText(
  { preset, variation, seeds }: Pick<Metrics, 'preset' | 'variation'> & Partial<Pick<Metrics, 'seeds'>>,
  { lang, recipe, presets }: RecipeWords = ENGLISH,
): string {
  const name = (presets as Readonly<Record<string, string>>)[preset] ?? preset;
  if (variation === 'none') return name;
  const t = translator({ [`./${lang}/recipe.ts`]: recipe });
  return t(lang, `label.${variation}`, { preset, name, seed: seeds?.['run'] ?? '' });
}
