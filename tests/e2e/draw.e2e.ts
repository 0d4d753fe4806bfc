import { beforeAll, describe, expect, inject, it } from 'vitest';
import { prepare } from '../../src/model/drawing.ts';
import { rasterise } from '../../src/model/strokes.ts';
import { expectClean, useBrowser } from './browser.ts';
import { answer, drawShirt, modelInput, padPixels, stored } from './pad.ts';
import { publishedIds, reference } from './reference.ts';

const { open } = useBrowser();
let expected: (image: Uint8Array) => Promise<number[]>;

beforeAll(async () => {
  const [id] = await publishedIds(inject('dist'));
  expected = await reference(inject('dist'), id!);
});

describe.each(['wasm', 'webgl', 'webgpu'])('on %s', (backend) => {
  it('a drawing gets the answer that Node gives for the same image', async () => {
    const [id] = await publishedIds(inject('dist'));
    const opened = await open(`/en/draw/?backend=${backend}&model=${id}`);
    const { page } = opened;
    expect(await page.getByTestId('result').getAttribute('data-state')).toBe('empty');
    await drawShirt(page);
    const { label, probability, probabilities } = await answer(page);
    expect(await page.getByTestId('backend').getAttribute('data-backend')).toBe(backend);
    console.log(
      backend,
      await page.getByTestId('backend').innerText(),
      await page.getByTestId('time').innerText(),
    );

    const image = await modelInput(page);
    const inNode = await expected(image);
    inNode.forEach((p, each) => expect(Math.abs(probabilities[each]! - p)).toBeLessThan(1e-3));
    expect(Math.abs(probability - inNode[label]!)).toBeLessThan(1e-3);
    expect(probability).toBe(Math.max(...probabilities.map((p, each) => (each === label ? probability : p))));

    const { pixels } = rasterise(await stored(page));
    expect(await padPixels(page)).toEqual(pixels);
    expect(image).toEqual(prepare({ width: 560, height: 560, pixels }));
    expectClean(opened);
    await opened.close();
  });
});
