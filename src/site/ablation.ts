/** What each change to training or asking brought on the validation images, and what it costs. Pure. */
import type { AblationFigures, ChangeOutcome } from '../artifacts/ablation.ts';
import { mcNemar, type McNemar, pairedInterval } from '../evaluation/mcnemar.ts';
import { type Asked, type ChangeId, CHANGES } from '../training/ablation.ts';
import { viewsOf } from '../training/image-geometry.ts';
import { effectOf, type Trial } from './improvements.ts';
import type { PublishedRun } from './runs.ts';
import { sourcesOf, type TrainingTime, trainingTime } from './training-time.ts';

/** Networks asked in one way. */
export interface AskedFigures extends Asked {
  accuracy: number;
  /** Of the networks and all that they learned from. */
  training: TrainingTime;
  /** How many predictions the answer for one image takes. */
  predictions: number;
}

export interface AblationRow {
  id: ChangeId;
  kept: boolean;
  before: AskedFigures;
  after: AskedFigures;
  /** The 95 % interval of accuracy after less accuracy before, and whether it is more than chance. */
  difference: {
    interval: [low: number, high: number];
    mcNemar: McNemar;
    effect: Trial['effect'];
  };
}

/** @param runs all that are published, those that the figures are about among them */
export function ablationRows(
  { images, changes }: AblationFigures,
  runs: readonly PublishedRun[],
): AblationRow[] {
  const askedFigures = (asked: Asked, correct: number): AskedFigures => ({
    ...asked,
    accuracy: correct / images,
    training: trainingTime(
      sourcesOf(
        runs.filter(({ id }) => asked.members.includes(id)),
        runs,
      ),
    ),
    predictions: asked.members.length * viewsOf(asked).length,
  });
  return (Object.entries(changes) as [ChangeId, ChangeOutcome][]).map(([id, change]) => {
    const before = askedFigures(change.before, change.correctBefore);
    const after = askedFigures(change.after, change.correctAfter);
    const test = mcNemar(change.onlyBefore, change.onlyAfter);
    return {
      id,
      kept: CHANGES[id].kept,
      before,
      after,
      difference: {
        interval: pairedInterval(test, images),
        mcNemar: test,
        effect: effectOf(test),
      },
    };
  });
}
