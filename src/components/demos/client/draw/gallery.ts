/** Test images of a class, some at a time, to be put on the pad. */
import type { ImageSheets } from '../../../../client/image-set.ts';
import { className } from '../../../../i18n/site.ts';
import { create, element, greyCanvas } from '../dom.ts';
import type { DrawWords } from '../demo-page.ts';

const THUMBNAILS = 24;

interface GalleryListener {
  onChoice(pixels: Uint8Array): void;
  /** More images have come. */
  onImages(): void;
  onFailure(): void;
}

export function createGallery(
  { lang, t }: DrawWords,
  images: ImageSheets,
  { onChoice, onImages, onFailure }: GalleryListener,
): void {
  const select = element<HTMLSelectElement>('gallery-class');
  const more = element<HTMLButtonElement>('gallery-more');
  const thumbnails = element('thumbs');
  /** Where the next images are looked for; null when all are there. */
  let next: number | null = 0;
  /** Counts the classes shown: images that come for one before the last are too late. */
  let shown = 0;

  function showClass(): void {
    thumbnails.replaceChildren();
    next = 0;
    shown++;
    void showMore();
  }

  async function showMore(): Promise<void> {
    const label = Number(select.value);
    const mine = shown;
    if (next === null) return;
    more.disabled = true;
    try {
      const found = await images.ofClass(label, next, THUMBNAILS);
      if (mine !== shown) return;
      next = found.next;
      thumbnails.append(...found.images.map(({ id, pixels }) => thumbnail(id, label, pixels)));
      onImages();
    } catch {
      if (mine === shown) onFailure();
    } finally {
      if (mine === shown) more.disabled = next === null;
    }
  }

  function thumbnail(id: number, label: number, pixels: Uint8Array): HTMLButtonElement {
    const name = t('galleryImage', { id, name: className(label, lang) });
    const attributes = { type: 'button', 'data-testid': 'thumb', 'data-image': id, 'aria-label': name };
    const button = create('button', attributes, greyCanvas(pixels));
    button.addEventListener('click', () => onChoice(pixels));
    return button;
  }

  element('gallery').addEventListener('toggle', () => {
    if (!thumbnails.childElementCount) showClass();
  });
  select.addEventListener('change', showClass);
  more.addEventListener('click', () => void showMore());
}
