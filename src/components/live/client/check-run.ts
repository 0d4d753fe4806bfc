/** Puts images through networks in workers: as many as there are cores on wasm, one on a GPU. */
import { IMAGE_PIXELS, IMAGE_SIZE } from '../../../data/dataset.ts';
import type { WebBackend } from '../../../engines/backends.ts';
import { Engine } from '../../../engines/web/client.ts';
import type { Chosen, ModelSource } from '../../../engines/web/protocol.ts';
import type { Verification } from '../../../evaluation/verification.ts';
import { seenAs, type View } from '../../../training/image-geometry.ts';

/** Workers on wasm: two grow the tab by some 250 MB, a third one by more than the 300 that a phone can spare. */
const MOST_WORKERS = 2;

/** One for each core, up to as many as the tab's memory allows. */
export const workersHere = (): number => Math.min(navigator.hardwareConcurrency || 1, MOST_WORKERS);

/** A network on the images in one of the views that are averaged. */
export interface Look {
  readonly source: ModelSource;
  readonly view: View;
}

interface CheckOptions {
  /** 28×28 bytes each, one after another. */
  readonly images: Uint8Array;
  readonly looks: readonly Look[];
  readonly verification: Verification;
  readonly forced: WebBackend | null;
  readonly onPiece: () => void;
  /** The backend was chosen, or another took its place. */
  readonly onBackend: (chosen: Chosen, before: Chosen | null) => void;
  /** A worker stopped, and another took its place or its work. */
  readonly onRestart: () => void;
}

interface Hand {
  readonly engine: Engine;
  loaded: ModelSource | null;
  /** Whether it was asked to load: where it loads without, its worker had stopped. */
  asked: boolean;
}

export class CheckRun {
  readonly #options: CheckOptions;
  readonly #hands: Hand[] = [];
  #backend: Chosen | null = null;
  /** Fewer than there are cores where one did not work. */
  #most = workersHere();
  #halted = false;

  constructor(options: CheckOptions) {
    this.#options = options;
  }

  /** Computes what is missing. Settles when all is there, or after {@link pause} or {@link stop}. @throws EngineError */
  async run(): Promise<void> {
    const { verification, forced, onRestart } = this.#options;
    this.#halted = false;
    this.#hands[0] ??= this.#hand(forced);
    while (!this.#halted && verification.done < verification.total) {
      while (this.#hands.length < this.#count) this.#hands.push(this.#hand('wasm'));
      const ends = await Promise.allSettled(this.#hands.map((hand) => this.#work(hand)));
      const failed = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
      if (failed.length === ends.length) throw failed[0];
      // What a worker gave back after the others had ended is for those of the next round.
      for (let i = ends.length - 1; i >= 0; i--) {
        if (ends[i]!.status === 'rejected') this.#hands.splice(i, 1)[0]!.engine.dispose();
      }
      if (failed.length > 0) {
        this.#most = this.#hands.length;
        onRestart();
      }
    }
  }

  /** No further piece is begun; {@link run} resumes. */
  pause(): void {
    this.#halted = true;
  }

  /** Ends the workers; {@link run} starts others. */
  stop(): void {
    this.#halted = true;
    for (const { engine } of this.#hands.splice(0)) engine.dispose();
  }

  /** How many workers there should be. */
  get #count(): number {
    return this.#backend?.name === 'wasm' ? this.#most : 1;
  }

  #hand(forced: WebBackend | null): Hand {
    const engine = new Engine({
      forced,
      // The cores are busy with other workers.
      threads: false,
      onNotice: ({ type }) => {
        if (type === 'choosing' && !hand.asked) this.#options.onRestart();
      },
    });
    const hand: Hand = { engine, loaded: null, asked: false };
    return hand;
  }

  /** Works until nothing waits, or until more workers are to be started. */
  async #work(hand: Hand): Promise<void> {
    const { images, looks, verification, onPiece } = this.#options;
    do {
      const piece = verification.next();
      if (!piece) return;
      try {
        const { source, view } = looks[piece.view]!;
        if (hand.loaded !== source) {
          hand.asked = true;
          this.#see(await hand.engine.load(source));
          hand.asked = false;
          hand.loaded = source;
        }
        const seen = images.subarray(piece.from * IMAGE_PIXELS, piece.to * IMAGE_PIXELS);
        const { probabilities, backend } = await hand.engine.predict(seenAs(seen, IMAGE_SIZE, view));
        verification.add(piece, probabilities);
        this.#see(backend);
        onPiece();
      } catch (error) {
        verification.giveBack(piece);
        // Its worker was ended by stop: nothing failed.
        if (this.#halted) return;
        throw error;
      }
    } while (!this.#halted && this.#hands.length >= this.#count);
  }

  #see(chosen: Chosen): void {
    const before = this.#backend;
    this.#backend = chosen;
    if (before?.name !== chosen.name) this.#options.onBackend(chosen, before);
  }
}
