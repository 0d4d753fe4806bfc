/** The images a run is trained on and judged by, the committed drawings among them. */
import { readFile } from 'node:fs/promises';
import { type CommittedDrawing, type DrawingSetName, parseDrawingSet } from '../data/drawings/set.ts';
import { messageOf, UserError } from '../node/errors.ts';
import { type FashionMnist, loadFashionMnist } from '../data/node/fashion-mnist.ts';
import { FILES } from '../data/idx.ts';
import { IMAGE_PIXELS, IMAGE_SIZE } from '../data/dataset.ts';
import { splitTraining, trainingCount } from '../data/split.ts';
import { Random } from '../math/random.ts';
import type { TrainingSplit } from '../training/trainer.ts';
import type { DataName } from '../training/recipe-schema.ts';

/** @throws UserError when no source has Fashion-MNIST. */
export async function loadDataset(name: DataName): Promise<FashionMnist> {
  return name === 'synthetic' ? syntheticDataset() : loadFashionMnist();
}

/**
 * What is trained on and what is validated on: `limit` images and a quarter as many, or all.
 * @param allImages train on the validation images too
 */
export function splitOf({ train }: FashionMnist, limit: number | null, allImages = false): TrainingSplit {
  const split = splitTraining(train.count);
  if (allImages) return { train: [...split.train, ...split.validation], validation: [] };
  if (limit === null) return split;
  return { train: split.train.slice(0, limit), validation: split.validation.slice(0, Math.ceil(limit / 4)) };
}

/** Images that there are to train on, those for validation left out. */
export const trainImages = (name: DataName): number =>
  trainingCount(name === 'synthetic' ? SYNTHETIC.train : FILES.trainImages.shape[0]);

/** How many images the synthetic set has; few, so that a whole run takes seconds. */
const SYNTHETIC = { train: 640, test: 200 };

/** Made-up garments: a bright bar whose place and direction tell the class, in noise. Always the same ones. */
export function syntheticDataset(): FashionMnist {
  const random = new Random(1);
  const part = (count: number): FashionMnist['train'] => {
    const labels = Uint8Array.from({ length: count }, (_, i) => i % 10);
    const images = new Uint8Array(count * IMAGE_PIXELS);
    for (let n = 0; n < count; n++) {
      const label = labels[n]!;
      for (let i = 0; i < IMAGE_PIXELS; i++) {
        const [row, column] = [Math.floor(i / IMAGE_SIZE), i % IMAGE_SIZE];
        const along = label < 5 ? row : column;
        const inBar = Math.floor(along / 6) === label % 5;
        images[n * IMAGE_PIXELS + i] = (inBar ? 120 : 0) + random.below(120);
      }
    }
    return { images, labels, count };
  };
  return { train: part(SYNTHETIC.train), test: part(SYNTHETIC.test) };
}

export const drawingsFile = (name: DrawingSetName): URL =>
  new URL(`../data/drawings/${name}.json`, import.meta.url);

/** @throws UserError when the file is missing, no JSON, or not as `parseDrawingSet` wants it */
export async function readDrawings(name: DrawingSetName): Promise<CommittedDrawing[]> {
  try {
    return parseDrawingSet(name, JSON.parse(await readFile(drawingsFile(name), 'utf8'))).drawings;
  } catch (error) {
    throw new UserError(`The drawings of the set "${name}" cannot be read: ${messageOf(error)}`);
  }
}
