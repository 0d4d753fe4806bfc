/** The pad: pointers in, pixels out. The canvas shows exactly the drawing's own pixels. */
import { PAD, type Dirty } from '../../../../drawing/strokes.ts';
import type { Drawing } from './drawing.ts';

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

const EVERYTHING: Dirty = { left: 0, top: 0, right: PAD, bottom: PAD };

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

export class Pad {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D;
  readonly #image = new ImageData(PAD, PAD);
  readonly #rgba = new Uint32Array(this.#image.data.buffer);
  readonly #drawing: Drawing;
  readonly #settings: Readonly<PadSettings>;
  /** Told after each change, and whether the pen is still down. */
  readonly #changed: (drawing: boolean) => void;
  /** The one pointer that draws; others that come down meanwhile are not followed, but a pen goes before a palm. */
  #pointer: Pick<PointerEvent, 'pointerId' | 'pointerType'> | null = null;

  constructor(
    canvas: HTMLCanvasElement,
    drawing: Drawing,
    settings: Readonly<PadSettings>,
    changed: (drawing: boolean) => void,
  ) {
    canvas.width = canvas.height = PAD;
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false })!;
    this.#drawing = drawing;
    this.#settings = settings;
    this.#changed = changed;
    canvas.addEventListener('pointerdown', (event) => this.#down(event));
    canvas.addEventListener('pointermove', (event) => this.#move(event));
    for (const type of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
      canvas.addEventListener(type, (event) => this.#up(event));
    }
    this.show();
  }

  /** Shows the drawing's pixels, or those of a part of them that was drawn on. */
  show(area: Dirty = EVERYTHING): void {
    const { left, top, right, bottom } = area;
    if (left >= right || top >= bottom) return;
    const { pixels } = this.#drawing;
    this.#canvas.toggleAttribute('data-empty', area === EVERYTHING && pixels.every((value) => value === 0));
    for (let y = top; y < bottom; y++) {
      for (let i = y * PAD + left; i < y * PAD + right; i++)
        this.#rgba[i] = 0xff000000 | (pixels[i]! * 0x010101);
    }
    this.#context.putImageData(this.#image, 0, 0, left, top, right - left, bottom - top);
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0 && event.button !== RUBBER) return;
    if (this.#pointer && !(event.pointerType === 'pen' && this.#pointer.pointerType === 'touch')) return;
    event.preventDefault();
    const { tool, ink, mirror } = this.#settings;
    const [x, y] = this.#position(event);
    if (this.#pointer) this.#drop();
    const rubber = tool === 'eraser' || event.button === RUBBER;
    if (tool === 'fill' && !rubber) {
      this.#drawing.do({ kind: 'fill', ink, x, y });
      this.show();
      this.#changed(false);
      return;
    }
    this.#pointer = event;
    this.#canvas.setPointerCapture(event.pointerId);
    this.#drawing.begin({ ink: rubber ? 0 : ink, mirror });
    this.#draw([event]);
  }

  #move(event: PointerEvent): void {
    if (event.pointerId !== this.#pointer?.pointerId) return;
    const coalesced = event.getCoalescedEvents?.() ?? [];
    this.#draw(coalesced.length ? coalesced : [event]);
  }

  #up(event: PointerEvent): void {
    if (event.pointerId !== this.#pointer?.pointerId) return;
    this.#pointer = null;
    this.#drawing.end(this.#settings.fillClosed && this.#settings.tool === 'brush');
    this.show();
    this.#changed(false);
  }

  /** What a palm has drawn is none of the drawing. */
  #drop(): void {
    this.#pointer = null;
    this.#drawing.cancel();
    this.show();
  }

  #draw(events: readonly PointerEvent[]): void {
    const dirty = this.#drawing.extend(
      events.flatMap((event) => [...this.#position(event), this.#diameter(event)]),
    );
    if (dirty) this.show(dirty);
    this.#changed(true);
  }

  /** In the canvas's own pixels, wherever and however large it is shown at this moment. */
  #position(event: PointerEvent): [x: number, y: number] {
    const box = this.#canvas.getBoundingClientRect();
    return [
      quantise(((event.clientX - box.left) * PAD) / box.width),
      quantise(((event.clientY - box.top) * PAD) / box.height),
    ];
  }

  /** A pen's pressure widens the line; at half of it the line is as wide as was chosen. */
  #diameter(event: PointerEvent): number {
    const { size } = this.#settings;
    return event.pointerType === 'pen' ? quantise(size * (0.35 + 1.3 * event.pressure)) : size;
  }
}
