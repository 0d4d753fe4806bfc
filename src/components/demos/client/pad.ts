/** The pad: pointers in, pixels out, a step back or forward. The canvas shows exactly the drawing's own pixels. */
import type { Box } from '../../../drawing/preparation.ts';
import { type Action, PAD } from '../../../drawing/strokes.ts';
import { DrawingEditor } from './drawing-editor.ts';

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

/** How far an arrow key moves the pen, alone and with Shift: half a pixel of the network, and four of them. */
const [STEP, LONG_STEP] = [PAD / 56, PAD / 7];

const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Points are kept to a quarter of a pixel: no eye sees more, and drawings stay short. */
const quantise = (value: number): number => Math.round(value * 4) / 4;

/** How a pad is that has no tools. */
export const PLAIN: PadSettings = { tool: 'brush', size: 28, ink: 210, mirror: false, fillClosed: false };

export type DrawingPad = ReturnType<typeof createPad>;

/**
 * Lets pointers and the keyboard draw on the canvas, rings what the brush would cover, and binds the buttons that undo,
 * redo and clear.
 * @param root holds a Pad.astro, and its buttons: `data-edit`
 * @param onChange called after each change, with whether the pen is still down
 */
export function createPad(
  root: ParentNode,
  settings: Readonly<PadSettings>,
  onChange: (penDown: boolean) => void,
) {
  const editor = new DrawingEditor();
  const canvas = root.querySelector<HTMLCanvasElement>('#pad')!;
  const buttons = [...root.querySelectorAll<HTMLButtonElement>('[data-edit]')];
  canvas.width = canvas.height = PAD;
  const context = canvas.getContext('2d', { alpha: false })!;
  const image = new ImageData(PAD, PAD);
  const rgba = new Uint32Array(image.data.buffer);
  /** The one pointer that draws; others that come down meanwhile are not followed, but a pen takes over from a palm. */
  let drawing: Pick<PointerEvent, 'pointerId' | 'pointerType'> | null = null;

  const surface = canvas.parentElement!;
  const ring = surface.querySelector<HTMLElement>('.ring')!;
  /** Where the keyboard's pen is. */
  let pen: readonly [x: number, y: number] = [PAD / 2, PAD / 2];

  /** Shows the drawing's pixels, or those of a part of them that was drawn on. */
  function show(area = EVERYTHING): void {
    const { left, top, right, bottom } = area;
    if (left >= right || top >= bottom) return;
    const { pixels } = editor;
    canvas.toggleAttribute('data-empty', area === EVERYTHING && pixels.every((value) => value === 0));
    for (let y = top; y < bottom; y++) {
      for (let i = y * PAD + left; i < y * PAD + right; i++) rgba[i] = 0xff000000 | (pixels[i]! * 0x010101);
    }
    context.putImageData(image, 0, 0, left, top, right - left, bottom - top);
  }

  function changed(penDown: boolean): void {
    if (!penDown) {
      for (const button of buttons)
        button.disabled = !(button.dataset['edit'] === 'redo' ? editor.canRedo : editor.canUndo);
    }
    onChange(penDown);
  }

  /** Does it and shows what has come of it, unless nothing has. */
  function edit(step: () => boolean | void): void {
    if (step() === false) return;
    show();
    changed(false);
  }

  /** In the canvas's own pixels, wherever and however large it is shown at this moment. */
  function position(event: MouseEvent): [x: number, y: number] {
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
      edit(() => editor.do({ kind: 'fill', ink, x, y }));
      return;
    }
    drawing = event;
    // A pointer that is gone already cannot be held: one that drew while the page was still loading.
    if (event.isTrusted) canvas.setPointerCapture(event.pointerId);
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
    edit(() => editor.end(settings.fillClosed && settings.tool === 'brush'));
  }

  function moveRing(x: number, y: number): void {
    const scale = canvas.getBoundingClientRect().width / PAD;
    for (const [name, value] of Object.entries({ x, y, diameter: settings.size })) {
      ring.style.setProperty(`--${name}`, `${value * scale}px`);
    }
  }

  /** Rings the part of the pad that mouse or pen would touch with the brush or the eraser. */
  function follow(event: PointerEvent): void {
    ring.hidden = event.pointerType === 'touch' || settings.tool === 'fill';
    moveRing(...position(event));
  }

  function key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = ARROWS[event.key];
    const { tool, ink, size, mirror, fillClosed } = settings;
    if (direction) {
      const step = event.shiftKey ? LONG_STEP : STEP;
      pen = [0, 1].map((i) => Math.min(PAD, Math.max(0, pen[i]! + step * direction[i]!))) as [number, number];
    } else if (event.key === 'Escape' && editor.isDrawing) edit(() => editor.cancel());
    else if (event.key === ' ' && tool === 'fill')
      edit(() => editor.do({ kind: 'fill', ink, x: pen[0], y: pen[1] }));
    else if (event.key === ' ' && editor.isDrawing) edit(() => editor.end(fillClosed && tool === 'brush'));
    else if (event.key === ' ') editor.begin({ ink: tool === 'eraser' ? 0 : ink, mirror });
    else return;
    event.preventDefault();
    if (editor.isDrawing) {
      show(editor.extend([...pen, size])!);
      changed(true);
    }
    ring.hidden = false;
    moveRing(...pen);
    for (const state of surface.querySelectorAll<HTMLElement>('[data-pen-state]')) {
      state.hidden = (state.dataset['penState'] === 'down') !== editor.isDrawing;
    }
    const [column, row] = pen.map((value) => Math.round((28 * value) / PAD));
    surface.querySelector('[data-pen-place]')!.textContent = `${column}, ${row} / 28`;
  }

  /** A pen that is left behind is lifted. */
  function leave(): void {
    ring.hidden = true;
    if (drawing || !editor.isDrawing) return;
    editor.end();
    changed(false);
  }

  canvas.addEventListener('keydown', key);
  canvas.addEventListener('blur', leave);
  canvas.addEventListener('pointerleave', () => (ring.hidden = true));
  canvas.addEventListener('pointerdown', follow);
  canvas.addEventListener('pointermove', follow);
  canvas.addEventListener('pointerdown', down);
  canvas.addEventListener('pointermove', move);
  for (const type of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
    canvas.addEventListener(type, up);
  }
  const steps = {
    undo: () => edit(() => editor.undo()),
    redo: () => edit(() => editor.redo()),
    clear: () => edit(() => editor.do({ kind: 'clear' })),
  };
  for (const button of buttons)
    button.addEventListener('click', steps[button.dataset['edit'] as keyof typeof steps]);
  show();
  return {
    ...steps,
    pixels: editor.pixels,
    get actions() {
      return editor.actions;
    },
    /** Carries an action out, as one step. */
    do: (action: Action) => edit(() => editor.do(action)),
    /** Carries another action out in place of the last. */
    redoAs: (action: Action) => edit(() => editor.redoAs(action)),
    /** Another drawing in place of this one, with no way back before it. */
    replace: (actions: readonly Action[]) => edit(() => editor.replace(actions)),
  };
}
