import { showFailure } from '../../../../client/loading.ts';
import { integerIn, readView, writeView } from '../../../../client/url-state.ts';
import type { ImageSet } from '../../../../data/sprites.ts';
import type { ModelSource } from '../../../../engines/web/protocol.ts';
import { charts as t } from '../../../../i18n/charts.ts';
import { describeStage, largestStage, layersChart, type Stage } from '../../layers.ts';
import { arrowStep, makeChartChoice } from '../choice.ts';
import type { FigureParts } from '../figure.ts';
import type { Maps } from '../maps.ts';

export interface LayersData {
  stages: Stage[];
  source: ModelSource;
  /** A garment of each class. */
  garments: ImageSet;
}

/** The architecture: a layer to point at and to choose, and the feature maps of a garment in that layer. */
export function mount(parts: FigureParts): void {
  const { figure, lang, variants } = parts;
  const { stages, source, garments } = parts.data as LayersData;
  const charts = variants.map(({ width }) => layersChart(stages, width, lang));
  const standard = largestStage(stages);
  const asked = readView(figure.id);
  const result = figure.querySelector<HTMLElement>('.maps .result');
  const buttons = [...figure.querySelectorAll<HTMLButtonElement>('button[data-garment]')];
  let garment: number | null = null;
  let maps: Maps | undefined;

  function save(): void {
    writeView(figure.id, {
      layer: layer.chosen === standard ? undefined : stages[layer.chosen]!.name,
      garment: garment === null ? undefined : String(garment),
    });
  }

  const index = stages.findIndex(({ name }) => name === asked['layer']);
  const layer = makeChartChoice(parts, {
    chosen: index === -1 ? standard : index,
    charts: () => charts,
    step: arrowStep(stages.length),
    describe: (index) => describeStage(stages[index]!, lang),
    save() {
      maps?.show();
      save();
    },
  });

  // The engine and everything around it is loaded when a garment is first chosen.
  async function chooseGarment(index: number): Promise<void> {
    if (!result) return;
    garment = index;
    buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(i === index)));
    result.hidden = false;
    save();
    const loaded = await import('../maps.ts').catch(() => null);
    if (!loaded) {
      const status = result.querySelector('.status')!;
      showFailure(status, lang, t(lang, 'mapsUnreachable'), () => void chooseGarment(index));
      return;
    }
    maps ??= loaded.createMaps(result, lang, source, garments, () => stages[layer.chosen]!.name);
    await maps.choose(garment ?? index);
  }
  buttons.forEach((button, i) => button.addEventListener('click', () => void chooseGarment(i)));
  // A reader who follows a link to a garment has asked for its maps.
  const linked = integerIn(asked['garment'], 0, buttons.length - 1, -1);
  if (linked !== -1) void chooseGarment(linked);
}
