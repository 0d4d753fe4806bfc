/** Shows networks pictures and photographs as the drawing page would, and counts. */
import { CLASS_COUNT, IMAGE_PIXELS } from '../../src/data/dataset.ts';
import { findGarment, type FoundGarment } from '../../src/drawing/found-garment.ts';
import { predictedClasses } from '../../src/evaluation/metrics.ts';
import { isConfident } from '../../src/evaluation/rejection.ts';
import { classes } from '../../src/i18n/en/site.ts';
import { deriveSeed } from '../../src/math/random.ts';
import { alignColumns, percent } from '../../src/node/terminal.ts';
import { loadDataset, splitOf } from '../../src/runs/dataset.ts';
import { calibrate, type CalibratedNetwork } from '../../src/runs/drawing-evaluation.ts';
import type { Source } from '../../src/runs/parent-runs.ts';
import { NAMED_PICTURES } from './names.ts';
import { composePhotograph, type GroundKind, GROUNDS, imageOf } from './photographs.ts';
import { readPictures, type Rendering, renderPicture, RENDERINGS } from './renderings.ts';

/** One picture in one rendering, or one photograph. */
export interface ShownPicture {
  readonly set: string;
  readonly name: string;
  readonly rendering: Rendering | GroundKind;
  /** null if it is not a garment. */
  readonly class: number | null;
  readonly ambiguous: boolean;
  readonly found: FoundGarment;
  /** Intersection over union of the mask that was found and the right one, where that is known. */
  readonly overlap?: number;
}

const PHOTOGRAPHS = 'photographs';
/** Photographs of each class on each kind of ground. */
const PER_GROUND = 10;
const SEED = 1;

/** All pictures of the sets, in each rendering. */
export async function showSets(): Promise<ShownPicture[]> {
  const shown: ShownPicture[] = [];
  for (const picture of readPictures()) {
    for (const rendering of RENDERINGS) {
      const { rgba, width, height } = await renderPicture(picture, rendering);
      shown.push({ ...picture, rendering, found: findGarment(rgba, width, height) });
    }
  }
  return shown;
}

/** Photographs put together from images of the validation set, or of the test set, which is for finished networks. */
export async function showPhotographs(part: 'validation' | 'test'): Promise<ShownPicture[]> {
  const data = await loadDataset('fashion-mnist');
  const { images, labels } = part === 'test' ? data.test : data.train;
  const indices =
    part === 'test' ? Array.from(data.test.labels.keys()) : Array.from(splitOf(data, null).validation);
  return GROUNDS.flatMap((rendering, ground) =>
    classes.flatMap((_, label) => {
      const start = ground * PER_GROUND;
      const chosen = indices.filter((i) => labels[i] === label).slice(start, start + PER_GROUND);
      return chosen.map((i): ShownPicture => {
        const { rgba, width, height, mask } = composePhotograph(
          imageOf(images, i),
          rendering,
          deriveSeed(SEED, i),
        );
        const found = findGarment(rgba, width, height);
        const overlap = intersectionOverUnion(found.mask, mask);
        return {
          set: PHOTOGRAPHS,
          name: `${part} ${i}`,
          rendering,
          class: label,
          ambiguous: false,
          found,
          overlap,
        };
      });
    }),
  );
}

/** Of the pixels that are not 0. */
export function intersectionOverUnion(a: Uint8Array, b: Uint8Array): number {
  let [both, either] = [0, 0];
  a.forEach((value, i) => {
    both += Number(value > 0 && b[i]! > 0);
    either += Number(value > 0 || b[i]! > 0);
  });
  return either === 0 ? 1 : both / either;
}

/** What a network answers to pictures, in their order. */
export interface Answers {
  network: CalibratedNetwork;
  predicted: Uint8Array;
  confident: boolean[];
  probabilities: Float64Array;
}

export async function answer(source: Source, pictures: readonly ShownPicture[]): Promise<Answers> {
  const network = await calibrate(source);
  const pixels = new Uint8Array(pictures.length * IMAGE_PIXELS);
  pictures.forEach(({ found }, n) => found.image && pixels.set(found.image, n * IMAGE_PIXELS));
  const probabilities = await network.predictAll(pixels);
  const row = (n: number): Float64Array => probabilities.subarray(n * CLASS_COUNT, (n + 1) * CLASS_COUNT);
  return {
    network,
    predicted: Uint8Array.from(predictedClasses(probabilities, CLASS_COUNT)),
    confident: pictures.map(({ found }, n) => found.image !== null && isConfident(row(n), network.criterion)),
    probabilities,
  };
}

export function picturesTable(pictures: readonly ShownPicture[], answers: readonly Answers[]): string[] {
  const places = Array.from(pictures.keys());
  const isRight = ({ predicted }: Answers, n: number): boolean =>
    pictures[n]!.found.image !== null && predicted[n] === pictures[n]!.class;
  const line = (
    title: string,
    belongs: (picture: ShownPicture) => boolean,
    counts: (each: Answers, n: number) => boolean = isRight,
  ): string[][] => {
    const chosen = places.filter((n) => belongs(pictures[n]!));
    if (!chosen.length) return [];
    const share = (each: Answers): string => {
      const count = chosen.filter((n) => counts(each, n)).length;
      return `${count} (${percent(count / chosen.length)})`;
    };
    return [[title, String(chosen.length), ...answers.map(share)]];
  };
  const isIcon = ({ set }: ShownPicture): boolean => set !== PHOTOGRAPHS;
  const isGarment = (picture: ShownPicture): boolean => picture.class !== null && !picture.ambiguous;
  const rows = (of: (picture: ShownPicture) => boolean, renderings: readonly string[]): string[][] => [
    ...renderings.flatMap((rendering) =>
      line(`  ${rendering}`, (each) => of(each) && each.rendering === rendering),
    ),
    ...classes.flatMap(({ name }, label) => line(`  ${name}`, (each) => of(each) && each.class === label)),
  ];
  const garments = (each: ShownPicture): boolean => isIcon(each) && isGarment(each);
  const photographs = (each: ShownPicture): boolean => !isIcon(each);
  const unsure = ({ confident }: Answers, n: number): boolean => !confident[n];
  return alignColumns(
    [
      ['', 'pictures', ...answers.map(({ network }) => network.source.name)],
      ...line('Icons and emoji, top-1', garments),
      ...NAMED_PICTURES.map(({ set }) => set.split('/').at(-1)!).flatMap((set) =>
        line(`  ${set}`, (each) => garments(each) && each.set === set),
      ),
      ...rows(garments, RENDERINGS),
      ...line('Ambiguous ones, top-1', ({ ambiguous }) => ambiguous),
      ...line('Rejected, and rightly so: other things', (each) => each.class === null, unsure),
      ...line('Rejected wrongly: garments', garments, unsure),
      ...line('Warned of: garments', garments, (_, n) => pictures[n]!.found.warnings.length > 0),
      [''],
      ...line('Photographs, top-1', photographs),
      ...rows(photographs, GROUNDS),
      ...line('Mask right (overlap of at least 0.9)', photographs, (_, n) => pictures[n]!.overlap! >= 0.9),
      ...line('Warned of', photographs, (_, n) => pictures[n]!.found.warnings.length > 0),
    ],
    `<>${'>'.repeat(answers.length)}`,
  );
}

/** Pictures that a network classifies wrongly, one line each. */
export function missedPictures(pictures: readonly ShownPicture[], each: Answers): string[] {
  const rows = pictures.flatMap(({ set, name, rendering, class: label, ambiguous, found }, n) => {
    const predicted = each.predicted[n]!;
    if (label === null || ambiguous || (found.image && predicted === label)) return [];
    const probability = each.probabilities[n * CLASS_COUNT + predicted]!;
    return [[`  ${set}`, name, rendering, classes[label]!.name, `${classes[predicted]!.name} ${percent(probability)}`, found.warnings.join(', ')]]; // prettier-ignore
  });
  return ['', `Missed by ${each.network.source.name}: ${rows.length || 'none'}`, ...alignColumns(rows, '<')];
}
