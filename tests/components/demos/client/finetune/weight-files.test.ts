import { expect, it, vi } from 'vitest';
import {
  downloadNetwork,
  readNetwork,
} from '../../../../../src/components/demos/client/finetune/weight-files.ts';
import { addOutputs, initialise } from '../../../../../src/network/initialise.ts';
import { type Architecture, type Weights, withOutputs } from '../../../../../src/network/architecture.ts';

const saved = vi.hoisted(() => new Map<string, Blob>());
vi.mock('../../../../../src/client/files.ts', () => ({
  saveFile: (name: string, content: Blob) => saved.set(name, content),
}));

const ten: Architecture = {
  inputShape: [28, 28, 1],
  layers: [{ type: 'flatten' }, { type: 'dense', name: 'dense1', units: 10 }],
};
const eleven = withOutputs(ten, 11);
const names = Array.from({ length: 10 }, (_, label) => `class ${label}`);

/** Both files of a download, under the names that a browser gives them. */
async function downloaded(
  weights: Weights,
  architecture = ten,
  classes = names,
  rename = (name: string) => name,
) {
  await downloadNetwork(architecture, weights, classes);
  return ['model.json', 'weights.bin'].map((name) => new File([saved.get(name)!], rename(name)));
}
const again = (name: string) => name.replace('.', ' (1).');
const first = initialise(ten, 1);
const second = initialise(ten, 2);

it('knows a pair by its contents, whatever the browser called the files', async () => {
  const files = [...(await downloaded(first)), ...(await downloaded(second, ten, names, again))];
  expect((await readNetwork(ten, files.slice(2))).weights).toEqual(second);
  expect((await readNetwork(ten, [files[2]!, files[1]!, files[3]!])).weights).toEqual(second);
  expect(
    (await readNetwork(ten, [new File([files[0]!], 'a.txt'), new File([files[1]!], 'b')])).weights,
  ).toEqual(first);
});

it('refuses the weights of another download', async () => {
  const [, old] = await downloaded(first);
  const [topology] = await downloaded(second, ten, names, again);
  await expect(readNetwork(ten, [topology!, old!])).rejects.toMatchObject({
    key: 'uploadNoPair',
    values: { file: 'weights.bin', topology: 'model (1).json' },
  });
});

it('reads eleven classes with the name of the last, and no more than these', async () => {
  const wide = addOutputs(eleven, first, 3);
  const files = await downloaded(wide, eleven, [...names, 'Hat']);
  expect(await readNetwork(ten, files)).toEqual({ weights: wide, className: 'Hat' });
  const twelve = withOutputs(ten, 12);
  const more = await downloaded(addOutputs(twelve, first, 3), twelve);
  await expect(readNetwork(ten, more)).rejects.toMatchObject({ key: 'uploadOutputs', values: { count: 12 } });
});
