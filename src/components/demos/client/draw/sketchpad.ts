/** The pad with its tools: what the pen is, how thick, in which grey; its keys. */
import { element, isWriting } from '../dom.ts';
import { createPad, type DrawingPad, type PadSettings, PLAIN, type Tool } from '../pad.ts';

/** @param onChange called after each change; `penDown` while a line is being drawn */
export function createSketchpad(root: ParentNode, onChange: (penDown: boolean) => void): DrawingPad {
  const settings: PadSettings = { ...PLAIN };
  const pad = createPad(root, settings, onChange);
  bindTools(root, settings);
  document.addEventListener('keydown', (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isWriting(event)) return;
    // By the letter where the layout has Latin ones, by the key's place where it has others.
    const other = /^\p{L}$/u.test(event.key) && !/\p{Script=Latin}/u.test(event.key);
    const key = (other ? event.code.replace('Key', '') : event.key).toLowerCase();
    if (key !== 'z' && key !== 'y') return;
    event.preventDefault();
    if (key === 'y' || event.shiftKey) pad.redo();
    else pad.undo();
  });
  return pad;
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
