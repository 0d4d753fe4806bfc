import { Engine } from '../../../engines/web/client.ts';
import { isWebBackend } from '../../../engines/backends.ts';
import { EngineError, type Feature, type ModelSource } from '../../../engines/web/protocol.ts';
import { charts as t } from '../../../i18n/charts.ts';
import { percent } from '../../../i18n/format.ts';
import type { Lang } from '../../../i18n/languages.ts';
import { ImageSheets } from '../../../client/image-set.ts';
import type { ImageSet } from '../../../data/sprites.ts';
import { describeMaps, mosaic } from '../feature-maps.ts';
import { showFailure } from '../../../client/loading.ts';

/** The feature maps below the architecture. */
export interface Maps {
  /** Sends a garment through the network and shows what the chosen layer makes of it. */
  choose: (garment: number) => Promise<void>;
  /** Shows the chosen layer for the same garment; nothing before there is an answer. */
  show: () => void;
}

/** @param chosenLayer the name of the layer that is chosen at the moment */
export function createMaps(
  result: HTMLElement,
  lang: Lang,
  source: ModelSource,
  garments: ImageSet,
  chosenLayer: () => string,
): Maps {
  const status = result.querySelector('.status')!;
  const canvas = result.querySelector('canvas')!;
  const sheets = new ImageSheets(garments);
  // As on the drawing page: `?backend=wasm` asks for one and no other.
  const backend = new URLSearchParams(location.search).get('backend');
  const engine = new Engine({
    forced: isWebBackend(backend) ? backend : null,
    onNotice(notice) {
      if (notice.type !== 'progress') return;
      const loaded = percent(lang, notice.loaded / notice.total, 0);
      status.textContent = t(lang, 'mapsLoading', { percent: loaded });
    },
  });
  let loading: Promise<unknown> | undefined;
  let features: readonly Feature[] = [];
  let input: Feature | undefined;
  let latest = 0;

  function show(): void {
    const layer = chosenLayer();
    const found = layer === 'input' ? input : features.find(({ name }) => name === layer);
    if (!found) return;
    const { width, height, pixels } = mosaic(found, canvas.clientWidth < 500);
    canvas.width = width;
    canvas.height = height;
    canvas.getContext('2d')?.putImageData(new ImageData(pixels, width, height), 0, 0);
    const sentence = describeMaps(found, lang);
    canvas.setAttribute('aria-label', sentence);
    status.textContent = sentence;
  }

  async function choose(garment: number): Promise<void> {
    const turn = ++latest;
    try {
      const image = await sheets.image(garment);
      if (!loading) {
        status.textContent = t(lang, 'mapsLoading', { percent: '' });
        loading = engine.load(source);
      }
      await loading;
      if (turn !== latest) return;
      status.textContent = t(lang, 'mapsComputing');
      const answer = await engine.features(Uint8Array.from(image));
      // Another garment was chosen meanwhile.
      if (turn !== latest) return;
      features = answer;
      input = { name: 'input', shape: [28, 28, 1], values: Float32Array.from(image) };
      // Another layer may have been chosen meanwhile.
      show();
    } catch (error) {
      loading = undefined;
      if (turn !== latest) return;
      showFailure(status, lang, sentenceFor(error, lang), () => void choose(garment));
    }
  }

  return { show, choose };
}

function sentenceFor(error: unknown, lang: Lang): string {
  if (error instanceof EngineError && error.failure === 'no-backend') return t(lang, 'mapsNoBackend');
  if (!(error instanceof EngineError) || error.failure === 'unreachable') return t(lang, 'mapsUnreachable');
  return error.fault
    ? t(lang, 'mapsDamaged', { file: error.fault.file })
    : t(lang, 'mapsFailed', { reason: error.message });
}
