/**
 * Measures what each change to training or asking brings on the validation images.
 * `npm run evaluate:ablation -- --help` explains the flags.
 */
import '../src/node/tune-allocator.ts';
import { join } from 'node:path';
import { ABLATION_FILE, parseAblation } from '../src/artifacts/ablation.ts';
import { activateBackend } from '../src/engines/node/choose.ts';
import { mcNemar } from '../src/evaluation/mcnemar.ts';
import { shown, writeAtomically } from '../src/node/files.ts';
import { alignColumns, percent } from '../src/node/terminal.ts';
import { measureChanges } from '../src/runs/ablation.ts';
import { jsonBytes } from '../src/runs/publish.ts';
import { MODELS } from '../src/runs/run-folders.ts';
import { type Asked, CHANGE_IDS } from '../src/training/ablation.ts';
import { backendFlags, runCommand, toggle } from './cli/command.ts';

const path = join(MODELS, ABLATION_FILE);

const flags = {
  write: toggle(`Write the figures to ${shown(path)}, from which the report's site takes them.`),
  ...backendFlags(),
};

const about = `Measures what each change of src/training/ablation.ts brings: the published networks before and after it classify the
validation images. The test set is not read.`;

/** `best-trial + best-attention-trial, mirrored, moved` */
const askedText = ({ members, flips, shift }: Asked): string =>
  members.join(' + ') + (flips ? ', mirrored' : '') + (shift ? ', moved' : '');

await runCommand({ name: 'evaluate:ablation', about, flags }, async ({ write = false, backend, threads }) => {
  const { name, device } = await activateBackend(backend ?? 'auto', { threads });
  const figures = parseAblation(
    'models',
    await measureChanges({ name, device }, (asked) => console.log(`${askedText(asked)} …`)),
  );
  const rows = CHANGE_IDS.map((id) => {
    const { before, after, ...counts } = figures.changes[id];
    return [
      askedText(after),
      percent(counts.correctAfter / figures.images, 2),
      askedText(before),
      percent(counts.correctBefore / figures.images, 2),
      `${counts.onlyAfter} : ${counts.onlyBefore}`,
      mcNemar(counts.onlyBefore, counts.onlyAfter).p.toPrecision(2),
    ];
  });
  const headings = ['Change', 'accuracy', 'against', 'accuracy', 'only right', 'McNemar p'];
  console.log(`\n${alignColumns([headings, ...rows], '<><>>>').join('\n')}`);
  if (write) {
    writeAtomically(path, jsonBytes(figures));
    console.log(`\n${shown(path)} written.`);
  }
  return 0;
});
