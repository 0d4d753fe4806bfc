/** Photos and other pictures that the reader brings: chosen, taken, pasted or dropped; what is found in them, and corrected. */
import type { FoundGarment, PictureOptions, PictureWarning } from '../../../../drawing/found-garment.ts';
import { picture, type Action } from '../../../../drawing/strokes.ts';
import { failureText, InputError } from '../../failures.ts';
import { element, isWriting, showText } from '../dom.ts';
import { once } from '../../../../client/loading.ts';
import type { DrawWords } from '../demo-page.ts';

interface PhotoListener {
  /** A picture is to be put on the pad. */
  onPicture(action: Action): void;
  /** The picture that is there is to be put there in another way. */
  onCorrection(action: Action): void;
  /** Why a picture cannot be taken. */
  onRefusal(sentence: string): void;
}

/** What reads pictures and finds garments in them: it comes with the first picture. */
const loadFinder = once(async () => {
  const [{ readPhoto }, { findGarment }] = await Promise.all([
    import('./photo.ts'),
    import('../../../../drawing/found-garment.ts'),
  ]);
  return { readPhoto, findGarment };
});

/** A picture that was brought. */
interface Brought {
  readonly photo: ImageData;
  /** Looks for the garment as the reader has set it. */
  readonly find: () => FoundGarment;
}

/** Around what was found: the site's orange, opaque. */
const OUTLINE = [240, 138, 60, 255];

/** @param surface where pictures can be dropped; the whole page takes them, and this shows it */
export function createPhotoInput(
  root: ParentNode,
  surface: Element,
  { lang, t }: DrawWords,
  { onPicture, onCorrection, onRefusal }: PhotoListener,
) {
  const canvas = element<HTMLCanvasElement>('picture-found');
  const warning = element('picture-warning');
  const threshold = element<HTMLInputElement>('threshold');
  const edges = [...root.querySelectorAll<HTMLInputElement>('[data-crop]')];
  const buttons = [...root.querySelectorAll<HTMLButtonElement>('[data-correct]')];
  /** The picture that was put on the pad last. */
  let last: (Brought & { readonly action: Action }) | null = null;
  /** What was brought last: of several at a time only that counts, whichever is read first. */
  let newest: Blob | null = null;
  let turn = 0;
  let chosenThreshold = false;

  function setEdges(values: readonly number[]): void {
    edges.forEach((edge, i) => (edge.valueAsNumber = values[i]!));
  }

  /** How the reader has set what is looked for. */
  function options({ width, height }: ImageData): PictureOptions {
    const [left, top, right, bottom] = edges.map((edge) => edge.valueAsNumber / 100) as [
      number,
      number,
      number,
      number,
    ];
    const isOn = (way: string) => isPressed(buttons.find(({ dataset }) => dataset['correct'] === way)!);
    return {
      ...(chosenThreshold && { threshold: threshold.valueAsNumber }),
      invert: isOn('invert'),
      mirror: isOn('mirrorPicture'),
      turn,
      crop: {
        left: Math.round(Math.min(left, right) * width),
        top: Math.round(Math.min(top, bottom) * height),
        right: Math.round(Math.max(left, right) * width),
        bottom: Math.round(Math.max(top, bottom) * height),
      },
    };
  }

  function use(brought: Brought, found: FoundGarment, then: (action: Action) => void): void {
    const action = picture(found.square.width, found.square.pixels, found.warnings[0]);
    last = { ...brought, action };
    threshold.valueAsNumber = found.threshold;
    for (const range of [threshold, ...edges])
      range.parentElement!.querySelector('.reading')!.textContent = range.value;
    drawFound(canvas, brought.photo, found);
    then(action);
  }

  async function take(file: Blob): Promise<void> {
    newest = file;
    try {
      const { readPhoto, findGarment } = await loadFinder().catch(() => {
        throw new InputError('partMissing');
      });
      const photo = await readPhoto(file);
      if (newest !== file) return;
      const find = () => findGarment(photo.data, photo.width, photo.height, options(photo));
      chosenThreshold = false;
      turn = 0;
      setEdges([0, 0, 100, 100]);
      for (const button of buttons) if (isSwitch(button)) press(button, false);
      let found = find();
      if (!found.image) {
        threshold.value = '0';
        chosenThreshold = true;
        found = find();
        if (!found.image) throw new InputError('blankPicture');
      }
      use({ photo, find }, found, onPicture);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      if (newest !== file) return;
      showText(warning, null);
      onRefusal(failureText(lang, error));
    }
  }

  function correct(): void {
    if (last) use(last, last.find(), onCorrection);
  }

  function takeFrom(event: Event, data: DataTransfer | null): void {
    const file = data?.files[0];
    if (!file) return;
    event.preventDefault();
    void take(file);
  }

  threshold.addEventListener('input', () => {
    chosenThreshold = true;
    correct();
  });
  for (const edge of edges) edge.addEventListener('input', correct);
  const crop = element('crop');
  const cropOpen = element('crop-open');
  cropOpen.addEventListener('click', () => {
    crop.hidden = !crop.hidden;
    cropOpen.setAttribute('aria-expanded', String(!crop.hidden));
  });
  for (const button of buttons) {
    button.addEventListener('click', () => {
      if (isSwitch(button)) press(button, !isPressed(button));
      else turn++;
      correct();
    });
  }
  onBoxDrawn(canvas, (box) => {
    setEdges(box);
    correct();
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
    if (!event.dataTransfer || !isBrought(event.dataTransfer)) return;
    event.preventDefault();
    surface.classList.add('over');
  });
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) surface.classList.remove('over');
  });
  document.addEventListener('drop', (event) => {
    surface.classList.remove('over');
    takeFrom(event, event.dataTransfer);
    if (event.defaultPrevented || !event.dataTransfer || !isBrought(event.dataTransfer)) return;
    // Of a picture on another page some browsers give the address alone, and would go there.
    event.preventDefault();
    onRefusal(failureText(lang, new InputError('droppedLink')));
  });

  return {
    /** Loads what pictures need beforehand, so that it is there without a network. */
    prepare: () =>
      loadFinder().then(
        () => undefined,
        () => undefined,
      ),
    /**
     * To be told the last action on the pad: only a picture that nothing was drawn on can be corrected.
     * @returns whether that is no picture, or one whose garment the network can be asked about
     */
    follow(action: Action | undefined): boolean {
      element('picture').hidden = last?.action !== action;
      const reason =
        action?.kind === 'picture' ? WARNINGS.find((each) => each === action.warning) : undefined;
      warning.dataset['reason'] = reason ?? '';
      showText(warning, reason ? t(reason) : null);
      // Of several garments one was taken; in the other cases the answer would not be about a garment.
      return !reason || reason === 'several';
    },
  };
}

/** Whether what is dragged is a file or an address. */
const isBrought = ({ types }: DataTransfer): boolean =>
  types.includes('Files') || types.includes('text/uri-list');

// As attributes: Firefox reads them as properties from 119 on only.
const isSwitch = (button: Element): boolean => button.hasAttribute('aria-pressed');
const isPressed = (button: Element): boolean => button.getAttribute('aria-pressed') === 'true';
const press = (button: Element, pressed: boolean): void =>
  button.setAttribute('aria-pressed', String(pressed));

const WARNINGS = ['nothing', 'noGround', 'border', 'several'] as const satisfies PictureWarning[];

/** Shows the picture with what was found in it outlined, and the rest darkened. */
function drawFound(
  canvas: HTMLCanvasElement,
  { width, height, data }: ImageData,
  { mask }: FoundGarment,
): void {
  const image = new ImageData(data.slice(), width, height);
  mask.forEach((inside, i) => {
    const isEdge = [-1, 1, -width, width].some((step) => !mask[i + step]);
    if (inside && isEdge) image.data.set(OUTLINE, 4 * i);
    else if (!inside) for (let channel = 0; channel < 3; channel++) image.data[4 * i + channel]! *= 0.45;
  });
  [canvas.width, canvas.height] = [width, height];
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}

/** Calls back with the box that is drawn over an element, while it grows: left, top, right, bottom in percent. */
function onBoxDrawn(place: HTMLElement, drawn: (box: readonly number[]) => void): void {
  let from: readonly [number, number] | null = null;
  const at = ({ clientX, clientY }: PointerEvent): readonly [number, number] => {
    const { left, top, width, height } = place.getBoundingClientRect();
    const share = (value: number) => Math.round(Math.min(100, Math.max(0, 100 * value)));
    return [share((clientX - left) / width), share((clientY - top) / height)];
  };
  place.addEventListener('pointerdown', (event) => {
    from = at(event);
    place.setPointerCapture(event.pointerId);
  });
  place.addEventListener('pointermove', (event) => {
    const to = at(event);
    // A click is no box.
    if (from && Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1])) > 4) drawn([...from, ...to]);
  });
  for (const type of ['pointerup', 'pointercancel'] as const) {
    place.addEventListener(type, () => (from = null));
  }
}
