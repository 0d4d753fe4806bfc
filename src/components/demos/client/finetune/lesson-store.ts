/** A lesson as the browser stores it from one visit to the next, and the lock by which only one tab has one under way. */
import { read, remove, write } from '../../../../engines/web/database.ts';
import { isWhole } from '../../../../engines/web/kept-networks.ts';
import type { ModelFiles, ModelSource } from '../../../../engines/web/protocol.ts';
import { architectureOf, type Weights } from '../../../../network/architecture.ts';
import { type Choices, isLesson, type LessonName } from '../../../../training/lessons.ts';
import type { Evaluation, Progress } from '../../../../engines/web/lesson-run.ts';

const KEY = 'lesson';
const LOCK = 'fashion-mnist-report/lesson';

/** A run that has come to its end. */
export interface RunResult {
  readonly choices: Choices;
  readonly evaluations: readonly Evaluation[];
  /** Whether it was measured on what it was taught. */
  readonly seen?: boolean;
}

export interface StoredLesson {
  readonly choices: Choices;
  readonly progress: Progress;
  /** The weights that it has led to; null while it is unfinished. */
  readonly taught: Weights | null;
  /** Runs beside which it is seen. */
  readonly earlier?: readonly RunResult[];
}

/** What lessons were called that browsers may still keep. */
const FORMER_NAMES: Readonly<Record<string, LessonName>> = { hand: 'drawings', shirt: 'trade' };

/**
 * Whether a lesson still fits what is published. To resume, it needs the very files it began with; what a finished one
 * has led to needs only a network of its shapes.
 */
export function isUsable(
  { choices, progress, taught }: StoredLesson,
  models: readonly ModelSource[],
): boolean {
  const { model } = progress.task;
  const now = models.find(({ id }) => id === model.id);
  if (!now || !isLesson(choices.task)) return false;
  if (!taught) return sameFiles(now, model);
  return isWhole({ architecture: architectureOf(now.architecture, taught), weights: taught });
}

function sameFiles({ files }: ModelFiles, { files: others }: ModelFiles): boolean {
  const names = Object.keys(files);
  return (
    names.length === Object.keys(others).length &&
    names.every((name) => files[name]!.sha256 === others[name]?.sha256)
  );
}

export type LessonStore = ReturnType<typeof createLessonStore>;

/** @param onFailure called when the browser stops storing anything */
export function createLessonStore(onFailure: () => void) {
  /** What is to be written next; of several that come during a write, only the last. */
  let next: StoredLesson | null = null;
  let writing: Promise<void> | null = null;
  let failed = false;
  /** Lets the lock go, while it is held. */
  let release: (() => void) | null = null;

  async function writeAll(): Promise<void> {
    while (next) {
      const lesson = next;
      next = null;
      try {
        await write(KEY, lesson);
        failed = false;
      } catch {
        if (!failed) onFailure();
        failed = true;
      }
    }
  }

  async function isLockedElsewhere(): Promise<boolean> {
    if (release || !navigator.locks) return false;
    try {
      const { held } = await navigator.locks.query();
      return held?.some(({ name }) => name === LOCK) ?? false;
    } catch {
      return false; // Site data is blocked: there is nothing that two tabs could overwrite.
    }
  }

  return {
    /**
     * Only one tab trains at a time: two would halve each other's speed and overwrite each other's progress.
     * @returns whether this tab may
     */
    lock(): Promise<boolean> {
      // On a page that is not served over https there are no locks; where site data is blocked, they are refused.
      if (release || !navigator.locks) return Promise.resolve(true);
      return new Promise((resolve) => {
        const hold = async () =>
          navigator.locks.request(LOCK, { ifAvailable: true }, (lock) => {
            resolve(lock !== null);
            if (!lock) return undefined;
            return new Promise<void>((done) => (release = done));
          });
        hold().catch(() => resolve(true));
      });
    },

    unlock(): void {
      release?.();
      release = null;
    },

    /** The lesson of an earlier visit; undefined where there is none, or another tab has it under way. */
    async read(): Promise<StoredLesson | undefined> {
      if (await isLockedElsewhere()) return undefined;
      const stored = (await read(KEY).catch(() => undefined)) as StoredLesson | undefined;
      if (!stored) return undefined;
      const { task } = stored.choices;
      return { ...stored, choices: { ...stored.choices, task: FORMER_NAMES[task] ?? task } };
    },

    /** Stores a lesson, beside the training: writing so much can take longer than an epoch. */
    write(lesson: StoredLesson): Promise<void> {
      next = lesson;
      return (writing ??= writeAll().finally(() => (writing = null)));
    },

    /** Leaves nothing to resume. */
    async remove(): Promise<void> {
      next = null;
      await writing;
      if (await isLockedElsewhere()) return;
      await remove(KEY).catch(() => undefined);
    },
  };
}
