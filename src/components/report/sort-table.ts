/** Sorts the classification report by a column: largest first, smallest first, and back to the report's order. */

const ORDERS = ['descending', 'ascending', 'none'] as const;

for (const table of document.querySelectorAll<HTMLTableElement>('.report-table table')) {
  const body = table.tBodies[0];
  if (!body) continue;
  const original = [...body.rows];
  const classes = original.filter((row) => !row.classList.contains('average'));
  const averages = original.filter((row) => row.classList.contains('average'));
  const headings = [...table.querySelectorAll<HTMLTableCellElement>('th[data-sort]')];

  for (const heading of headings) {
    heading.addEventListener('click', () => {
      const current = ORDERS.findIndex((order) => order === heading.ariaSort);
      const next = ORDERS[(current + 1) % ORDERS.length]!;
      for (const each of headings) each.removeAttribute('aria-sort');
      if (next !== 'none') heading.setAttribute('aria-sort', next);
      const value = (row: HTMLTableRowElement) => Number(row.cells[heading.cellIndex]?.dataset['value']);
      const sign = next === 'descending' ? -1 : 1;
      const rows = next === 'none' ? classes : classes.toSorted((a, b) => sign * (value(a) - value(b)));
      body.append(...rows, ...averages);
    });
  }
}
