/**
 * Shows published networks the committed drawings and prints how many they know.
 * `npm run evaluate:drawings -- --help` explains the flags.
 */
import '../src/node/tune-allocator.ts';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DRAWINGS_FILE, type DrawingFigures, parseDrawingFigures } from '../src/artifacts/drawings.ts';
import { sha256 } from '../src/artifacts/hashes.ts';
import { readPredictions } from '../src/artifacts/run.ts';
import { SCHEMA_VERSION } from '../src/artifacts/schema.ts';
import { CLASS_COUNT } from '../src/data/classes.ts';
import { DRAWING_SETS, type DrawingSetName } from '../src/data/drawings/set.ts';
import { activateBackend } from '../src/engines/node/choose.ts';
import { drawingsFile, readDrawings } from '../src/data/node/drawings.ts';
import { countRejected } from '../src/evaluation/rejection.ts';
import { BACKEND_HELP, backendFlags, readBackend, THREADS_HELP } from './cli/backend-flags.ts';
import { UserError } from '../src/node/errors.ts';
import { runMain } from './cli/main.ts';
import { loadDataset } from '../src/runs/dataset.ts';
import { draw, judgeDrawings, type Sheet } from '../src/runs/drawings.ts';
import { figuresTable, type Judged, missedLines } from '../src/runs/drawings-table.ts';
import { writeAtomically } from '../src/node/files.ts';
import { oneOf, readFlags } from './cli/flags.ts';
import { MODELS, places, shown } from '../src/runs/places.ts';
import { folderReader } from '../src/runs/published.ts';
import { jsonBytes } from '../src/runs/publish.ts';
import { readSource, type Source } from '../src/runs/sources.ts';

const DEFAULT_SET: DrawingSetName = 'development';

const HELP = `Shows published networks the committed drawings (src/data/drawings) and prints how many they know.

  npm run evaluate:drawings                              the networks of the drawing page
  npm run evaluate:drawings -- baseline sketch           runs of public/models
  npm run evaluate:drawings -- ./runs/test               a run in another folder

  --set <name>       ${DRAWING_SETS.join(', ')}. Default: ${DEFAULT_SET}.
  --last-look        The same as --set last-look. These drawings are for finished networks: never choose or tune
                     by them.
  --missed           Names each drawing that is told wrongly or not answered.
  --write            Keeps the figures of the last look and the calibrated criterion as ${DRAWINGS_FILE} beside each
                     network, for the drawing page.
  --backend <name>   ${BACKEND_HELP} Default: auto.
  --threads <n>      ${THREADS_HELP}
  --help, -h         This text.

A network answers where its greatest probability reaches a threshold. That is calibrated each time, on validation
images, on drawings made of them and on made-up things that are no garment; never on the committed drawings.

Exit codes: 0 done, 2 wrong input or a broken file.`;

/** What stands on the drawing page, the first of each that is published. */
const OFFERED = [['baseline', 'preview'], ['sketch']] as const;

async function main(): Promise<number> {
  const { values, positionals } = readFlags('evaluate:drawings', process.argv.slice(2), {
    allowPositionals: true,
    options: {
      ...backendFlags,
      set: { type: 'string' },
      'last-look': { type: 'boolean' },
      missed: { type: 'boolean' },
      write: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const name = readSet(values.set, values['last-look'] ?? false);
  if (values.write && name !== 'last-look') {
    throw new UserError('The drawing page shows the figures of the last look: add --last-look to --write.');
  }
  const { backend: asked, threads } = readBackend(values);
  const sources = await readSources(positionals.length ? positionals : offered());
  const sheet = draw(await readDrawings(name));
  const backend = await activateBackend(asked ?? 'auto', { threads });

  const judged: Judged[] = [];
  for (const source of sources) judged.push(await judge(source, sheet));
  console.log(figuresTable(name, judged).join('\n'));
  if (values.missed) for (const each of judged) console.log(missedLines(each).join('\n'));
  if (!values.write) return 0;
  const set = { name, sha256: await sha256(new Uint8Array(await readFile(drawingsFile(name)))) };
  for (const { source, figures, test } of judged) {
    const { id } = source.metrics;
    const content = parseDrawingFigures(id, {
      schemaVersion: SCHEMA_VERSION,
      id,
      weights: source.hash,
      set,
      backend: { name: backend.name, device: backend.device },
      ...figures,
      test,
    } satisfies Omit<DrawingFigures, 'set'> & { set: object });
    const path = join(folderOf(source), DRAWINGS_FILE);
    writeAtomically(path, [jsonBytes(content)]);
    console.log(`${shown(path)} written.`);
  }
  return 0;
}

function readSet(set: string | undefined, lastLook: boolean): DrawingSetName {
  const name = oneOf('set', set, DRAWING_SETS);
  if (lastLook && name !== undefined && name !== 'last-look') {
    throw new UserError(`--last-look and --set ${name} contradict each other; leave one of them out.`);
  }
  return lastLook ? 'last-look' : (name ?? DEFAULT_SET);
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

async function readSources(names: readonly string[]): Promise<Source[]> {
  const sources: Source[] = [];
  for (const name of new Set(names)) sources.push(await readSource(name));
  return sources;
}

const folderOf = ({ name }: Source): string => places(name, undefined).output;

async function judge(source: Source, sheet: Sheet): Promise<Judged> {
  const { metrics } = source;
  const answered = await judgeDrawings(source, await loadDataset(metrics.data), sheet);
  const predictions = await readPredictions(metrics, folderReader(folderOf(source)));
  const rejected = countRejected(predictions, CLASS_COUNT, answered.figures.criterion);
  return { ...answered, source, test: { images: metrics.test.images, rejected } };
}

await runMain(main);
