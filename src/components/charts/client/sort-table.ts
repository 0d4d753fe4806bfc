/** Sorts a table by a column: largest first, smallest first, and back to the order in which it was served. */
import { oneOf, readView, writeView } from '../../../client/url-state.ts';

const ORDERS = ['descending', 'ascending', 'none'] as const;
type Order = (typeof ORDERS)[number];

for (const frame of document.querySelectorAll<HTMLElement>('.report-table, .run-table')) {
  const body = frame.querySelector('tbody');
  if (!body) continue;
  const rows = [...body.rows];
  const classes = rows.filter((row) => !row.classList.contains('average'));
  const averages = rows.filter((row) => row.classList.contains('average'));
  const headings = [...frame.querySelectorAll<HTMLTableCellElement>('th[data-sort]')];
  const orderOf = (heading: HTMLElement): Order =>
    oneOf(heading.getAttribute('aria-sort') ?? undefined, ORDERS, 'none');

  function sort(heading: HTMLTableCellElement, order: Order): void {
    for (const each of headings) each.removeAttribute('aria-sort');
    if (order !== 'none') heading.setAttribute('aria-sort', order);
    const value = (row: HTMLTableRowElement) => Number(row.cells[heading.cellIndex]?.dataset['value']);
    const sign = order === 'descending' ? -1 : 1;
    const sorted = order === 'none' ? classes : [...classes].sort((a, b) => sign * (value(a) - value(b)));
    body!.append(...sorted, ...averages);
  }

  for (const heading of headings) {
    heading.addEventListener('click', () => {
      const order = ORDERS[(ORDERS.indexOf(orderOf(heading)) + 1) % ORDERS.length]!;
      sort(heading, order);
      writeView(frame.id, {
        sort: order === 'none' ? undefined : heading.dataset['sort'],
        order: order === 'ascending' ? order : undefined,
      });
    });
  }
  const asked = readView(frame.id);
  const heading = headings.find(({ dataset }) => dataset['sort'] === asked['sort']);
  if (heading) sort(heading, oneOf(asked['order'], ['descending', 'ascending'], 'descending'));
}
