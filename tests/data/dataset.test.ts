import { readFileSync } from 'node:fs';
import sharp from 'sharp';
import { expect, it } from 'vitest';
import { parseManifest } from '../../src/data/manifest.ts';
import { cropImage, placeOf } from '../../src/data/sprites.ts';
import { knownImages } from '../../src/data/dataset.ts';

it('the known images are the first of the test set, as the site carries it', async () => {
  const { images } = parseManifest(JSON.parse(readFileSync('public/data/index.json', 'utf8'))).test;
  const file = readFileSync(`public/data/${images.sheets[0]!.file}`);
  const { data, info } = await sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  knownImages().forEach((image, id) => {
    expect(image).toEqual(cropImage({ data, width: info.width }, placeOf(id, images)));
  });
});
