/** Which part of a task a thread does. */
export interface Share {
  readonly part: number;
  readonly parts: number;
}

/** Every `parts`-th item, begun with the thread's own number. */
export function shareOf<Item>(items: readonly Item[], { part, parts }: Share): Item[] {
  return items.filter((_, index) => index % parts === part);
}

/** The thread's own range of a length, in whole cache lines. */
export function rangeOf(length: number, { part, parts }: Share): [begin: number, end: number] {
  const lines = Math.ceil(length / 16);
  const at = (index: number) => Math.min(length, Math.floor((lines * index) / parts) * 16);
  return [at(part), at(part + 1)];
}
