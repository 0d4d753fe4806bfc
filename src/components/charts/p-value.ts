/** A p-value as one writes it: two digits, and no more zeros than anyone counts. */
export const formatP = (p: number): string =>
  p < 0.001 ? 'p < 0.001' : p >= 0.995 ? 'p = 1' : `p = ${Number(p.toPrecision(2))}`;
