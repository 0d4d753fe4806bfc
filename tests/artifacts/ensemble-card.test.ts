import { expect, it } from 'vitest';
import { modelCard } from '../../src/artifacts/card.ts';
import { parseEnsemble, type EnsembleMetrics } from '../../src/artifacts/ensemble.ts';
import { metrics } from './examples.ts';

function ensemble(ids: string[], changes: Partial<EnsembleMetrics> = {}): EnsembleMetrics {
  const { schemaVersion, data, backend, machine, versions, source, finishedAt, ...run } = metrics();
  return parseEnsemble('together', {
    ...{ kind: 'ensemble', id: 'together', preset: 'together', variation: 'none', flips: false },
    ...{ schemaVersion, data, backend, machine, versions, source, finishedAt, trainingSeconds: 7200 },
    ...{ parameterCount: run.parameterCount, validation: run.validation, test: run.test, report: run.report },
    ...{ testSetReads: ids.length, files: {}, members: ids.map((id) => ({ id, weights: 'a'.repeat(64) })) },
    ...changes,
  });
}

/** A card's sections by their headings. */
const sections = (card: string): Map<string, string> =>
  new Map(card.split(/^## /m).map((text) => [text.split('\n', 1)[0]!, text]));

it('of an ensemble has the sections of a network’s, but for the recipe', () => {
  const [own, network] = [sections(modelCard(ensemble(['one', 'two']))), sections(modelCard(metrics()))];
  expect([...own.keys()].slice(1)).toEqual(['Data', 'Networks', 'Results', 'Use and limits', 'Licence']);
  const upTo = (text: string, end: string): string => text.slice(0, text.indexOf(end));
  const from = (text: string, start: string): string => text.slice(text.indexOf(start));
  expect(upTo(own.get('Data')!, '\nThe test')).toBe(upTo(network.get('Data')!, '\nThe test'));
  const limits = 'Garments must be shown';
  expect(from(own.get('Use and limits')!, limits)).toBe(from(network.get('Use and limits')!, limits));
  expect(own.get('Licence')).toBe(network.get('Licence'));
});

it('of an ensemble says what it was made of, where, and from which commit', () => {
  const card = modelCard(ensemble(['one', 'two']));
  expect(card).toContain('the mean of the probabilities that 2 networks give for an image.');
  expect(card).toContain('a network 2 times for it');
  expect(card).toContain('- one\n- two\n');
  expect(card).toContain(
    `computed on Some CPU with the tfjs backend "onnxruntime", from commit\n${'a'.repeat(40)}.`,
  );
  expect(card).not.toContain('Made-up');
});

it('of one network, of mirror images, of made-up images, of a changed checkout: says so', () => {
  const card = modelCard(
    ensemble(['one'], {
      ...{ flips: true, shift: 1, data: 'synthetic', validation: null, testSetReads: 2 },
      source: { commit: null, dirty: true },
    }),
  );
  expect(card).toContain(
    'that one network gives for an image and for its mirror image, each also moved by 1 pixel in four directions.',
  );
  expect(card).toContain('**Made-up images, only for trying out the program**');
  expect(card).toContain('All of the training images were trained on.');
  expect(card).toContain('as described in its own card.');
  expect(card).toContain('from commit\nunknown with uncommitted changes.');
  expect(card).toContain('run the network named above on an image and its mirror image');
});
