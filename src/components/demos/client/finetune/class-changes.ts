/** What was gained and what was forgotten, from the predictions for the same images before and after. Pure. */

/** Numbers of images. */
interface Counts {
  count: number;
  /** Predicted correctly. */
  before: number;
  after: number;
  /** Become correct, and become wrong. */
  gained: number;
  lost: number;
}

export type ClassChange = Readonly<Counts & { label: number }>;

const zero = (): Counts => ({ count: 0, before: 0, after: 0, gained: 0, lost: 0 });

/** By class number. @param before classes predicted for the images that have these labels; as `after` */
export function compareClasses(
  labels: Uint8Array,
  before: Uint8Array,
  after: Uint8Array,
  classes: number,
): ClassChange[] {
  const changes = Array.from({ length: classes }, (_, label) => ({ label, ...zero() }));
  labels.forEach((label, i) => {
    const change = changes[label]!;
    const [was, is] = [before[i] === label, after[i] === label];
    change.count++;
    change.before += Number(was);
    change.after += Number(is);
    change.gained += Number(!was && is);
    change.lost += Number(was && !is);
  });
  return changes;
}

/** All classes as one. */
export function total(changes: readonly ClassChange[]): Readonly<Counts> {
  const sum = zero();
  for (const key of Object.keys(sum) as (keyof Counts)[]) {
    for (const change of changes) sum[key] += change[key];
  }
  return sum;
}
