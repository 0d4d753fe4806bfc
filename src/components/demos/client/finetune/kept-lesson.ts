/** A lesson as the browser keeps it from one visit to the next, and the lock by which only one tab has one under way. */
import { read, remove, write } from '../../../../engines/web/database.ts';
import { isWhole } from '../../../../engines/web/kept-networks.ts';
import type { ModelFiles, ModelSource } from '../../../../engines/web/protocol.ts';
import type { Weights } from '../../../../network/architecture.ts';
import type { Choices } from '../../lesson-plan.ts';
import type { Progress } from './run.ts';

const KEY = 'lesson';
const LOCK = 'fashion-mnist-report/lesson';

/** With the choices that led to it, and what it came to once it is done. */
export interface Kept {
  readonly choices: Choices;
  readonly progress: Progress;
  readonly taught: Weights | null;
}

/**
 * Whether a lesson still fits what is published. One that is to go on needs the very files it began with; what one
 * came to needs only a network of its shapes.
 */
export function fits({ progress, taught }: Kept, models: readonly ModelSource[]): boolean {
  const { model } = progress.task;
  const now = models.find(({ id }) => id === model.id);
  if (!now) return false;
  return taught ? isWhole({ architecture: now.architecture, weights: taught }) : sameFiles(now, model);
}

function sameFiles({ files }: ModelFiles, { files: others }: ModelFiles): boolean {
  const names = Object.keys(files);
  return (
    names.length === Object.keys(others).length &&
    names.every((name) => files[name]!.sha256 === others[name]?.sha256)
  );
}

export class KeptLesson {
  readonly #onFailure: () => void;
  /** What is to be kept next; of several that come while one is being written, only the last. */
  #next: Kept | null = null;
  #writing: Promise<void> | null = null;
  #failed = false;
  /** Lets the lock go, while it is held. */
  #release: (() => void) | null = null;

  /** @param onFailure when the browser keeps nothing any more */
  constructor(onFailure: () => void) {
    this.#onFailure = onFailure;
  }

  /**
   * Only one tab trains at a time: two would halve each other's speed and overwrite each other's progress.
   * @returns whether this tab may
   */
  lock(): Promise<boolean> {
    if (this.#release) return Promise.resolve(true);
    if (!navigator.locks) return Promise.resolve(true); // Not on a page that is not served over https.
    return new Promise((resolve) => {
      void navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        if (!lock) return undefined;
        return new Promise<void>((held) => (this.#release = held));
      });
    });
  }

  unlock(): void {
    this.#release?.();
    this.#release = null;
  }

  /** That of an earlier visit; undefined where there is none, or another tab has not done with it. */
  async read(): Promise<Kept | undefined> {
    if (await this.#isAnothers()) return undefined;
    return (await read(KEY).catch(() => undefined)) as Kept | undefined;
  }

  /** Keeps a lesson, beside the training: writing so much can take longer than an epoch. */
  keep(lesson: Kept): Promise<void> {
    this.#next = lesson;
    return (this.#writing ??= this.#write().finally(() => (this.#writing = null)));
  }

  /** Nothing is left to go on with. */
  async forget(): Promise<void> {
    this.#next = null;
    await this.#writing;
    if (await this.#isAnothers()) return;
    await remove(KEY).catch(() => undefined);
  }

  async #write(): Promise<void> {
    while (this.#next) {
      const lesson = this.#next;
      this.#next = null;
      try {
        await write(KEY, lesson);
        this.#failed = false;
      } catch {
        if (!this.#failed) this.#onFailure();
        this.#failed = true;
      }
    }
  }

  async #isAnothers(): Promise<boolean> {
    if (this.#release || !navigator.locks) return false;
    const { held } = await navigator.locks.query();
    return held?.some(({ name }) => name === LOCK) ?? false;
  }
}
