import enPresets from './en/presets.ts';
import en from './en/recipe.ts';
import { translator } from './translator.ts';

/** A recipe's settings, by their paths, and what may stand there. */
export const recipe = translator(
  import.meta.glob<typeof en>('./*/recipe.ts', { eager: true, import: 'default' }),
);
export type RecipeKey = keyof typeof en;
export const isRecipeKey = (key: string): key is RecipeKey => key in en;

/** What a preset is, in a few words. */
export const presets = translator(
  import.meta.glob<typeof enPresets>('./*/presets.ts', { eager: true, import: 'default' }),
);
export type PresetKey = keyof typeof enPresets;
export const isPresetKey = (key: string): key is PresetKey => key in enPresets;
