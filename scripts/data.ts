/** `npm run data`: writes what the site shows of Fashion-MNIST to `public/data/`. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { publishData } from '../src/data/node/publish.ts';
import { splitTraining } from '../src/data/split.ts';
import { UserError } from '../src/node/errors.ts';
import { runMain } from './cli/main.ts';
import { loadDataset } from '../src/runs/dataset.ts';
import { ensureWritableFolder, writeAtomically } from '../src/node/files.ts';

const HELP = `npm run data [-- --output FOLDER]

Writes the test images, their labels, the classes' mean images, examples and a sample of
training images as the site uses them. The same dataset gives the same bytes each time.

  --output FOLDER   where to write (public/data)
  --help            this text

Fashion-MNIST is taken from FASHION_MNIST_DIR, the cache folder, the system's copy or the
network, whichever has it first.`;

function parseFlags(): { output: string; help: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        output: { type: 'string', default: 'public/data' },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`${reason.replace(/\.? To specify.*$/s, '')}. See npm run data -- --help.`);
  }
}

async function main(): Promise<number> {
  const { output, help } = parseFlags();
  if (help) {
    console.log(HELP);
    return 0;
  }
  ensureWritableFolder(output);
  const { files } = await publishData(await loadDataset('fashion-mnist'), splitTraining());
  // The manifest is the last of them: it never names a file that is not there yet.
  let total = 0;
  for (const [name, bytes] of files) {
    writeAtomically(join(output, name), [bytes]);
    total += bytes.length;
  }
  console.log(`${files.size} files, ${(total / 1e6).toFixed(1)} MB, in ${output}`);
  return 0;
}

await runMain(main);
