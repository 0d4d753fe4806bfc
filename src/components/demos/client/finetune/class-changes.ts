/** What was gained and what was forgotten, from the answers to the same images before and after. Pure. */

export interface ClassChange {
  readonly label: number;
  readonly count: number;
  /** Images that were right. */
  readonly before: number;
  readonly after: number;
  /** Images that have become right, and that have become wrong. */
  readonly gained: number;
  readonly lost: number;
}

/** By class number. */
export function compareClasses(
  labels: Uint8Array,
  before: Uint8Array,
  after: Uint8Array,
  classes: number,
): ClassChange[] {
  return Array.from({ length: classes }, (_, label) => {
    let [count, was, is, gained, lost] = [0, 0, 0, 0, 0];
    labels.forEach((truth, i) => {
      if (truth !== label) return;
      const [right, rightNow] = [before[i] === label, after[i] === label];
      count++;
      was += Number(right);
      is += Number(rightNow);
      gained += Number(!right && rightNow);
      lost += Number(right && !rightNow);
    });
    return { label, count, before: was, after: is, gained, lost };
  });
}

/** All classes as one. */
export function total(changes: readonly ClassChange[]): Omit<ClassChange, 'label'> {
  const sum = (of: (change: ClassChange) => number) => changes.reduce((all, each) => all + of(each), 0);
  return {
    count: sum(({ count }) => count),
    before: sum(({ before }) => before),
    after: sum(({ after }) => after),
    gained: sum(({ gained }) => gained),
    lost: sum(({ lost }) => lost),
  };
}
