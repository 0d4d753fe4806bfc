import { expect, it } from 'vitest';
import { cardFiles, cardWords, modelCard } from '../../src/artifacts/card.ts';
import { parseEnsemble, type EnsembleMetrics } from '../../src/artifacts/ensemble.ts';
import { metrics } from './examples.ts';

const [english, chinese] = await Promise.all([cardWords('en'), cardWords('zh')]);

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
  const [own, network] = [
    sections(modelCard(ensemble(['one', 'two']), english)),
    sections(modelCard(metrics(), english)),
  ];
  expect([...own.keys()].slice(1)).toEqual(['Data', 'Networks', 'Results', 'Use and limits', 'Licence']);
  const upTo = (text: string, end: string): string => text.slice(0, text.indexOf(end));
  const from = (text: string, start: string): string => text.slice(text.indexOf(start));
  expect(upTo(own.get('Data')!, ' The test')).toBe(upTo(network.get('Data')!, ' The test'));
  const limits = 'Garments must be shown';
  expect(from(own.get('Use and limits')!, limits)).toBe(from(network.get('Use and limits')!, limits));
  expect(own.get('Licence')).toBe(network.get('Licence'));
});

it('of an ensemble says what it was made of, where, and from which commit', () => {
  const card = modelCard(ensemble(['one', 'two']), english);
  expect(card).toContain('the mean of the probabilities that 2 networks give for an image.');
  expect(card).toContain('a network 2 times for it');
  expect(card).toContain('- one\n- two\n');
  expect(card).toContain(
    `computed on Some CPU with the tfjs backend "onnxruntime", from commit ${'a'.repeat(40)}.`,
  );
  expect(card).not.toContain('Made-up');
});

it('of one network, of mirror images, of made-up images, of a changed checkout: says so', () => {
  const card = modelCard(
    ensemble(['one'], {
      ...{ flips: true, shift: 1, data: 'synthetic', validation: null, testSetReads: 2 },
      source: { commit: null, dirty: true },
    }),
    english,
  );
  expect(card).toContain(
    'that one network gives for an image and for its mirror image, each also moved by 1 pixel in four directions.',
  );
  expect(card).toContain('**Made-up images, only for trying out the program**');
  expect(card).toContain('All of the training images were trained on.');
  expect(card).toContain('as described in its own card.');
  expect(card).toContain('from commit unknown with uncommitted changes.');
  expect(card).toContain('run the network named above for an image and for its mirror image, each');
});

/** A card's paragraphs and tables. */
const parts = (card: string): string[] => card.split('\n\n');
/** The numbers of each table. */
const figures = (card: string) =>
  parts(card)
    .filter((part) => part.startsWith('|'))
    .map((table) => table.match(/\d+(\.\d+)?/g));

it.each([
  ['a network', metrics()],
  ['an ensemble', ensemble(['one', 'two'], { flips: true, shift: 2 })],
])('of %s says the same in Chinese, part by part and figure by figure', (_, of) => {
  const [zh, en] = [modelCard(of, chinese), modelCard(of, english)];
  expect(parts(zh)).toHaveLength(parts(en).length);
  expect(figures(zh)).toEqual(figures(en));
  expect(zh).not.toMatch(/\{\w+\}/);
  expect(zh).toContain('T恤 <span lang="en">T-shirt/top</span>');
  expect(en).toContain('T-shirt/top <span lang="zh-CN">T恤</span>');
  const whole = Object.values(english.card).filter((text) => /^[^{]{16,}$/.test(String(text)));
  expect(whole.filter((text) => zh.includes(String(text)))).toEqual([]);
});

it('is a file per language; they link each other, and the English one begins with what the hub reads', async () => {
  const files = await cardFiles(metrics());
  const [en, zh] = ['card.md', 'card.zh.md'].map((name) => new TextDecoder().decode(files[name]));
  expect(en).toMatch(/^---\nlicense: mit\n.*?\n---\n\n\[中文\]\(card\.zh\.md\)\n\n# Model card: /s);
  expect(zh).toMatch(/^\[English\]\(card\.md\)\n\n# 模型卡：/);
});

it('says how far the accuracy is from the report’s, with an interval of the difference', () => {
  const { test, ...other } = metrics();
  const card = modelCard({ ...other, test: { ...test, accuracy: 0.9422, correct: 9422 } }, english);
  expect(card).toContain(
    'The report states 93.72% on the same images, a difference of +0.50 points (95 % interval −0.16 to +1.16).',
  );
  expect(modelCard(ensemble(['one'], { data: 'synthetic' }), english)).not.toContain('The report states');
});
