import { expect, it } from 'vitest';
import { FILES } from '../../src/data/idx.ts';
import { croissant } from '../../src/site/croissant.ts';

it('names each file with its hash, and sources that are files', () => {
  type Croissant = {
    distribution: { '@id': string; description: string }[];
    recordSet: { field: { source: { fileObject: { '@id': string } } }[] }[];
  };
  const { distribution, recordSet } = croissant() as Croissant;
  expect(distribution.map(({ description }) => /[0-9a-f]{64}/.exec(description)?.[0])).toEqual(
    Object.values(FILES).map(({ sha256 }) => sha256),
  );
  const used = recordSet.flatMap(({ field }) => field.map(({ source }) => source.fileObject['@id']));
  expect(used.sort()).toEqual(distribution.map((file) => file['@id']).sort());
});
