/** What the scripts of both demos do with the page's elements. */
import { IMAGE_SIZE } from '../../../data/dataset.ts';

/** An element of the page, by id. @throws if there is none */
export function element<E extends HTMLElement>(id: string): E {
  const found = document.getElementById(id);
  if (!found) throw new Error(`The page has no #${id}.`);
  return found as E;
}

/** A new element with its attributes and children. */
export function create<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, String(value));
  created.append(...children);
  return created;
}

/** Whether an event belongs to a text field or to a dialog over the page: not to the pad. */
export const isWriting = ({ target }: Event): boolean =>
  target instanceof Element &&
  target.closest(
    'dialog, textarea, [contenteditable], input:not([type=range], [type=checkbox], [type=file])',
  ) !== null;

/** Shows a sentence in its element, or nothing. */
export function showText(place: HTMLElement, text: string | null): void {
  place.textContent = text;
  place.hidden = text === null;
}

/** 28×28 greys as the pixels of a canvas; black where there are none. */
export function greyImage(greys: ArrayLike<number>): ImageData {
  const image = new ImageData(IMAGE_SIZE, IMAGE_SIZE);
  for (let i = 0; i < image.width * image.height; i++) {
    const grey = greys[i] ?? 0;
    image.data.set([grey, grey, grey, 255], 4 * i);
  }
  return image;
}

/** A canvas that shows 28×28 greys, one pixel each. */
export function greyCanvas(greys: ArrayLike<number>): HTMLCanvasElement {
  const canvas = create('canvas', { width: IMAGE_SIZE, height: IMAGE_SIZE });
  canvas.getContext('2d')!.putImageData(greyImage(greys), 0, 0);
  return canvas;
}

/** Draws a chart into its element. */
export function drawChart(svg: Element, chart: { width: number; height: number; content: string }): void {
  svg.setAttribute('viewBox', `0 0 ${chart.width} ${chart.height}`);
  svg.innerHTML = chart.content;
  // Not every browser sees at once that a selector with `viewBox` matches now.
  svg.toggleAttribute('data-drawn', true);
}
