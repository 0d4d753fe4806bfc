/**
 * Carries out the lessons of the teaching page and writes what came of them.
 * `npm run evaluate:lessons -- --help` explains the flags.
 */
import '../src/node/tune-allocator.ts';
import { join } from 'node:path';
import { LESSONS_FILE, parseLessonFigures, type LessonFigures } from '../src/artifacts/lessons.ts';
import { VERSIONS } from '../src/artifacts/schema.ts';
import { activateBackend } from '../src/engines/node/choose.ts';
import { UserError } from '../src/node/errors.ts';
import { shown, writeAtomically } from '../src/node/files.ts';
import { carryOut, lessonMaterial, SAMPLE } from '../src/runs/lesson-evaluation.ts';
import { readSource } from '../src/runs/parent-runs.ts';
import { jsonBytes } from '../src/runs/publish.ts';
import { MODELS } from '../src/runs/run-folders.ts';
import { isLesson, LESSON_NAMES, LESSONS, runsOf } from '../src/training/lessons.ts';
import { backendFlags, runCommand, text, toggle, whole } from './cli/command.ts';

const RUN = 'baseline';

const flags = {
  seeds: whole(1, 20, 'With how many seeds each. Default: 3.'),
  choose: toggle(
    'Measure on validation images and drawings kept aside for choosing settings; nothing is written.',
  ),
  settings: text('JSON', 'Try these settings: \'{"epochs":6}\'. Needs --choose.'),
  ...backendFlags(),
};

const about = `Carries out the lessons of the teaching page as it does and writes what came of them to ${shown(join(MODELS, LESSONS_FILE))}.

  npm run evaluate:lessons                               all, with three seeds
  npm run evaluate:lessons -- --choose trade scratch     some, on what settings are chosen by`;

const command = { name: 'evaluate:lessons', about, flags, takesNames: true };

await runCommand(command, async ({ seeds = 3, choose = false, settings, backend, threads }, names) => {
  const unknown = names.find((name) => !isLesson(name));
  if (unknown !== undefined)
    throw new UserError(`There is no lesson "${unknown}"; known are ${LESSON_NAMES.join(', ')}.`);
  if (!choose && (names.length || settings !== undefined))
    throw new UserError('Only all lessons, with their own settings, are written: add --choose to try some.');
  const source = await readSource(RUN);
  const { name, device } = await activateBackend(backend ?? 'auto', { threads });
  const material = await lessonMaterial(choose);
  const lessons = {} as LessonFigures['lessons'];
  for (const task of names.length ? names.filter(isLesson) : LESSON_NAMES) {
    lessons[task] = [];
    const chosen = { ...LESSONS[task].settings, ...(JSON.parse(settings ?? '{}') as object) };
    for (const choices of runsOf({ task, ...chosen })) {
      const outcomes = [];
      for (let seed = 1; seed <= seeds; seed++) {
        const outcome = await carryOut(source, choices, material, seed);
        outcomes.push(outcome);
        const [before, after, sampleBefore, sampleAfter] = [
          outcome.before,
          outcome.after,
          outcome.sampleBefore,
          outcome.sampleAfter,
        ].map((points) => points.toFixed(1));
        console.log(
          `${task.padEnd(8)} replay ${choices.replay}  seed ${seed}  ${before} → ${after}  test sample ${sampleBefore} → ${sampleAfter}  ${outcome.seconds} s`,
        );
      }
      lessons[task].push({ settings: { ...chosen, replay: choices.replay }, outcomes });
    }
  }
  if (choose) return 0;
  const path = join(MODELS, LESSONS_FILE);
  const figures = {
    schemaVersion: VERSIONS.lessons,
    run: RUN,
    weights: source.hash,
    backend: { name, device },
    sample: SAMPLE,
    lessons,
  };
  writeAtomically(path, jsonBytes(parseLessonFigures('models', figures)));
  console.log(`${shown(path)} written.`);
  return 0;
});
