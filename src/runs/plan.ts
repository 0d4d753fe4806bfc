/** What a run is to do, from its flags and, when it is resumed, from its checkpoint. */
import { departuresText } from '../artifacts/recipe-text.ts';
import type { Metrics } from '../artifacts/schema.ts';
import { ensembles, presets } from '../training/presets.ts';
import { departures } from '../training/recipe.ts';
import type { DataName, Recipe } from '../training/recipe-schema.ts';
import { UserError } from '../node/errors.ts';
import { trainImages } from './dataset.ts';
import type { TrainOptions } from './train-options.ts';

export const DEFAULT_PRESET = 'report';

/** The id of the report's recipe, run in full. */
const FULL_RECIPE_ID = presets[DEFAULT_PRESET]!.id;

/** What the weights at the end follow from, backend and versions apart. */
export interface Plan {
  preset: string;
  recipe: Recipe;
  data: DataName;
}

/** @param saved the plan of a checkpoint, for settings that the flags leave out */
export function makePlan(options: TrainOptions, saved?: Plan): Plan {
  const preset = options.preset ?? saved?.preset ?? DEFAULT_PRESET;
  const base = presets[preset];
  if (!base) throw new UserError(`Unknown preset "${preset}"; known are ${Object.keys(presets).join(', ')}.`);
  const kept = saved?.preset === preset ? saved.recipe : base.recipe;
  const recipe = defined<Recipe>({
    ...base.recipe,
    epochs: options.epochs ?? kept.epochs,
    limit: options.limit ?? kept.limit,
    batchSize: options.batch ?? kept.batchSize,
    seed: options.seed ?? kept.seed,
    from: options.from ?? kept.from,
    allImages: (options.allImages ?? kept.allImages) || undefined,
    targetAccuracy: options.stopAt ?? kept.targetAccuracy,
  });
  const data = options.data ?? saved?.data ?? 'fashion-mnist';
  checkRecipe(recipe, base.recipe, trainImages(data));
  return { preset, recipe, data };
}

/** Without the settings that are undefined: recipes are compared, and written as JSON, which has no such value. */
function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined)) as T;
}

/**
 * @param base the preset's recipe: its settings cannot be left out, only changed
 * @param trainImages how many there are to train on, those for validation left out
 * @throws UserError when settings contradict each other
 */
function checkRecipe(recipe: Recipe, base: Recipe, trainImages: number): void {
  const { allImages, limit, targetAccuracy, emphasis, epochs } = recipe;
  const notAll = base.allImages
    ? 'add --no-all-images, since the preset trains on all of them'
    : 'leave --all-images out';
  if (allImages && limit !== null) {
    const other = base.limit === limit ? '' : 'leave --limit out, or ';
    throw new UserError(`A run on all images cannot be limited; ${other}${notAll}.`);
  }
  if (allImages && targetAccuracy !== undefined) {
    const other = base.targetAccuracy === targetAccuracy ? '' : 'leave --stop-at out, or ';
    throw new UserError(`A run on all images has no validation accuracy to stop at; ${other}${notAll}.`);
  }
  if (limit !== null && limit > trainImages) {
    throw new UserError(
      `--limit ${limit} is more than the ${trainImages} images that there are to train on; leave it out to train on all of those.`,
    );
  }
  if (emphasis && emphasis.to > epochs) {
    throw new UserError(
      `The preset shows hard images more often in epochs ${emphasis.from} to ${emphasis.to}, of which a run of ${epochs} would miss some; choose more --epochs, or another preset.`,
    );
  }
}

export function variation({ preset, recipe, data }: Plan): Metrics['variation'] {
  const base = presets[preset]!.recipe;
  const sameSeed = { ...base, seed: recipe.seed };
  if (data !== 'fashion-mnist' || difference(sameSeed, recipe)) return 'settings';
  return recipe.seed === base.seed ? 'none' : 'seed';
}

/** The id under which a run is published when none is given: a changed preset does not take the preset's place. */
export function defaultId(plan: Plan): string {
  const { id } = presets[plan.preset]!;
  return { none: id, seed: `${id}-seed-${plan.recipe.seed}`, settings: `${id}-variant` }[variation(plan)];
}

/** The preset, or the ensemble, whose published id this is. */
export const ownerOf = (id: string): string | undefined =>
  Object.entries({ ...presets, ...ensembles }).find(([, each]) => each.id === id)?.[0];

/**
 * On the site, a preset's id belongs to that preset: chapter 9 would show something else under its name.
 * @throws UserError when the plan may not be published under this id.
 */
export function checkId(plan: Plan, { id, onSite }: { id: string; onSite: boolean }): void {
  if (!onSite) return;
  const departs = departures(plan.recipe, plan.data);
  if (id === FULL_RECIPE_ID && departs.length > 0) {
    throw new UserError(
      `"${FULL_RECIPE_ID}" is the report's recipe in full, this run departs from it (${departuresText(departs)}); choose another --output.`,
    );
  }
  const owner = ownerOf(id);
  if (owner !== undefined && (owner !== plan.preset || variation(plan) === 'settings')) {
    throw new UserError(
      `"${id}" is the id of the unchanged preset "${owner}", which this run is not; choose another --output.`,
    );
  }
}

/**
 * The first setting in which two values of JSON differ, by its path; null when they are equal.
 * @example difference({ a: { b: 1 } }, { a: { b: 2 } }) // { path: 'a.b', one: 1, other: 2 }
 */
export function difference(
  one: unknown,
  other: unknown,
  path = '',
): { path: string; one: unknown; other: unknown } | null {
  if (isObject(one) && isObject(other)) {
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
      const found = difference(one[key], other[key], path ? `${path}.${key}` : key);
      if (found) return found;
    }
    return null;
  }
  return Object.is(one, other) ? null : { path, one, other };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
