/** Tables for the terminal. */

/**
 * Rows of texts as lines, each column as wide as its widest text, two spaces between them.
 * @param align for each column, `<` or `>`; columns behind its end are aligned left
 * @example alignColumns([['a', '1'], ['bc', '10']], '<>') // ['a    1', 'bc  10']
 */
export function alignColumns(rows: readonly (readonly string[])[], align: string): string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((text, column) =>
        align[column] === '>' ? text.padStart(widths[column]!) : text.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd(),
  );
}
