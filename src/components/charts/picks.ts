/** Parts of a drawing that can be chosen and are told in words; interactive/picks.ts brings them to life. */
import { element, group } from './svg.ts';
import type { View } from '../../client/url-state.ts';

export interface PicksData {
  picks: {
    key: string;
    /** What it is, in words. */
    sentence: string;
    /** How the figure that has more of it is to show it. */
    view: View;
  }[];
  /** How many stand side by side: up and down go by as many. */
  columns: number;
  /** Key of the one that is told first. */
  first: string;
  /** Anchor of the figure that has more. */
  target: string;
}

/** The area that answers to a pointer, in user units. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A part of a drawing that can be chosen. */
export const pick = (key: string, { x, y, width, height }: Area, ...children: string[]): string =>
  group(
    { class: 'pick', 'data-pick': key },
    element('rect', { class: 'area', x, y, width, height }),
    ...children,
  );
