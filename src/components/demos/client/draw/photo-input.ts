/** Photos and other pictures that the reader brings: chosen, taken, pasted or dropped; where their background ends. */
import type { Action } from '../../../../drawing/strokes.ts';
import { failureText, InputError } from '../../failures.ts';
import { element, isWriting } from '../dom.ts';
import type { DrawWords } from '../demo-page.ts';
import { photoAction, readPhoto, type Photo } from './photo.ts';
import { bindRange } from './sketchpad.ts';

interface PhotoListener {
  /** A photo is to be put on the pad. */
  onPhoto(action: Action): void;
  /** The photo that is there is to be put there in another way. */
  onThreshold(action: Action): void;
  /** Why a photo cannot be taken; null when another is tried. */
  onMessage(sentence: string | null): void;
}

/**
 * @param surface where photos can be dropped; the whole page takes them, and this shows it
 * @returns to be called with the last action on the pad: only the background of a photo can be separated
 */
export function createPhotoInput(
  root: ParentNode,
  surface: Element,
  { lang, t }: DrawWords,
  { onPhoto, onThreshold, onMessage }: PhotoListener,
): (last: Action | undefined) => void {
  /** What was put on the pad last, if it was a photo and nothing has been drawn since. */
  let last: { photo: Photo; action: Action } | null = null;

  async function take(file: Blob): Promise<void> {
    onMessage(null);
    try {
      const photo = await readPhoto(file);
      const threshold = element<HTMLInputElement>('threshold').valueAsNumber;
      const action = photoAction(photo, threshold) ?? photoAction(photo, 0);
      if (!action) throw new InputError('blankPicture');
      last = { photo, action };
      onPhoto(action);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      onMessage(failureText(lang, error));
    }
  }

  function takeFrom(event: Event, data: DataTransfer | null): void {
    const file = data?.files[0];
    if (!file) return;
    event.preventDefault();
    void take(file);
  }

  bindRange('threshold', (threshold) => {
    if (!last) return;
    const action = photoAction(last.photo, threshold);
    onMessage(action ? null : t('blankImage'));
    if (!action) return;
    last = { photo: last.photo, action };
    onThreshold(action);
  });
  for (const input of root.querySelectorAll<HTMLInputElement>('[data-photo]')) {
    input.addEventListener('change', () => {
      const file = input.files?.[0];
      input.value = '';
      if (file) void take(file);
    });
  }
  document.addEventListener('paste', (event) => {
    if (!isWriting(event)) takeFrom(event, event.clipboardData);
  });
  document.addEventListener('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    surface.classList.add('over');
  });
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) surface.classList.remove('over');
  });
  document.addEventListener('drop', (event) => {
    surface.classList.remove('over');
    takeFrom(event, event.dataTransfer);
  });

  return (action) => {
    if (last?.action !== action) last = null;
    element('threshold-row').hidden = !last;
  };
}
