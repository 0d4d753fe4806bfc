/** The dataset as it is used here, for machines: Croissant 1.0 (https://docs.mlcommons.org/croissant/docs/croissant-spec.html). */
import { type DataFile, FILES } from '../data/idx.ts';
import { SPLIT_SEED, trainingCount } from '../data/split.ts';

const SOURCE = 'https://github.com/zalandoresearch/fashion-mnist';
const { trainImages, trainLabels, testImages, testLabels } = FILES;

const fileId = ({ name }: DataFile): string => `${name}.gz`;

/** Fashion-MNIST's files with the hashes of their unpacked content, its splits, and what a record is; JSON-LD. */
export function croissant(): object {
  const [images] = trainImages.shape;
  const count = trainingCount(images);
  const record = (id: string, pictures: DataFile, labels: DataFile, description: string): object => ({
    '@type': 'cr:RecordSet',
    '@id': id,
    name: id,
    description,
    field: [
      {
        ...field(`${id}/image`, 'sc:ImageObject', pictures),
        description: '28×28 grey values, white on black',
      },
      { ...field(`${id}/label`, 'sc:Integer', labels), description: 'Class, 0 to 9' },
    ],
  });
  return {
    '@context': {
      ...{
        '@vocab': 'https://schema.org/',
        sc: 'https://schema.org/',
        cr: 'http://mlcommons.org/croissant/',
      },
      ...{ conformsTo: 'dct:conformsTo', dct: 'http://purl.org/dc/terms/', recordSet: 'cr:recordSet' },
      ...{
        field: 'cr:field',
        source: 'cr:source',
        fileObject: 'cr:fileObject',
        dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
      },
    },
    '@type': 'sc:Dataset',
    conformsTo: 'http://mlcommons.org/croissant/1.0',
    name: 'Fashion-MNIST',
    description: `${images + testImages.shape[0]} pictures of garments in ten classes. Here ${count} of the training images are trained on and ${images - count} are for validation, by a shuffle of seed ${SPLIT_SEED}; the test images are read with finished models only.`,
    license: 'https://opensource.org/license/mit',
    url: SOURCE,
    citeAs: 'Xiao, Rasul, Vollgraf: Fashion-MNIST, arXiv:1708.07747',
    creator: { '@type': 'Organization', name: 'Zalando SE' },
    distribution: Object.values(FILES).map((file) => ({
      '@type': 'cr:FileObject',
      '@id': fileId(file),
      name: fileId(file),
      description: `Its unpacked content has the SHA-256 ${file.sha256}; mirrors pack it differently.`,
      contentUrl: `${SOURCE}/raw/master/data/fashion/${fileId(file)}`,
      encodingFormat: 'application/gzip',
    })),
    recordSet: [
      record(
        'train',
        trainImages,
        trainLabels,
        `Training images, of which ${count} are trained on and the others are for validation`,
      ),
      record('test', testImages, testLabels, 'Test images'),
    ],
  };
}

const field = (id: string, dataType: string, file: DataFile): object => ({
  '@type': 'cr:Field',
  '@id': id,
  name: id,
  dataType,
  source: { fileObject: { '@id': fileId(file) } },
});
