/** A drawing being edited: its pixels, its actions, undo and redo. Knows no DOM. */
import type { Box } from '../../../drawing/preparation.ts';
import { apply, PAD, Pen, rasterise, type Action } from '../../../drawing/strokes.ts';

/** How many steps can be undone from stored pixels; for older ones the drawing is drawn again from the start. */
const SNAPSHOTS = 24;

export interface PenSettings {
  readonly ink: number;
  readonly mirror: boolean;
}

export class DrawingEditor {
  /** PAD×PAD greys, row by row; the stroke that is being drawn included. */
  readonly pixels = new Uint8Array(PAD * PAD);
  #done: Action[] = [];
  #undone: Action[] = [];
  /** The pixels before each of the last actions. */
  #snapshots: Uint8Array[] = [];
  #stroke: { pen: Pen; settings: PenSettings; ground: Uint8Array } | null = null;

  get actions(): readonly Action[] {
    return this.#done;
  }

  /** Whether the pen is down. */
  get isDrawing(): boolean {
    return this.#stroke !== null;
  }

  get canUndo(): boolean {
    return this.#done.length > 0;
  }

  get canRedo(): boolean {
    return this.#undone.length > 0;
  }

  /** Carries an action out. */
  do(action: Action): void {
    this.end();
    this.#undone = [];
    this.#remember(action, this.pixels.slice());
    apply(this.pixels, action);
  }

  /** Carries another action out in place of the last; undoing it leads to before both. */
  redoAs(action: Action): void {
    if (!this.undo()) return;
    this.do(action);
  }

  /** Puts the pen down. */
  begin(settings: PenSettings): void {
    this.end();
    this.#stroke = { pen: new Pen(settings), settings, ground: this.pixels.slice() };
  }

  /** Moves the pen through points (x, y, diameter; …). @returns where the pixels changed */
  extend(points: readonly number[]): Box | null {
    if (!this.#stroke) return null;
    const { pen, ground } = this.#stroke;
    return pen.paint(this.pixels, ground, pen.add(points));
  }

  /** Lifts the pen. With `fillClosed`, a line that has come back to its beginning is filled. */
  end(fillClosed = false): void {
    if (!this.#stroke) return;
    const { pen, settings, ground } = this.#stroke;
    this.#stroke = null;
    if (!pen.points.length) return;
    this.#undone = [];
    const closed = fillClosed && pen.returns();
    if (closed) pen.paint(this.pixels, ground, pen.enclose());
    const { ink, mirror } = settings;
    const kinds = { ...(mirror && { mirror }), ...(closed && { closed }) };
    this.#remember({ kind: 'stroke', ink, points: pen.points, ...kinds }, ground);
  }

  /** Takes back the stroke that is being drawn, as if it had never begun. */
  cancel(): void {
    if (this.#stroke) this.pixels.set(this.#stroke.ground);
    this.#stroke = null;
  }

  /** Undoes an action. @returns false where there is none */
  undo(): boolean {
    this.end();
    const action = this.#done.pop();
    if (!action) return false;
    this.#undone.push(action);
    this.pixels.set(this.#snapshots.pop() ?? rasterise(this.#done).pixels);
    return true;
  }

  /** Redoes an action. @returns false where there is none */
  redo(): boolean {
    this.end();
    const action = this.#undone.pop();
    if (!action) return false;
    this.#remember(action, this.pixels.slice());
    apply(this.pixels, action);
    return true;
  }

  /** Another drawing in place of this one, with no way back before it. */
  replace(actions: readonly Action[]): void {
    this.#stroke = null;
    this.#done = [...actions];
    this.#undone = [];
    this.#snapshots = [];
    this.pixels.set(rasterise(actions).pixels);
  }

  #remember(action: Action, before: Uint8Array): void {
    this.#done.push(action);
    this.#snapshots.push(before);
    if (this.#snapshots.length > SNAPSHOTS) this.#snapshots.shift();
  }
}
