/** Picking: parts of a drawing that can be chosen and described in words; client/figures/picks.ts does it. */
import type { View } from '../../client/url-state.ts';
import { element, group } from './svg.ts';

export interface PicksData {
  picks: {
    key: string;
    sentence: string;
    /** How the figure that shows more of it is to be set; absent where none does. */
    view?: View;
  }[];
  /** How many are side by side: up and down move by as many. */
  columns: number;
  /** Key of the one that is described first. */
  first: string;
  /** Name of the choice in the address; `pick` by default. */
  parameter?: string;
}

/** The area in which a pointer picks a part, in user units. */
export interface Area {
  x: number;
  y: number;
  width: number;
  height: number;
}

export const pick = (key: string, { x, y, width, height }: Area, ...children: string[]): string =>
  group(
    { class: 'pick', 'data-pick': key },
    element('rect', { class: 'area', x, y, width, height }),
    ...children,
  );
