/** The tools beside the pad: what the pen is, how thick, in which grey. */
import { element } from '../page-parts.ts';
import type { PadSettings, Tool } from './pad.ts';

/** Keeps the settings as the tools say. */
export function bindTools(root: ParentNode, settings: PadSettings): void {
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
    element('swatch').style.background = `rgb(${ink} ${ink} ${ink})`;
  });
  bindCheckbox('mirror', (mirror) => (settings.mirror = mirror));
  bindCheckbox('fill-closed', (fillClosed) => (settings.fillClosed = fillClosed));
}

/** Binds a range input and the number beside it; the browser may have kept a value from before a reload. */
export function bindRange(id: string, use: (value: number) => void): void {
  const input = element<HTMLInputElement>(id);
  const output = input.parentElement!.querySelector('output')!;
  const update = () => {
    output.value = input.value;
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
