import type { ReportedPoint } from '../charts/curves.ts';
import { epochValues } from '../../site/quantities.ts';

/** The points of Figure 2 that the report's text and log pin down. */
export const reportedPoints = (): ReportedPoint[] =>
  epochValues().map(({ epoch, key, value, about }) => ({ epoch, measure: key, value, about }));
