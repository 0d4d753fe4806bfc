/** `npm run data`: writes what the site shows of Fashion-MNIST. */
import { join } from 'node:path';
import { publishData } from '../src/data/node/published-data.ts';
import { splitTraining } from '../src/data/split.ts';
import { ensureWritableFolder, writeAtomically } from '../src/node/files.ts';
import { lessonDrawings } from '../src/runs/drawing-evaluation.ts';
import { loadDataset } from '../src/runs/dataset.ts';
import { runCommand, text } from './cli/command.ts';

const flags = { output: text('folder', 'Where to write. Default: public/data.') };

const about = `Writes what the site shows of Fashion-MNIST: the test images and their labels, the mean image of each class, examples
and a sample of training images, and what lessons are taught and measured on. The same dataset gives the same bytes each time.`;

const notes = `Fashion-MNIST is taken from FASHION_MNIST_DIR, the cache folder, the system's copy or the network, whichever has it
first.`;

await runCommand({ name: 'data', about, flags, notes }, async ({ output = 'public/data' }) => {
  ensureWritableFolder(output);
  const { files } = await publishData(
    await loadDataset('fashion-mnist'),
    splitTraining(),
    await lessonDrawings(),
  );
  let total = 0;
  // The manifest is the last of them: it never names a file that is not there yet.
  for (const [name, bytes] of files) {
    writeAtomically(join(output, name), bytes);
    total += bytes.length;
  }
  console.log(`${files.size} files, ${(total / 1e6).toFixed(1)} MB, in ${output}`);
  return 0;
});
