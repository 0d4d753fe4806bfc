/**
 * Shows published networks the committed drawings and prints how many they know.
 * `npm run evaluate:drawings -- --help` explains the flags.
 */
import '../src/node/tune-allocator.ts';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DrawingFigures, parseDrawingFigures } from '../src/artifacts/drawings.ts';
import { DRAWINGS_FILE } from '../src/artifacts/run.ts';
import { sha256 } from '../src/math/arrays.ts';
import { VERSIONS } from '../src/artifacts/schema.ts';
import { DRAWING_SETS, type DrawingSetName } from '../src/data/drawings/set.ts';
import { activateBackend } from '../src/engines/node/choose.ts';
import { drawingsFile, readDrawings } from '../src/runs/dataset.ts';
import { UserError } from '../src/node/errors.ts';
import { renderDrawings, evaluateDrawings } from '../src/runs/drawing-evaluation.ts';
import { figuresTable, missedLines } from '../src/runs/drawing-tables.ts';
import { shown, writeAtomically } from '../src/node/files.ts';
import { backendFlags, oneOf, runCommand, toggle } from './cli/command.ts';
import { MODELS } from '../src/runs/run-folders.ts';
import { jsonBytes } from '../src/runs/publish.ts';
import { readSource } from '../src/runs/parent-runs.ts';

/** Hats are of a class that published networks do not have. */
const SETS = DRAWING_SETS.filter((name) => name !== 'hats');
const DEFAULT_SET: DrawingSetName = 'development';

/** The networks of the drawing page, the first of each that is published. */
const OFFERED = [['baseline', 'preview'], ['sketch']] as const;

const flags = {
  set: oneOf(SETS, `${SETS.join(', ')}. Default: ${DEFAULT_SET}.`),
  lastLook: toggle(
    'The same as --set last-look. These drawings are for finished networks: never choose or tune by them.',
  ),
  missed: toggle('List each drawing that is predicted wrongly or rejected.'),
  write: toggle(
    `Keep the figures of the last look and the calibrated threshold as ${DRAWINGS_FILE} beside each network, for the drawing page.`,
  ),
  ...backendFlags(),
};

const about = `Shows published networks the committed drawings (src/data/drawings) and prints how many they classify correctly.

  npm run evaluate:drawings                              the networks of the drawing page
  npm run evaluate:drawings -- baseline sketch           runs of public/models
  npm run evaluate:drawings -- ./runs/test               a run in another folder`;

const notes = `A network answers where its greatest probability reaches a threshold. That is calibrated each time, on validation
images, on drawings made of them and on made-up things that are no garment; never on the committed drawings.

Exit codes: 0 done, 2 wrong input or a broken file.`;

const command = { name: 'evaluate:drawings', about, flags, notes, takesNames: true };

await runCommand(command, async (options, names) => {
  const { threads, missed, write } = options;
  const name = chosenSet(options.set, options.lastLook);
  if (write && name !== 'last-look') {
    throw new UserError('The drawing page shows the figures of the last look: add --last-look to --write.');
  }
  const sources = await Array.fromAsync(new Set(names.length ? names : offered()), (id) => readSource(id));
  const rendered = renderDrawings(await readDrawings(name));
  const backend = await activateBackend(options.backend ?? 'auto', { threads });

  const evaluated = await Array.fromAsync(sources, (source) => evaluateDrawings(source, rendered));
  console.log(figuresTable(name, evaluated).join('\n'));
  if (missed) for (const each of evaluated) console.log(missedLines(each).join('\n'));
  if (!write) return 0;
  const set = { name, sha256: await sha256(new Uint8Array(await readFile(drawingsFile(name)))) };
  for (const { source, figures } of evaluated) {
    const { id } = source.metrics;
    const content = parseDrawingFigures(id, {
      schemaVersion: VERSIONS.drawings,
      id,
      weights: source.hash,
      set,
      backend: { name: backend.name, device: backend.device },
      ...figures,
    } satisfies Omit<DrawingFigures, 'set'> & { set: object });
    const path = join(source.folder, DRAWINGS_FILE);
    writeAtomically(path, jsonBytes(content));
    console.log(`${shown(path)} written.`);
  }
  return 0;
});

function chosenSet(set: DrawingSetName | undefined, lastLook = false): DrawingSetName {
  if (lastLook && set !== undefined && set !== 'last-look') {
    throw new UserError(`--last-look and --set ${set} contradict each other; leave one of them out.`);
  }
  return lastLook ? 'last-look' : (set ?? DEFAULT_SET);
}

/** @throws UserError when none is published */
function offered(): string[] {
  const ids = OFFERED.flatMap((names) => names.find((id) => existsSync(join(MODELS, id))) ?? []);
  if (!ids.length) {
    throw new UserError(
      `None of ${OFFERED.flat().join(', ')} is published in ${shown(MODELS)}; name the runs to show the drawings to.`,
    );
  }
  return ids;
}
