import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { filesOf, parseManifest, type SheetSet } from '../../src/data/manifest.ts';
import { classCounts, classMeans, encodeSheet } from '../../src/data/node/published-data.ts';
import { splitTraining } from '../../src/data/split.ts';
import { cropImage, placeOf, sheetSize } from '../../src/data/sprites.ts';
import { localFashionMnist } from './local.ts';

const FOLDER = 'public/data';
const read = (file: string): Buffer => readFileSync(join(FOLDER, file));
const manifest = parseManifest(JSON.parse(read('index.json').toString()));
const { test, means, examples, sample } = manifest;
const dataset = await localFashionMnist();

const entries = filesOf(manifest);

/** All images of a set, decoded as a browser does, [count, 28, 28]. */
async function decode(set: SheetSet): Promise<Uint8Array> {
  const images = new Uint8Array(set.count * 784);
  for (const [number, { file }] of set.sheets.entries()) {
    const { data, info } = await sharp(read(file)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    expect({ width: info.width, height: info.height, channels: info.channels }).toEqual({
      ...sheetSize(set),
      channels: 4,
    });
    for (let i = number * set.perSheet; i < (number + 1) * set.perSheet; i++) {
      images.set(cropImage({ data, width: info.width }, placeOf(i, set)), i * 784);
    }
  }
  return images;
}

const readIds = (file: string): number[] => {
  const bytes = read(file);
  return Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16LE(2 * i));
};

const sameBytes = (a: Uint8Array, b: Uint8Array): boolean => Buffer.from(a).equals(Buffer.from(b));

describe('public/data', { timeout: 60_000 }, () => {
  it('holds the files of its manifest, byte by byte, and no other', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(['index.json', ...entries.map(({ file }) => file)].sort());
    for (const { file, bytes, sha256 } of entries) {
      const content = read(file);
      expect([file, content.length]).toEqual([file, bytes]);
      expect([file, createHash('sha256').update(content).digest('hex')]).toEqual([file, sha256]);
    }
  });

  it("knows the pixels of its sheets, by which a page can tell a browser's noise", async () => {
    for (const { sheets } of [test.images, sample.images, manifest.lessons.shirts.images]) {
      for (const { file, pixels } of sheets) {
        const grey = await sharp(read(file)).extractChannel(0).raw().toBuffer();
        expect([file, createHash('sha256').update(grey).digest('hex')]).toEqual([file, pixels]);
      }
    }
  });

  it('stays under 10 MB', () => {
    expect(entries.reduce((total, { bytes }) => total + bytes, 0)).toBeLessThan(10e6);
  });

  it('has 1,000 test images of each class', () => {
    expect(classCounts(read(test.labels.file))).toEqual(Array(10).fill(1000));
    expect(manifest.classes.test).toEqual(Array(10).fill(1000));
  });

  it('samples each class alike, from the training side of the split alone', () => {
    const ids = readIds(sample.ids.file);
    expect(new Set(ids).size).toBe(sample.images.count);
    const validation = new Set(splitTraining().validation);
    expect(ids.filter((id) => validation.has(id))).toEqual([]);
    const labels = [...read(sample.labels.file)];
    expect(labels).toEqual(ids.map((_, i) => Math.floor(i / sample.images.perSheet)));
  });

  it('brings along images of each class from the validation side, and all test shirts, for lessons', () => {
    const { validation, shirts } = manifest.lessons;
    const ids = readIds(validation.ids.file);
    expect(new Set(ids).size).toBe(validation.images.count);
    const trained = new Set(splitTraining().train);
    expect(ids.filter((id) => trained.has(id))).toEqual([]);
    expect(classCounts(read(validation.labels.file))).toEqual(Array(10).fill(100));
    expect([...new Set(read(shirts.labels.file))]).toEqual([6]);
    expect(shirts.images.count).toBe(1000);
  });

  it('shows the first of each class in the sample as examples', () => {
    const ids = readIds(sample.ids.file);
    const first = ids.filter((_, i) => i % sample.images.perSheet < examples.images.perSheet);
    expect(readIds(examples.ids.file)).toEqual(first);
  });

  describe.runIf(dataset)('beside the dataset', () => {
    const { train, test: testPart } = dataset ?? { train: null!, test: null! };
    const pick = (ids: number[]): Uint8Array =>
      Buffer.concat(ids.map((id) => train.images.subarray(id * 784, (id + 1) * 784)));

    it('has the 10,000 test images and labels, exactly and in order', async () => {
      expect(sameBytes(read(test.labels.file), testPart.labels)).toBe(true);
      expect(sameBytes(await decode(test.images), testPart.images)).toBe(true);
    });

    it('has counted the images of each class', () => {
      expect(manifest.classes.train).toEqual(classCounts(train.labels));
      expect(manifest.classes.test).toEqual(classCounts(testPart.labels));
    });

    it('has exactly the training images its ids name', async () => {
      for (const set of [sample, examples]) {
        const ids = readIds(set.ids.file);
        expect(sameBytes(await decode(set.images), pick(ids))).toBe(true);
      }
      expect([...read(sample.labels.file)]).toEqual(readIds(sample.ids.file).map((id) => train.labels[id]));
    });

    it("has the classes' mean images", async () => {
      const decoded = await decode(means.images);
      expect(sameBytes(decoded, classMeans(train))).toBe(true);
      // Counted another way, for one pixel: the middle of the trousers.
      const trousers = [...train.labels.keys()].filter((id) => train.labels[id] === 1);
      const sum = trousers.reduce((total, id) => total + train.images[id * 784 + 14 * 28 + 14]!, 0);
      expect(decoded[784 + 14 * 28 + 14]).toBe(Math.round(sum / 6000));
    });
  });
});

describe('encodeSheet', () => {
  it('gives the same bytes for the same pixels', async () => {
    const images = Uint8Array.from({ length: 4 * 784 }, (_, i) => (i * i) % 251);
    const layout = { count: 4, perSheet: 4, columns: 2 };
    expect(sameBytes(await encodeSheet(images, layout), await encodeSheet(images, layout))).toBe(true);
  });
});
