/**
 * Predicts a drawing while it is drawn: one image at a time and always the latest, on the model that is chosen by then.
 * Knows no DOM.
 */
import type { Engine, Prediction } from '../../../../engines/web/client.ts';
import type { Chosen, ModelSource } from '../../../../engines/web/protocol.ts';

/** 28×28 greys. */
type Image = Uint8Array<ArrayBuffer>;

interface PredictionListener {
  /** An image is being predicted; its model may have to be loaded before. */
  onWork(): void;
  /** @param latest whether nothing has been drawn since */
  onPrediction(image: Image, prediction: Prediction, latest: boolean): void;
  onFailure(error: unknown): void;
  onLoading(): void;
  /** @param backend null where loading has failed */
  onLoaded(backend: Chosen | null): void;
}

/** @param chosen the model that the reader has chosen by now */
export function createLivePrediction(
  engine: Pick<Engine, 'load' | 'predict'>,
  chosen: () => ModelSource,
  listener: PredictionListener,
) {
  let image: Image | null = null;
  let working = false;
  let loaded = false;
  let failed = false;
  let loading: Promise<void> | null = null;

  /** Loads the chosen model; two that ask at once wait for the same. */
  const loadOnce = (): Promise<void> => (loading ??= loadChosen().finally(() => (loading = null)));

  async function loadChosen(): Promise<void> {
    let backend: Chosen | null = null;
    listener.onLoading();
    try {
      while (!loaded) {
        const source = chosen();
        backend = await engine.load(source);
        const now = chosen(); // Another may have been chosen meanwhile.
        loaded = source.id === now.id && source.topology === now.topology;
      }
    } finally {
      listener.onLoaded(loaded ? backend : null);
    }
  }

  async function load(): Promise<void> {
    try {
      await loadOnce();
    } catch (error) {
      fail(error);
    }
  }

  /** Predicts the latest image until there is no later one. */
  async function work(): Promise<void> {
    if (working) return;
    working = true;
    listener.onWork();
    try {
      for (let predicted: Image | null = null; image && image !== predicted;) {
        if (!loaded) await loadOnce();
        predicted = image; // It may have changed while the model was loading.
        if (!predicted) break;
        const prediction = await engine.predict(predicted);
        if (image) listener.onPrediction(predicted, prediction, image === predicted);
      }
    } catch (error) {
      fail(error);
    } finally {
      working = false;
    }
  }

  function fail(error: unknown): void {
    failed = true;
    listener.onFailure(error);
  }

  return {
    /** The latest image; null while nothing is drawn. */
    get image() {
      return image;
    },
    get working() {
      return working;
    },
    get failed() {
      return failed;
    },
    /** Whether a model is loaded. */
    get loaded() {
      return loaded;
    },
    /** Whether loading a model has been tried. */
    get started() {
      return loaded || loading !== null || failed;
    },

    /** Predicts this image next, in place of any that is still waiting. */
    predict(next: Image | null): void {
      failed = false;
      image = next;
      if (image) void work();
    },

    /** Loads the model before anything is drawn. */
    load: () => void load(),

    /** Loads the chosen model, and predicts the image, anew. */
    restart(): void {
      loaded = failed = false;
      image &&= image.slice(); // The same pixels, to be predicted anew.
      if (image) void work();
      else void load();
    },
  };
}
