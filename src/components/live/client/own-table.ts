import { classificationReport, scoreDifference, SCORES, type Scores } from '../../../evaluation/metrics.ts';
import { languageOf } from '../../../i18n/languages.ts';
import { offerOwnResult } from '../../charts/client/own-result.ts';
import { scoreCell } from '../../charts/score-cells.ts';

/** Lets Table 2, where the page has it, show what the reader has computed in place of the published values. */
export function mountOwnTable(): void {
  const frame = document.querySelector<HTMLElement>('.report-table');
  if (!frame) return;
  const lang = languageOf(frame.dataset['lang']);
  const low = Number(frame.dataset['low']);
  /** Every row with the markup of its cells as published. */
  const rows = [...frame.querySelectorAll('tbody tr')].map((row) => {
    const cells = [...row.querySelectorAll<HTMLElement>('.cell')];
    const printed = [...row.querySelectorAll('.own')].map(({ textContent }) => Number(textContent));
    return {
      scores: (row as HTMLElement).dataset['scores']!,
      cells: cells.map((cell) => ({
        cell,
        markup: cell.innerHTML,
        value: cell.parentElement!.dataset['value']!,
      })),
      printed: Object.fromEntries(SCORES.map((score, i) => [score, printed[i]!])) as unknown as Scores,
    };
  });
  offerOwnResult(frame.querySelector('.scroll')!, lang, (own) => {
    const report = own && classificationReport(own.matrix);
    for (const { scores, cells, printed } of rows) {
      const isAverage = scores === 'macro' || scores === 'weighted';
      cells.forEach(({ cell, markup, value }, i) => {
        const score = SCORES[i]!;
        const computed = report && (isAverage ? report[scores] : report.classes[Number(scores)]!)[score];
        const interval =
          own && !isAverage ? scoreDifference(printed, own.matrix, Number(scores), score) : null;
        cell.innerHTML =
          computed === null ? markup : scoreCell(printed[score], computed, interval, low, lang);
        // By which the columns sort.
        cell.parentElement!.dataset['value'] = computed === null ? value : String(computed);
      });
    }
  });
}
