import { placeOf, sheetSize, type SheetLayout } from '../../../data/sprites.ts';
import { IMAGE_SIZE } from '../../../data/images.ts';

/** Test images in the browser: each sheet is loaded when one of its images is first shown. */
export interface Sheets {
  /** Shows an image as the background of an element of that size, now or once its sheet is there. */
  show: (element: HTMLElement, id: number, size: number) => void;
  /** Draws an image on a 28×28 canvas, unless another is asked for meanwhile. @throws where its sheet cannot be loaded */
  draw: (canvas: HTMLCanvasElement, id: number) => Promise<void>;
  /** Forgets the sheets that failed, so that they are tried again. */
  retry: () => void;
}

/** @param onFailure called once for each sheet that cannot be loaded */
export function openSheets(files: readonly string[], layout: SheetLayout, onFailure: () => void): Sheets {
  const loading = new Map<number, Promise<HTMLImageElement>>();
  const failed = new Set<number>();
  /** What each canvas was asked to show last. */
  const wanted = new WeakMap<HTMLCanvasElement, number>();
  const { width, height } = sheetSize(layout);

  function load(sheet: number): Promise<HTMLImageElement> {
    let promise = loading.get(sheet);
    if (!promise) {
      const image = new Image(width, height);
      image.src = files[sheet]!;
      promise = image.decode().then(() => image);
      loading.set(sheet, promise);
      promise.catch(() => {
        failed.add(sheet);
        onFailure();
      });
    }
    return promise;
  }

  return {
    show(element, id, size) {
      const { sheet, x, y } = placeOf(id, layout);
      const scale = size / IMAGE_SIZE;
      load(sheet).then(
        ({ src }) => {
          element.style.backgroundImage = `url("${src}")`;
          element.style.backgroundSize = `${width * scale}px ${height * scale}px`;
          element.style.backgroundPosition = `${-x * scale}px ${-y * scale}px`;
        },
        () => {
          // Said once, by onFailure.
        },
      );
    },
    async draw(canvas, id) {
      const { sheet, x, y } = placeOf(id, layout);
      wanted.set(canvas, id);
      const loaded = load(sheet);
      await loaded.catch(() => undefined);
      if (wanted.get(canvas) !== id) return;
      canvas
        .getContext('2d')
        ?.drawImage(await loaded, x, y, IMAGE_SIZE, IMAGE_SIZE, 0, 0, IMAGE_SIZE, IMAGE_SIZE);
    },
    retry() {
      for (const sheet of failed) loading.delete(sheet);
      failed.clear();
    },
  };
}
