/** The pad: pointers in, pixels out. The canvas shows exactly the drawing's own pixels. */
import type { Box } from '../../../drawing/preparation.ts';
import { PAD } from '../../../drawing/strokes.ts';
import type { DrawingEditor } from './drawing-editor.ts';

export type Tool = 'brush' | 'fill' | 'eraser';

export interface PadSettings {
  tool: Tool;
  /** Diameter in the canvas's own pixels. */
  size: number;
  /** 0 black ground … 255 lightest garment. */
  ink: number;
  mirror: boolean;
  fillClosed: boolean;
}

/** The button that a pen turned round reports. */
const RUBBER = 5;

const EVERYTHING: Box = { left: 0, top: 0, right: PAD, bottom: PAD };

/** Rings the part of the pad that mouse or pen would touch with the brush or the eraser. */
export function showReach(canvas: HTMLElement, ring: HTMLElement, settings: Readonly<PadSettings>): void {
  const follow = (event: PointerEvent) => {
    const box = canvas.getBoundingClientRect();
    ring.hidden = event.pointerType === 'touch' || settings.tool === 'fill';
    ring.style.setProperty('--x', `${event.clientX - box.left}px`);
    ring.style.setProperty('--y', `${event.clientY - box.top}px`);
    ring.style.setProperty('--diameter', `${(settings.size * box.width) / PAD}px`);
  };
  for (const type of ['pointermove', 'pointerdown'] as const) canvas.addEventListener(type, follow);
  canvas.addEventListener('pointerleave', () => (ring.hidden = true));
}

/** Points are kept to a quarter of a pixel: no eye sees more, and drawings stay short. */
const quantise = (value: number): number => Math.round(value * 4) / 4;

/** Shows the drawing's pixels, or those of a part of them that was drawn on. */
export type ShowPixels = (area?: Box) => void;

/**
 * Lets pointers draw on the canvas.
 * @param changed called after each change, with whether the pen is still down
 */
export function createPad(
  canvas: HTMLCanvasElement,
  editor: DrawingEditor,
  settings: Readonly<PadSettings>,
  changed: (penDown: boolean) => void,
): ShowPixels {
  canvas.width = canvas.height = PAD;
  const context = canvas.getContext('2d', { alpha: false })!;
  const image = new ImageData(PAD, PAD);
  const rgba = new Uint32Array(image.data.buffer);
  /** The one pointer that draws; others that come down meanwhile are not followed, but a pen takes over from a palm. */
  let drawing: Pick<PointerEvent, 'pointerId' | 'pointerType'> | null = null;

  const show: ShowPixels = (area = EVERYTHING) => {
    const { left, top, right, bottom } = area;
    if (left >= right || top >= bottom) return;
    const { pixels } = editor;
    canvas.toggleAttribute('data-empty', area === EVERYTHING && pixels.every((value) => value === 0));
    for (let y = top; y < bottom; y++) {
      for (let i = y * PAD + left; i < y * PAD + right; i++) rgba[i] = 0xff000000 | (pixels[i]! * 0x010101);
    }
    context.putImageData(image, 0, 0, left, top, right - left, bottom - top);
  };

  /** In the canvas's own pixels, wherever and however large it is shown at this moment. */
  function position(event: PointerEvent): [x: number, y: number] {
    const box = canvas.getBoundingClientRect();
    return [
      quantise(((event.clientX - box.left) * PAD) / box.width),
      quantise(((event.clientY - box.top) * PAD) / box.height),
    ];
  }

  /** A pen's pressure widens the line; at half of it the line is as wide as was chosen. */
  const diameter = ({ pointerType, pressure }: PointerEvent): number =>
    pointerType === 'pen' ? quantise(settings.size * (0.35 + 1.3 * pressure)) : settings.size;

  function extend(events: readonly PointerEvent[]): void {
    const dirty = editor.extend(events.flatMap((event) => [...position(event), diameter(event)]));
    if (dirty) show(dirty);
    changed(true);
  }

  function down(event: PointerEvent): void {
    if (event.button !== 0 && event.button !== RUBBER) return;
    if (drawing && !(event.pointerType === 'pen' && drawing.pointerType === 'touch')) return;
    event.preventDefault();
    const { tool, ink, mirror } = settings;
    const [x, y] = position(event);
    if (drawing) {
      // What a palm has drawn is no part of the drawing.
      drawing = null;
      editor.cancel();
      show();
    }
    const rubber = tool === 'eraser' || event.button === RUBBER;
    if (tool === 'fill' && !rubber) {
      editor.do({ kind: 'fill', ink, x, y });
      show();
      changed(false);
      return;
    }
    drawing = event;
    canvas.setPointerCapture(event.pointerId);
    editor.begin({ ink: rubber ? 0 : ink, mirror });
    extend([event]);
  }

  function move(event: PointerEvent): void {
    if (event.pointerId !== drawing?.pointerId) return;
    const coalesced = event.getCoalescedEvents?.() ?? [];
    extend(coalesced.length ? coalesced : [event]);
  }

  function up(event: PointerEvent): void {
    if (event.pointerId !== drawing?.pointerId) return;
    drawing = null;
    editor.end(settings.fillClosed && settings.tool === 'brush');
    show();
    changed(false);
  }

  canvas.addEventListener('pointerdown', down);
  canvas.addEventListener('pointermove', move);
  for (const type of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
    canvas.addEventListener(type, up);
  }
  show();
  return show;
}
