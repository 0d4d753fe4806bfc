import type enPresets from './en/presets.ts';
import type en from './en/recipe.ts';
import type { Lang } from './languages.ts';
import { byLanguage } from './translator.ts';

const recipes = byLanguage(import.meta.glob<typeof en>('./*/recipe.ts', { eager: true, import: 'default' }));
const presets = byLanguage(
  import.meta.glob<typeof enPresets>('./*/presets.ts', { eager: true, import: 'default' }),
);

/** A recipe's settings and values, by their paths, and what each preset is, in a few words. */
export const recipeWords = (lang: Lang) => ({ lang, recipe: recipes[lang], presets: presets[lang] });
