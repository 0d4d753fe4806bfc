import type { ModelSource } from '../../../engines/web/protocol.ts';
import type { ImageSet } from '../../../data/sprites.ts';
import { charts as t } from '../../../i18n/charts.ts';
import { describeStage, drawLayersCursor, layersGeometry, type Stage } from '../layers.ts';
import { retryButton } from '../../../client/retry.ts';
import { integerIn, readView, writeView } from '../../../client/url-state.ts';
import { chooseByKey, placeIn, type FigureParts } from './figure.ts';
import type { Maps } from './maps.ts';

export interface LayersData {
  stages: Stage[];
  source: ModelSource;
  /** A garment of each class. */
  garments: ImageSet;
}

/** The architecture in the browser: a layer to hover, to choose, or to reach by the arrow keys. */
export function mount({ figure, lang, variants, readout, data }: FigureParts): void {
  const { stages, source, garments } = data as LayersData;
  const geometries = variants.map(({ width }) => layersGeometry(stages, width));
  const plot = figure.querySelector<HTMLElement>('.plot');
  const largest = stages.reduce(
    (best, stage, i) => (stage.parameters > stages[best]!.parameters ? i : best),
    0,
  );
  const asked = stages.findIndex(({ name }) => name === readView(figure.id)['layer']);
  let chosen = asked === -1 ? largest : asked;
  let garment: number | null = null;

  function show(index: number): void {
    variants.forEach(({ svg }, i) => {
      const cursor = svg.querySelector('.cursor');
      if (cursor) cursor.innerHTML = drawLayersCursor(geometries[i]!, index);
    });
    const sentence = describeStage(stages[index]!, lang);
    if (readout && readout.textContent !== sentence) readout.textContent = sentence;
  }

  function save(): void {
    writeView(figure.id, {
      layer: chosen === largest ? undefined : stages[chosen]!.name,
      garment: garment === null ? undefined : String(garment),
    });
  }

  function choose(index: number): void {
    chosen = Math.min(stages.length - 1, Math.max(0, index));
    show(chosen);
    maps?.show();
    save();
  }

  // The engine and everything around it is loaded when a garment is first chosen.
  let maps: Maps | undefined;
  const result = figure.querySelector<HTMLElement>('.maps .result');
  const buttons = [...figure.querySelectorAll<HTMLButtonElement>('button[data-garment]')];
  async function dress(index: number): Promise<void> {
    if (!result) return;
    garment = index;
    buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(i === index)));
    result.hidden = false;
    save();
    const loaded = await import('./maps.ts').catch(() => null);
    if (!loaded) {
      const retry = retryButton(lang, () => void dress(index));
      result.querySelector('.status')?.replaceChildren(t(lang, 'mapsUnreachable'), ' ', retry);
      return;
    }
    maps ??= loaded.createMaps(result, lang, source, garments, () => stages[chosen]!.name);
    await maps.choose(garment ?? index);
  }
  buttons.forEach((button, i) => button.addEventListener('click', () => void dress(i)));
  // Who follows a link to a garment has asked for its maps.
  const linked = integerIn(readView(figure.id)['garment'], 0, buttons.length - 1, -1);
  if (linked !== -1) void dress(linked);

  variants.forEach(({ svg }, i) => {
    const stageAt = (event: PointerEvent): number => {
      const { x, y } = placeIn(svg, event);
      return geometries[i]!.stages.findIndex(
        ({ area }) => x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height,
      );
    };
    svg.addEventListener('pointermove', (event) => {
      const index = stageAt(event);
      show(index === -1 ? chosen : index);
    });
    svg.addEventListener('pointerleave', () => show(chosen));
    svg.addEventListener('click', (event) => {
      const index = stageAt(event as PointerEvent);
      if (index !== -1) choose(index);
    });
  });

  chooseByKey(
    plot,
    () => ({
      ArrowRight: chosen + 1,
      ArrowDown: chosen + 1,
      ArrowLeft: chosen - 1,
      ArrowUp: chosen - 1,
      Home: 0,
      End: stages.length - 1,
    }),
    choose,
  );
  show(chosen);
}
