import { once } from '../../../client/loading.ts';
import { IMAGE_SIZE } from '../../../data/dataset.ts';
import { placeOf, sheetSize, type SheetLayout } from '../../../data/sprites.ts';

/** Images of the test set as small pictures on the page: a sheet is loaded when one of its images is first shown. */
export class Tiles {
  readonly #layout: SheetLayout;
  readonly #sheets: (() => Promise<HTMLImageElement>)[];

  /** @param onFailure called when a sheet cannot be loaded */
  constructor(sheets: readonly string[], layout: SheetLayout, onFailure: () => void) {
    this.#layout = layout;
    const { width, height } = sheetSize(layout);
    this.#sheets = sheets.map((src) =>
      once(async () => {
        const image = new Image(width, height);
        image.src = src;
        await image.decode().catch((error: unknown) => {
          onFailure();
          throw error;
        });
        return image;
      }),
    );
  }

  /** Shows an image as the background of an element, so many pixels wide, once its sheet is there. */
  show(element: HTMLElement, id: number, size: number): void {
    const { sheet, x, y } = placeOf(id, this.#layout);
    const scale = size / IMAGE_SIZE;
    this.#sheets[sheet]!().then(
      ({ src, width, height }) => {
        element.style.backgroundImage = `url("${src}")`;
        element.style.backgroundSize = `${width * scale}px ${height * scale}px`;
        element.style.backgroundPosition = `${-x * scale}px ${-y * scale}px`;
      },
      () => {
        // onFailure has reported it.
      },
    );
  }

  /**
   * Draws an image on a canvas of its size, which is cleared where its sheet cannot be loaded.
   * @param wanted whether it is still to be drawn when the sheet has arrived
   */
  async draw(canvas: HTMLCanvasElement, id: number, wanted: () => boolean): Promise<void> {
    const { sheet, x, y } = placeOf(id, this.#layout);
    const image = await this.#sheets[sheet]!().catch(() => null);
    if (!wanted()) return;
    const context = canvas.getContext('2d')!;
    context.clearRect(0, 0, IMAGE_SIZE, IMAGE_SIZE);
    if (image) context.drawImage(image, x, y, IMAGE_SIZE, IMAGE_SIZE, 0, 0, IMAGE_SIZE, IMAGE_SIZE);
  }
}
