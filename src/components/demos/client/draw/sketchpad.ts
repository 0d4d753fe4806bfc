/** The pad with its tools: what the pen is, how thick, in which grey; a step back, a step forward. */
import type { Action } from '../../../../drawing/strokes.ts';
import { element, isWriting } from '../dom.ts';
import { DrawingEditor } from '../drawing-editor.ts';
import { createPad, type PadSettings, type Tool } from '../pad.ts';

/** @param onChange called after each change; `penDown` while a line is being drawn */
export function createSketchpad(root: ParentNode, onChange: (penDown: boolean) => void) {
  const settings: PadSettings = { tool: 'brush', size: 28, ink: 210, mirror: false, fillClosed: false };
  const editor = new DrawingEditor();
  const canvas = element<HTMLCanvasElement>('pad');
  const showPixels = createPad(canvas, editor, settings, changed);
  const undo = element<HTMLButtonElement>('undo');
  const redo = element<HTMLButtonElement>('redo');

  function changed(penDown: boolean): void {
    if (!penDown) {
      undo.disabled = element<HTMLButtonElement>('clear').disabled = !editor.canUndo;
      redo.disabled = !editor.canRedo;
    }
    onChange(penDown);
  }

  /** Does it and shows what has come of it, unless nothing has. */
  function edit(step: () => boolean | void): void {
    if (step() === false) return;
    showPixels();
    changed(false);
  }

  bindTools(root, settings);
  undo.addEventListener('click', () => edit(() => editor.undo()));
  redo.addEventListener('click', () => edit(() => editor.redo()));
  document.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isWriting(event)) return;
    // By the letter where the layout has Latin ones, by the key's place where it has others.
    const other = /^\p{L}$/u.test(event.key) && !/\p{Script=Latin}/u.test(event.key);
    const key = (other ? event.code.replace('Key', '') : event.key).toLowerCase();
    if (key !== 'z' && key !== 'y') return;
    event.preventDefault();
    edit(() => (key === 'y' || event.shiftKey ? editor.redo() : editor.undo()));
  });
  return {
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

/** Keeps the settings as the tools are set. */
function bindTools(root: ParentNode, settings: PadSettings): void {
  const tools = [...root.querySelectorAll<HTMLButtonElement>('[data-tool]')];
  for (const button of tools) {
    button.addEventListener('click', () => {
      settings.tool = button.dataset['tool'] as Tool;
      for (const other of tools) other.setAttribute('aria-pressed', String(other === button));
    });
  }
  bindRange('brush-size', (size) => (settings.size = size));
  bindRange('ink', (ink) => {
    settings.ink = ink;
    element('ink').parentElement!.style.setProperty('--chosen', `rgb(${ink} ${ink} ${ink})`);
  });
  bindCheckbox('mirror', (mirror) => (settings.mirror = mirror));
  bindCheckbox('fill-closed', (fillClosed) => (settings.fillClosed = fillClosed));
}

/** Binds a range input and the number beside it; the browser may have kept a value from before a reload. */
function bindRange(id: string, use: (value: number) => void): void {
  const input = element<HTMLInputElement>(id);
  const output = input.parentElement!.querySelector('.reading')!;
  const update = () => {
    output.textContent = input.value;
    use(input.valueAsNumber);
  };
  input.addEventListener('input', update);
  update();
}

function bindCheckbox(id: string, use: (checked: boolean) => void): void {
  const input = element<HTMLInputElement>(id);
  input.addEventListener('change', () => use(input.checked));
  use(input.checked);
}
