/** A run's name and what its recipe changes, in the reader's language; the artifacts say it in English. Pure. */
import type { Metrics } from '../artifacts/schema.ts';
import type { Lang } from '../i18n/languages.ts';
import { isPresetKey, isRecipeKey, presets, recipe as t, type RecipeKey } from '../i18n/recipe.ts';

interface Departure {
  /** Path of the setting: `optimiser.weightDecay`. */
  setting: string;
  own: string;
  reported: string;
}

const MADE_UP = 'made-up images instead of Fashion-MNIST';
/** Settings of which a run may have less without being another recipe. */
const AMOUNTS = ['epochs', 'limit'];
const VALUES: Readonly<Record<string, RecipeKey>> = {
  none: 'none',
  photos: 'photos',
  drawings: 'drawings',
  'the report’s': 'own',
  'the report’s with squeeze and excitation': 'attentive',
  another: 'another',
};

/** The parts of `metrics.deviation`, as `departures` in src/training/recipe.ts writes them. */
function departuresIn(deviation: string): Departure[] {
  return deviation.split('; ').flatMap((part) => {
    const match = /^([\w.-]+): (.*) instead of (.*)$/.exec(part);
    return match ? [{ setting: match[1]!, own: match[2]!, reported: match[3]! }] : [];
  });
}

/** A path without the number that a member of a list has for its name. */
const unnumbered = (path: string): string => path.replace(/\.\d+$/, '');

/** Whether a run follows the report's recipe: in full, with less of it, or with another one. */
export function recipeKind({
  fullRecipe,
  deviation,
}: Pick<Metrics, 'fullRecipe' | 'deviation'>): 'full' | 'shortened' | 'other' {
  if (fullRecipe) return 'full';
  return departuresIn(deviation ?? '').every(({ setting }) => AMOUNTS.includes(setting))
    ? 'shortened'
    : 'other';
}

/**
 * What departs from the report's recipe. Settings of a thing that the report does not do at all stand together.
 * @param deviation as in `metrics.json`
 */
export function deviationText(deviation: string, lang: Lang): string {
  const value = (text: string, setting: string): string => {
    if (setting === 'limit' && text === 'none') return t(lang, 'all');
    const key = VALUES[text];
    return key ? t(lang, key) : text;
  };
  const name = (path: string): string => {
    const setting = unnumbered(path);
    return isRecipeKey(path) ? t(lang, path) : isRecipeKey(setting) ? t(lang, setting) : path;
  };
  const groups = new Map<string, Departure[]>();
  for (const departure of departuresIn(deviation)) {
    const { setting, reported } = departure;
    const path = unnumbered(setting);
    const group = reported === 'none' && path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : setting;
    groups.set(group, [...(groups.get(group) ?? []), departure]);
  }
  const sentences = [...groups].map(([group, members]) => {
    const [first] = members;
    if (first!.setting === group) {
      const { setting, own, reported } = first!;
      if (own === 'true') return name(setting);
      return t(lang, reported === 'none' && setting !== 'limit' ? 'addition' : 'departure', {
        name: name(setting),
        own: value(own, setting),
        reported: value(reported, setting),
      });
    }
    const settings = new Map<string, string[]>();
    for (const { setting, own } of members) {
      settings.set(name(setting), [...(settings.get(name(setting)) ?? []), value(own, setting)]);
    }
    return t(lang, 'group', {
      name: name(group),
      settings: [...settings]
        .map(([setting, own]) => t(lang, 'addition', { name: setting, own: own.join(' + ') }))
        .join(t(lang, 'comma')),
    });
  });
  if (deviation.includes(MADE_UP)) sentences.push(t(lang, 'made-up'));
  return sentences.join(t(lang, 'separator'));
}

/** What a run is, in a few words. */
export function labelText({ preset, label }: Pick<Metrics, 'preset' | 'label'>, lang: Lang): string {
  if (!isPresetKey(preset)) return label;
  const name = presets(lang, preset);
  if (label.startsWith('A variant of the preset')) return t(lang, 'variant', { name, preset });
  const seed = /, seed (\d+)$/.exec(label)?.[1];
  return seed === undefined ? name : t(lang, 'seeded', { name, seed });
}
