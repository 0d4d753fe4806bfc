/**
 * Shows published networks icons, emoji and photographs, and prints how many they know.
 * `npm run evaluate:pictures -- --help` explains the flags.
 */
import '../src/node/tune-allocator.ts';
import {
  answer,
  missedPictures,
  picturesTable,
  showPhotographs,
  showSets,
} from '../bench/pictures/evaluation.ts';
import { installSets } from '../bench/pictures/renderings.ts';
import { activateBackend } from '../src/engines/node/choose.ts';
import { readSource } from '../src/runs/parent-runs.ts';
import { backendFlags, runCommand, toggle } from './cli/command.ts';

const flags = {
  missed: toggle('List each picture that is predicted wrongly.'),
  test: toggle('Make the photographs of test images: for finished networks, never to choose or tune by.'),
  ...backendFlags(),
};

const about = `Shows published networks the pictures of public icon and emoji sets (bench/pictures/names.ts), and photographs put
together from images of the dataset, and prints how many they classify correctly.

  npm run evaluate:pictures                              the network of the drawing page
  npm run evaluate:pictures -- baseline sketch           runs of public/models
  npm run evaluate:pictures -- ./runs/test               a run in another folder`;

const notes = `The sets are installed into bench/pictures the first time. The garment is found as on the drawing page
(src/drawing/found-garment.ts). No network is trained on these pictures, and no threshold calibrated on them.

Exit codes: 0 done, 2 wrong input or a broken file.`;

await runCommand(
  { name: 'evaluate:pictures', about, flags, notes, takesNames: true },
  async (options, names) => {
    const { missed, test, threads } = options;
    const sources = await Array.fromAsync(new Set(names.length ? names : ['sketch']), (id) => readSource(id));
    installSets(console.log);
    const pictures = [...(await showSets()), ...(await showPhotographs(test ? 'test' : 'validation'))];
    await activateBackend(options.backend ?? 'auto', { threads });
    const answers = await Array.fromAsync(sources, (source) => answer(source, pictures));
    console.log(picturesTable(pictures, answers).join('\n'));
    if (missed) for (const each of answers) console.log(missedPictures(pictures, each).join('\n'));
    return 0;
  },
);
