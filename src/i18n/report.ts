/** Words of the report and of the runs. Only the build shows most of them: what no script uses, no script ships. */
import type enDrawings from './en/drawings.ts';
import type enImprovements from './en/improvements.ts';
import type enPages from './en/pages.ts';
import type enPresets from './en/presets.ts';
import type enRecipe from './en/recipe.ts';
import type enReport from './en/report.ts';
import type enRuns from './en/runs.ts';
import type { Lang } from './languages.ts';
import { byLanguage, translator } from './translator.ts';

export const report = /* @__PURE__ */ translator(
  import.meta.glob<typeof enReport>('./*/report.ts', { eager: true, import: 'default' }),
);
export const improvements = /* @__PURE__ */ translator(
  import.meta.glob<typeof enImprovements>('./*/improvements.ts', { eager: true, import: 'default' }),
);
export const drawings = /* @__PURE__ */ translator(
  import.meta.glob<typeof enDrawings>('./*/drawings.ts', { eager: true, import: 'default' }),
);
export const runs = /* @__PURE__ */ translator(
  import.meta.glob<typeof enRuns>('./*/runs.ts', { eager: true, import: 'default' }),
);

export const pages = /* @__PURE__ */ translator(
  import.meta.glob<typeof enPages>('./*/pages.ts', { eager: true, import: 'default' }),
);

const recipes = /* @__PURE__ */ byLanguage(
  import.meta.glob<typeof enRecipe>('./*/recipe.ts', { eager: true, import: 'default' }),
);
const presets = /* @__PURE__ */ byLanguage(
  import.meta.glob<typeof enPresets>('./*/presets.ts', { eager: true, import: 'default' }),
);

/** A recipe's settings and values, by their paths, and what each preset is, in a few words. */
export const recipeWords = (lang: Lang) => ({ lang, recipe: recipes[lang], presets: presets[lang] });
