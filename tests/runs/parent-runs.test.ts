import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { splitOf, syntheticDataset } from '../../src/runs/dataset.ts';
import { answerTogether, planEnsemble, readMembers } from '../../src/runs/ensemble.ts';
import type { Plan } from '../../src/runs/plan.ts';
import { makeIndex } from '../../src/runs/publish.ts';
import { folderReader } from '../../src/node/files.ts';
import { loadRecord } from '../../src/runs/checkpoint.ts';
import { checkSameSources, readSource, readSources, teach, teacherOf } from '../../src/runs/parent-runs.ts';
import { parseFlags } from '../../scripts/cli/command.ts';
import { trainCommand, trainOptions } from '../../scripts/cli/train-options.ts';
import { readEnsemble } from '../../src/artifacts/ensemble.ts';
import { sha256 } from '../../src/math/arrays.ts';
import { writeLayersModel } from '../../src/artifacts/layers-model.ts';
import { readMetrics } from '../../src/artifacts/run.ts';
import type { Metrics } from '../../src/artifacts/schema.ts';
import { activateBackend } from '../../src/engines/node/choose.ts';
import { classify } from '../../src/network/classify.ts';
import { FoldedNetwork } from '../../src/network/fold.ts';
import { initialise } from '../../src/network/initialise.ts';
import { gatherImages, normaliseBytes, PIXEL_DEVIATION, PIXEL_MEAN } from '../../src/network/preprocess.ts';
import { presets } from '../../src/training/presets.ts';
import type { Recipe } from '../../src/training/recipe-schema.ts';
import { bench, TINY } from '../scripts/cli.ts';

const { folder, run } = bench();
const path = (name: string): string => join(folder, name);
const train = (...args: string[]): ReturnType<typeof run> => run('train', ...TINY, ...args);
const plan = (changes: Partial<Recipe> = {}): Plan => ({
  preset: 'smoke',
  recipe: { ...presets['smoke']!.recipe, ...changes },
  data: 'synthetic',
});

/** Publishes a run as another that its metrics describe otherwise. */
async function copyAs(
  name: string,
  change: (metrics: Metrics) => void | Record<string, Uint8Array<ArrayBuffer>>,
): Promise<string> {
  cpSync(path('one'), path(name), { recursive: true });
  const metrics = JSON.parse(readFileSync(join(path('one'), 'metrics.json'), 'utf8')) as Metrics;
  metrics.id = name;
  for (const [file, bytes] of Object.entries(change(metrics) ?? {})) {
    writeFileSync(join(path(name), file), bytes);
    metrics.files[file] = { bytes: bytes.byteLength, sha256: await sha256(bytes) };
  }
  writeFileSync(join(path(name), 'metrics.json'), JSON.stringify(metrics));
  return path(name);
}

const bytesOf = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));

/** A run like the first, of a network that knows fewer classes. */
const fewerClasses = (): Promise<string> =>
  copyAs('fewer', (metrics) => {
    const { architecture } = presets['smoke']!.recipe;
    const smaller = {
      ...architecture,
      layers: architecture.layers.map((layer) =>
        layer.type === 'dense' && layer.units === 10 ? { ...layer, units: 5 } : layer,
      ),
    };
    const options = { mean: PIXEL_MEAN, deviation: PIXEL_DEVIATION } as const;
    const { json, bytes } = writeLayersModel(smaller, initialise(smaller, 1), {
      ...options,
      kernels: 'float16',
      weightsFile: 'weights.bin',
    });
    metrics.recipe.architecture = smaller as Metrics['recipe']['architecture'];
    return { 'model.json': bytesOf(json), 'weights.bin': bytes };
  });

beforeAll(async () => {
  for (const [name, seed] of [
    ['one', '1'],
    ['two', '2'],
  ] as const) {
    expect(await train('--output', `./${name}`, '--seed', seed)).toMatchObject({ code: 0, error: '' });
  }
  await activateBackend('cpu');
});

describe('a run that begins with another’s weights', () => {
  it('does so, says so, and keeps their hash', async () => {
    const { code, out, error } = await train('--output', './warm', '--from', './one', '--seed', '3');
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toContain('begins with the weights of ./one');
    const one = await readMetrics('one', folderReader(path('one')));
    const warm = await readMetrics('warm', folderReader(path('warm')));
    expect(warm.sources).toEqual({ './one': one.files['weights.bin']!.sha256 });
    expect(warm.recipe['from']).toBe('./one');
    // The first batch, of the same images as a cold run's, is answered better than chance.
    const cold = await train('--output', './cold', '--seed', '3');
    const firstLoss = (text: string): number => Number(/Batch 0\/4 \| Loss: ([\d.]+)/.exec(text)![1]);
    expect(firstLoss(out)).toBeLessThan(firstLoss(cold.out));
    const resumed = await run('train', '--output', './warm', '--resume');
    expect(resumed).toMatchObject({ code: 0 });
  });

  it('is refused where there is none, or another network', async () => {
    const refused = async (message: RegExp, ...args: string[]): Promise<void> => {
      const { code, error } = await run('train', ...args);
      expect({ code, error }).toEqual({ code: 2, error: expect.stringMatching(message) as string });
    };
    await refused(/^There is no run "nowhere" .*\.\n$/, ...[...TINY, '--output', './w', '--from', 'nowhere']);
    const other = ['--preset', 'report', '--data', 'synthetic', '--backend', 'cpu', '--output', './w'];
    await refused(/^"\.\/one" has another network than this run/, ...other, '--from', './one');
    await refused(
      /^"\.\/one" was trained on synthetic, this run is to be on fashion-mnist/,
      ...['--preset', 'smoke', '--output', './w', '--from', './one'],
    );
    expect(existsSync(path('w'))).toBe(false);
    expect(loadRecord(path('w.state'))).toBeNull();
  });

  it('is refused where that one has seen the validation images, unless they are not needed', async () => {
    const all = await train('--output', './all', '--all-images');
    expect(all.code).toBe(2);
    expect(all.error).toContain('A run on all images cannot be limited');
    const seen = await copyAs('seen', (metrics) => void (metrics.validation = null));
    await expect(readSources(plan({ from: seen }))).rejects.toThrow(/was trained on the validation images/);
    expect((await readSources(plan({ from: seen, allImages: true, limit: null }))).size).toBe(1);
  });
});

describe('teachers', () => {
  const { train: data, ...rest } = syntheticDataset();
  const indices = Array.from(splitOf({ train: data, ...rest }, 64).train);

  it('say the mean of their probabilities, of the images that are asked about, once', async () => {
    const sources = await readSources(
      plan({ distillation: { teachers: [path('one'), path('two')], weight: 0.5 } }),
    );
    expect([...sources.keys()]).toEqual([path('one'), path('two')]);
    const state = path('lesson');
    mkdirSync(state);
    const asked: string[] = [];
    const ask = (): Promise<Float32Array> =>
      teach([...sources.values()], data.images, data.count, indices, 'cpu', state, (name) => {
        asked.push(name);
      });
    const said = await ask();
    expect(asked).toContain(path('two'));
    const expected = new Float32Array(10);
    for (const { metrics, weights } of sources.values()) {
      const network = new FoldedNetwork(metrics.recipe.architecture, weights);
      const own = await classify(network, data.images, [indices[7]!]);
      own.forEach((p, i) => (expected[i]! += p / 2));
      network.dispose();
    }
    const row = said.subarray(indices[7]! * 10, indices[7]! * 10 + 10);
    row.forEach((p, i) => expect(p).toBeCloseTo(expected[i]!, 6));
    const shown = tf.tensor4d(
      normaliseBytes(gatherImages(data.images, [indices[3]!, indices[7]!], 784)),
      [2, 28, 28, 1],
    );
    const twice = Array.from(await teacherOf([...sources.values()])(shown));
    row.forEach((p, i) => expect(twice[10 + i]).toBeCloseTo(p, 6));
    const unasked = Array.from({ length: data.count }, (_, i) => i).find((i) => !indices.includes(i))!;
    expect([...said.subarray(unasked * 10, unasked * 10 + 10)]).toEqual(Array(10).fill(0));

    asked.length = 0;
    expect(await ask()).toEqual(said);
    expect(asked).toEqual([]);
    const [one] = sources.values();
    const alone = await teach([one!], data.images, data.count, indices, 'cpu', state, (name) => {
      asked.push(name);
    });
    expect(asked).not.toEqual([]);
    expect(alone).not.toEqual(said);
  });

  it('must be there, be networks of as many classes, and stay the same', async () => {
    const learning = (...teachers: string[]): ReturnType<typeof readSources> =>
      readSources(plan({ distillation: { teachers, weight: 0.5 } }));
    await expect(learning(path('one'), path('gone'))).rejects.toThrow(/^There is no run/);
    await expect(learning(await fewerClasses())).rejects.toThrow(
      /knows 5 classes and this run 10; it cannot teach/,
    );
    const sources = await learning(path('one'));
    expect(() => checkSameSources(path('s'), { [path('one')]: 'another' }, sources)).toThrow(
      /was replaced by another meanwhile; start over/,
    );
  });
});

describe('an ensemble', () => {
  const together = (...args: string[]): ReturnType<typeof run> =>
    run('train', '--preset', 'ensemble', '--backend', 'cpu', ...args);

  it('publishes the mean of its members’ probabilities', async () => {
    const { code, out, error } = await together('--members', './one,./two', '--output', './both');
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toMatch(/one +Test Acc: \d+\.\d\d%\n +two +Test Acc/);
    const { metrics, confusion, predictions } = await readEnsemble('both', folderReader(path('both')));
    const members = await readMembers([path('one'), path('two')]);
    expect(metrics.members).toEqual(members.map(({ metrics, hash }) => ({ id: metrics.id, weights: hash })));
    expect(metrics.parameterCount).toBe(2 * members[0]!.metrics.parameterCount);
    expect(metrics).toMatchObject({ testSetReads: 2, flips: false });
    expect(metrics.test.correct).toBe(confusion.matrix.reduce((sum, row, i) => sum + row[i]!, 0));
    expect(metrics.validation!.images).toBe(128);
    const { test } = syntheticDataset();
    const image = [17];
    const mean = new Float64Array(10);
    for (const { metrics, weights } of members) {
      const network = new FoldedNetwork(metrics.recipe.architecture, weights);
      (await classify(network, test.images, image)).forEach((p, i) => (mean[i]! += p / 2));
      network.dispose();
    }
    mean.forEach((p, i) => expect(predictions[170 + i]).toBeCloseTo(p, 3));
    expect(readFileSync(join(path('both'), 'card.md'), 'utf8')).toContain('- one\n- two\n');
    const evaluated = await run('evaluate', './both');
    expect(evaluated).toMatchObject({ code: 0, error: '' });
    expect(evaluated.out).toContain('All 13 figures agree.');
    // A second time it takes its own place.
    expect((await together('--members', './two,./one', '--output', './both')).code).toBe(0);
    await expect(readSource(path('both'))).rejects.toThrow(/is an ensemble, which has no weights of its own/);
  });

  it('asks about mirrored and moved images where it says so', async () => {
    const [member] = await readMembers([path('one')]);
    const { test } = syntheticDataset();
    const flipped = test.images.slice();
    for (let at = 0; at < flipped.length; at += 28) flipped.subarray(at, at + 28).reverse();
    const ask = (images: Uint8Array, flips: boolean): ReturnType<typeof answerTogether> =>
      answerTogether([member!], { flips }, { images, labels: test.labels }, [3]);
    const [plain, mirrored, both] = [
      await ask(test.images, false),
      await ask(flipped, false),
      await ask(test.images, true),
    ];
    both.probabilities.forEach((p, i) =>
      expect(p).toBeCloseTo((plain.probabilities[i]! + mirrored.probabilities[i]!) / 2, 9),
    );
    expect(plain.probabilities[0]).not.toBeCloseTo(mirrored.probabilities[0]!, 6);

    // Image 3, moved by two pixels: the rows above and below by hand, the sides from a matrix of pixels.
    const image = Array.from(test.images.subarray(3 * 784, 4 * 784));
    const at = (x: number, y: number): number =>
      x >= 0 && x < 28 && y >= 0 && y < 28 ? image[28 * y + x]! : 0;
    const moves = [
      [0, 0],
      [2, 0],
      [-2, 0],
      [0, 2],
      [0, -2],
    ];
    const expected = new Float64Array(10);
    for (const [right, down] of moves) {
      const images = test.images.slice();
      for (let y = 0; y < 28; y++) {
        for (let x = 0; x < 28; x++) images[3 * 784 + 28 * y + x] = at(x - right!, y - down!);
      }
      (await ask(images, false)).probabilities.forEach((p, i) => (expected[i]! += p / 5));
    }
    const moved = await answerTogether([member!], { flips: false, shift: 2 }, test, [3]);
    moved.probabilities.forEach((p, i) => expect(p).toBeCloseTo(expected[i]!, 9));
  });

  it('has no validation accuracy where a member has seen those images', async () => {
    const seen = await copyAs('seen-too', (metrics) => void (metrics.validation = null));
    expect((await together('--members', `${seen},./two`, '--output', './mixed')).code).toBe(0);
    expect((await readEnsemble('mixed', folderReader(path('mixed')))).metrics.validation).toBeNull();
  });

  it('refuses members that are missing, named twice, of other classes or other images', async () => {
    await expect(readMembers([path('one'), path('gone')])).rejects.toThrow(/^There is no run/);
    await expect(readMembers([path('one'), path('one')])).rejects.toThrow(/named twice/);
    rmSync(path('fewer'), { recursive: true, force: true });
    await expect(readMembers([path('one'), await fewerClasses()])).rejects.toThrow(
      /^The members differ in classes: .* knows 10, .* 5; they cannot form an ensemble\.$/,
    );
    const real = await copyAs('real', (metrics) => void (metrics.data = 'fashion-mnist'));
    await expect(readMembers([path('one'), real])).rejects.toThrow(/differ in what they were trained on/);
    const missing = await together('--members', './one,./gone', '--output', './none');
    expect(missing).toMatchObject({ code: 2, error: expect.stringMatching(/^There is no run/) as string });
    expect(existsSync(path('none'))).toBe(false);
  });

  it('is judged by validation alone where it is not to be published', async () => {
    const { code, out, error } = await together(
      '--members',
      './one,./two',
      '--no-publish',
      '--output',
      './tried',
    );
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(out).toMatch(/one +Val Acc: .*\n.*two +Val Acc: .*\nVal Loss: \d\.\d{4} \| Val Acc: \d+\.\d\d%\n/);
    expect(out).not.toContain('Test');
    expect(existsSync(path('tried'))).toBe(false);
    const seen = await copyAs('seen-again', (metrics) => void (metrics.validation = null));
    expect(await together('--members', `${seen},./two`, '--no-publish')).toMatchObject({
      code: 2,
      error: expect.stringMatching(
        /was trained on the validation images, so these images show nothing/,
      ) as string,
    });
  });

  it('takes no network’s place, nor a network its own', async () => {
    const refused = async (finished: ReturnType<typeof run>, message: RegExp): Promise<void> => {
      const { code, error } = await finished;
      expect({ code, error }).toEqual({ code: 2, error: expect.stringMatching(message) as string });
    };
    const before = readFileSync(join(path('one'), 'metrics.json'), 'utf8');
    const members = ['--members', './one,./two'];
    await refused(
      together(...members, '--output', './one'),
      /holds a trained network; choose another --output/,
    );
    await refused(train('--output', './both'), /holds an ensemble; choose another --output/);
    await refused(
      together(...members, '--output', 'baseline'),
      /^"baseline" is the id of the unchanged preset of that name/,
    );
    await refused(
      together(...members, '--output', 'ensemble'),
      /^"ensemble" is the id of the unchanged preset of that name/,
    );
    await refused(together(...members, '--output', 'mine'), /^"\.\/one" is not published on the site/);
    expect(readFileSync(join(path('one'), 'metrics.json'), 'utf8')).toBe(before);
  });

  it('is confirmed where its members stand on the site instead of beside it', async () => {
    cpSync(path('both'), path('elsewhere/both'), { recursive: true });
    const { code, error } = await run('evaluate', './elsewhere/both');
    // Their ids are those of no run of the site.
    expect({ code, error }).toEqual({
      code: 2,
      error: expect.stringMatching(/^There is no run "two"/) as string,
    });
  });

  it('stands in the index apart from the networks', () => {
    for (const name of ['one', 'both']) cpSync(path(name), join(path('site'), name), { recursive: true });
    const { models, ensembles } = makeIndex(path('site'));
    expect(models.map(({ id }) => id)).toEqual(['one']);
    expect(ensembles!.map(({ id }) => id)).toEqual(['both']);
  });

  it('is refused flags of training, and training those of an ensemble', async () => {
    for (const [flags, named] of [
      [['--epochs', '3'], 'epochs'],
      [['--all-images'], 'all-images'],
      [['--stop-at', '90'], 'stop-at'],
      [['--resume'], 'resume'],
    ] as const) {
      const options = trainOptions(parseFlags(trainCommand, ['--preset', 'ensemble', ...flags]).options);
      expect(() => planEnsemble(options)).toThrow(new RegExp(`trains nothing, .*; leave --${named} out\\.$`));
    }
    const contradiction = await together('--epochs', '3');
    expect(contradiction).toMatchObject({ code: 2, error: expect.stringContaining('--epochs') as string });
    const { code, error } = await train('--members', './one', '--output', './x');
    expect({ code, error }).toMatchObject({ code: 2, error: expect.stringContaining('--members') as string });
  });
});

describe('several seeds', () => {
  it('are trained one after another, and give mean and deviation', async () => {
    const { code, out, error } = await train('--seeds', '2', '--seed', '7', '--output', './many');
    expect({ code, error }).toEqual({ code: 0, error: '' });
    const accuracies = await Promise.all(
      [7, 8].map(async (seed) => {
        const id = `many-seed-${seed}`;
        const metrics = await readMetrics(id, folderReader(path(id)));
        expect(metrics.seeds['run']).toBe(seed);
        return metrics.test.accuracy;
      }),
    );
    const [a, b] = accuracies as [number, number];
    const shown = (value: number): string => `${(100 * value).toFixed(2)}%`;
    expect(out).toContain('2 runs of seeds 7, 8; mean ± standard deviation:');
    expect(out).toContain(
      `${shown((a + b) / 2)} ± ${shown(Math.abs(a - b) / Math.SQRT2)}   (${shown(a)}, ${shown(b)})`,
    );
    const again = await train('--seeds', '3', '--seed', '7', '--output', './many', '--resume');
    expect(again).toMatchObject({ code: 0, error: '' });
    expect(again.out.match(/there is nothing left to do/g)).toHaveLength(2);
    expect(again.out).toContain('3 runs of seeds 7, 8, 9');
  });
});

describe('a target', () => {
  it('ends the run when it is reached', async () => {
    const { code, out } = await train('--output', './early', '--stop-at', '1', '--epochs', '5');
    expect(code).toBe(0);
    expect(out).toMatch(/Reached 1\.00% on validation after 1 epochs, in \d+\.\d s\./);
    const metrics = await readMetrics('early', folderReader(path('early')));
    expect(metrics).toMatchObject({ epochs: 1, bestEpoch: 1, recipe: { epochs: 5, targetAccuracy: 0.01 } });
  });

  it('that is missed is exit code 1, and the run is published', async () => {
    const { code, out } = await train('--output', './missed', '--stop-at', '100', '--epochs', '1');
    expect(code).toBe(1);
    expect(out).toContain('Did not reach 100.00% on validation in 1 epochs.');
    expect(existsSync(join(path('missed'), 'metrics.json'))).toBe(true);
  });
});
