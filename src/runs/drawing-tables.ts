/** The figures of networks on drawings as tables for the terminal. */
import type { Rejections, Tally } from '../artifacts/drawings.ts';
import { classes } from '../i18n/en/site.ts';
import { type DrawingSetName, STYLES } from '../data/drawings/set.ts';
import type { EvaluatedNetwork } from './drawing-evaluation.ts';
import { alignColumns, percent } from '../node/terminal.ts';

const share = (part: number, whole: number): string => (whole === 0 ? '–' : percent(part / whole));

export function figuresTable(name: DrawingSetName, evaluated: readonly EvaluatedNetwork[]): string[] {
  const { drawings, ambiguous, others } = evaluated[0]!.figures;
  const row = (title: string, of: (each: EvaluatedNetwork) => string): string[] => [
    title,
    ...evaluated.map(of),
  ];
  const top1 = (title: string, of: (each: EvaluatedNetwork) => Tally): string[] => {
    const { images } = of(evaluated[0]!);
    return row(`  ${title} (${images})`, (each) => share(of(each).top1, images));
  };
  const rejected = (title: string, of: (each: EvaluatedNetwork) => Rejections): string[] =>
    row(`  ${title}`, (each) => share(of(each).rejected, of(each).images));
  const rows = [
    row('', ({ source }) => source.name),
    row('Test photographs, top-1', ({ source }) => percent(source.metrics.test.accuracy)),
    row('Drawings, top-1', ({ figures }) => share(figures.drawings.top1, figures.drawings.images)),
    row('Drawings, top-3', ({ figures }) => share(figures.drawings.top3, figures.drawings.images)),
    row('Ambiguous drawings, top-1', ({ figures }) =>
      share(figures.ambiguous.top1, figures.ambiguous.images),
    ),
    [''],
    row('Answers from a probability of', ({ figures }) => percent(figures.criterion.least)),
    ['Rejected, and rightly so'],
    rejected('drawings of other things', ({ figures }) => figures.others),
    rejected('made-up other things', ({ figures }) => figures.calibration.others),
    ['Rejected wrongly'],
    rejected('drawings', ({ figures }) => figures.drawings),
    rejected('drawings made of validation photographs', ({ figures }) => figures.calibration.drawings),
    rejected('validation photographs', ({ figures }) => figures.calibration.photographs),
    rejected('test photographs', ({ figures }) => figures.test),
    [''],
    ['Top-1 by class'],
    ...classes.map(({ name }, label) => top1(name, ({ figures }) => figures.classes[label]!)),
    ['Top-1 by style'],
    ...STYLES.map((style) => top1(style, ({ figures }) => figures.styles[style]!)),
    ['Top-1 by hand'],
    ...(['neat', 'sloppy'] as const).map((hand) => top1(hand, ({ figures }) => figures.hands[hand])),
  ];
  return [
    `Set "${name}": ${drawings.images} unambiguous drawings, ${ambiguous.images} ambiguous ones, ${others.images} of other things`,
    '',
    ...alignColumns(rows, `<${'>'.repeat(evaluated.length)}`),
  ];
}

/** The drawings that a network classifies wrongly or rejects, one line each. */
export function missedLines({ source, missed }: EvaluatedNetwork): string[] {
  const names = classes.map(({ name }) => name);
  const rows = missed.map(({ drawing, predicted, probability, rejected }) => [
    `  ${drawing.id}`,
    `${names[predicted]} ${percent(probability)}`,
    rejected ? 'rejected' : '',
    drawing.styles.join(', '),
  ]);
  return ['', `Missed by ${source.name}: ${missed.length || 'none'}`, ...alignColumns(rows, '<')];
}
