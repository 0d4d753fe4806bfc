import { COURSE_FILE } from './pytorch-run.ts';
import { DRAWINGS_FILE } from './drawings.ts';

/** Files that are made of a run later on, stand in its folder and are not named by its metrics. */
export const LATER_FILES: readonly string[] = [DRAWINGS_FILE, COURSE_FILE];
