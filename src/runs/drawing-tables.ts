/** The figures of networks on drawings as tables for the terminal. */
import type { Rejections, Tally } from '../artifacts/drawings.ts';
import classes from '../i18n/en/classes.ts';
import { type DrawingSetName, STYLES } from '../data/drawings/set.ts';
import type { Answered } from './drawing-evaluation.ts';
import type { Source } from './parent-runs.ts';
import { alignColumns } from '../node/terminal.ts';

export interface Judged extends Answered {
  source: Source;
  /** The test images. */
  test: Rejections;
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;

/** All figures, a column a network. */
export function figuresTable(name: DrawingSetName, judged: readonly Judged[]): string[] {
  const { drawings, ambiguous, others } = judged[0]!.figures;
  const row = (title: string, of: (each: Judged) => string): string[] => [title, ...judged.map(of)];
  const top1 = (title: string, of: (each: Judged) => Tally): string[] => {
    const { images } = of(judged[0]!);
    return row(`  ${title} (${images})`, (each) => percent(of(each).top1, images));
  };
  const rejected = (title: string, of: (each: Judged) => Rejections): string[] =>
    row(`  ${title}`, (each) => percent(of(each).rejected, of(each).images));
  const rows = [
    row('', ({ source }) => source.name),
    row('Test photographs, top-1', ({ source }) => percent(source.metrics.test.accuracy, 1)),
    row('Drawings, top-1', ({ figures }) => percent(figures.drawings.top1, figures.drawings.images)),
    row('Drawings, top-3', ({ figures }) => percent(figures.drawings.top3, figures.drawings.images)),
    row('Ambiguous drawings, top-1', ({ figures }) =>
      percent(figures.ambiguous.top1, figures.ambiguous.images),
    ),
    [''],
    row('Answers from a probability of', ({ figures }) => percent(figures.criterion.least, 1)),
    ['Rejected, and rightly so'],
    rejected('drawings of other things', ({ figures }) => figures.others),
    rejected('made-up other things', ({ figures }) => figures.calibration.others),
    ['Rejected wrongly'],
    rejected('drawings', ({ figures }) => figures.drawings),
    rejected('drawings made of validation photographs', ({ figures }) => figures.calibration.drawings),
    rejected('validation photographs', ({ figures }) => figures.calibration.photographs),
    rejected('test photographs', ({ test }) => test),
    [''],
    ['Top-1 by class'],
    ...classes.map(({ name }, label) => top1(name, ({ figures }) => figures.classes[label]!)),
    ['Top-1 by style'],
    ...STYLES.map((style) => top1(style, ({ figures }) => figures.styles[style]!)),
    ['Top-1 by hand'],
    ...(['neat', 'sloppy'] as const).map((hand) => top1(hand, ({ figures }) => figures.hands[hand])),
  ];
  return [
    `Set "${name}": ${drawings.images} drawings that can be told apart, ${ambiguous.images} that cannot, ${others.images} of other things`,
    '',
    ...alignColumns(rows, `<${'>'.repeat(judged.length)}`),
  ];
}

/** The drawings that a network tells wrongly or does not answer, a line each. */
export function missedLines({ source, missed }: Judged): string[] {
  const names = classes.map(({ name }) => name);
  const rows = missed.map(({ drawing, predicted, probability, rejected }) => [
    `  ${drawing.id}`,
    `${names[predicted]} ${percent(probability, 1)}`,
    rejected ? 'not answered' : '',
    drawing.styles.join(', '),
  ]);
  return ['', `Missed by ${source.name}: ${missed.length || 'none'}`, ...alignColumns(rows, '<')];
}
