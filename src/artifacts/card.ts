/**
 * Model cards: what anybody who uses a published network or ensemble must know, written from its metrics in each language;
 * Markdown.
 */
import { FILES } from '../data/idx.ts';
import { reported } from '../data/reported.ts';
import { differenceInterval, wilsonInterval } from '../evaluation/metrics.ts';
import type enCard from '../i18n/en/card.ts';
import { classes } from '../i18n/en/site.ts';
import { number, percent, sentences, signed } from '../i18n/format.ts';
import { type Lang, languages, LANGUAGES } from '../i18n/languages.ts';
import { translator, type Values, type WordsOf } from '../i18n/translator.ts';
import { PIXEL_DEVIATION, PIXEL_MEAN } from '../network/preprocess.ts';
import { settingsOf } from '../training/recipe.ts';
import type { EnsembleMetrics } from './ensemble.ts';
import { departuresText, ENGLISH, labelText, type RecipeWords } from './recipe-text.ts';
import type { Metrics } from './schema.ts';

type Names = readonly { readonly name: string }[];

/** A language's words for cards. */
export interface CardWords extends RecipeWords {
  readonly card: WordsOf<typeof enCard>;
  /** The names of the classes, in every language. */
  readonly classes: Readonly<Record<Lang, Names>>;
}

export async function cardWords(lang: Lang): Promise<CardWords> {
  const part = async (name: 'card' | 'recipe' | 'presets') =>
    ((await import(`../i18n/${lang}/${name}.ts`)) as { default: never }).default;
  const classes: Partial<Record<Lang, Names>> = {};
  for (const each of LANGUAGES) {
    ({ classes: classes[each] } = (await import(`../i18n/${each}/site.ts`)) as { classes: Names });
  }
  return {
    lang,
    card: await part('card'),
    recipe: await part('recipe'),
    presets: await part('presets'),
    classes: classes as CardWords['classes'],
  };
}

/** The name of a card's file in that language, beside the run's other files. */
export const cardFile = (lang: Lang): string => (lang === ENGLISH.lang ? 'card.md' : `card.${lang}.md`);

/** The card in every language, by the names of the files, which link each other; Hugging Face's hub reads the first. */
export async function cardFiles(
  metrics: Metrics | EnsembleMetrics,
): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const files = LANGUAGES.map(async (lang) => {
    const others = LANGUAGES.filter((each) => each !== lang);
    const links = others.map((each) => `[${languages[each].name}](${cardFile(each)})`).join(' ');
    const head = lang === ENGLISH.lang ? `${metadata(metrics)}\n` : '';
    const text = `${head}${links}\n\n${modelCard(metrics, await cardWords(lang))}`;
    return [cardFile(lang), new TextEncoder().encode(text)] as const;
  });
  return Object.fromEntries(await Promise.all(files));
}

/** What must be known of a run wherever one of its files goes, as text: for the metadata of ONNX and safetensors. */
export const networkFacts = ({ id, test, data, source: { commit } }: Metrics): Record<string, string> => ({
  run: id,
  commit: commit ?? 'unknown',
  accuracy: `${test.accuracy} on ${test.images} test images`,
  classes: JSON.stringify(classes.map(({ name }) => name)),
  normalisation: `(x - ${PIXEL_MEAN.toFixed(4)}) / ${PIXEL_DEVIATION.toFixed(4)} for x in [0, 1]`,
  dataset: data,
  ...(data === 'fashion-mnist' &&
    Object.fromEntries(Object.values(FILES).map(({ name, sha256 }) => [`sha256 of ${name}`, sha256]))),
  license: 'MIT',
});

type Cell = string | number;
const row = (cells: readonly Cell[]): string => `| ${cells.join(' | ')} |`;
const table = (head: readonly Cell[], rows: readonly (readonly Cell[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(row).join('\n');

/** The paragraphs that a network's and an ensemble's card do not share. */
interface Own {
  readonly introduction: string;
  /** How often the test images were read. */
  readonly reads: string;
  readonly origin: readonly string[];
  readonly rounding: readonly string[];
  readonly use: readonly string[];
}

/** @returns the translator of a card's words, and what is written in the same way throughout a card */
function writer({ lang, card }: CardWords) {
  const translate = translator({ [`./${lang}/card.ts`]: card });
  const t = (key: keyof typeof enCard, values?: Values): string => translate(lang, key, values);
  return {
    t,
    say: (...texts: string[]): string => sentences(lang, texts),
    share: (fraction: number): string => percent(lang, fraction),
    minutes: (seconds: number): string => number(lang, seconds / 60, 1),
    /** Where and from which code something was computed. */
    place: ({ backend: { name, device }, source: { commit, dirty } }: Metrics | EnsembleMetrics) => {
      const version = commit ?? t('unknown');
      return { device, backend: name, commit: dirty ? t('dirty', { commit: version }) : version };
    },
  };
}

/** The card in a language, as its file holds it. */
export function modelCard(metrics: Metrics | EnsembleMetrics, words: CardWords): string {
  const { lang } = words;
  const { t, say, share } = writer(words);
  const own = 'kind' in metrics ? ensembleParts(metrics, words) : networkParts(metrics, words);
  const { data, validation, test, report } = metrics;
  const set = (name: string, figures: Metrics['validation'] | undefined): Cell[][] =>
    figures ? [[name, figures.images, figures.loss.toFixed(4), share(figures.accuracy)]] : [];
  const score = (name: string, { precision, recall, f1, support }: Metrics['report']['macro']): Cell[] => [
    name,
    ...[precision, recall, f1].map((value) => value.toFixed(3)),
    support,
  ];
  const others = LANGUAGES.filter((each) => each !== lang);
  const className = (label: number): string =>
    [
      words.classes[lang][label]!.name,
      ...others.map(
        (each) => `<span lang="${languages[each].tag}">${words.classes[each][label]!.name}</span>`,
      ),
    ].join(' ');
  const parts = [
    `# ${t('title', { id: metrics.id })}`,
    own.introduction,
    `## ${t('data')}`,
    say(
      data === 'synthetic' ? t('synthetic', { dataset: t('dataset') }) : t('dataset'),
      t(validation ? 'split' : 'allImages'),
      own.reads,
    ),
    ...own.origin,
    `## ${t('results')}`,
    table(
      [t('set'), t('images'), t('loss'), t('accuracy')],
      [
        ...set(t('validation'), validation),
        ...set(t('variedValidation'), 'variedValidation' in metrics ? metrics.variedValidation : null),
        ...set(t('test'), test),
      ],
    ),
    table(
      [t('class'), t('precision'), t('recall'), 'F1', t('support')],
      [
        ...report.classes.map((scores, label) => score(className(label), scores)),
        score(t('macro'), report.macro),
        score(t('weighted'), report.weighted),
      ],
    ),
    ...(data === 'fashion-mnist' ? [besideReport(test, words)] : []),
    ...own.rounding,
    `## ${t('use')}`,
    ...own.use,
    `## ${t('licence')}`,
    t('mit'),
  ];
  return `${parts.join('\n\n')}\n`;
}

/** How far the accuracy is from the report's, of which nothing but the share of the same images is known. */
function besideReport({ accuracy, correct, images }: Metrics['test'], words: CardWords): string {
  const { t, share } = writer(words);
  const { value } = reported.testAccuracy;
  const points = (difference: number): string => signed(words.lang, 100 * difference, 2);
  const [low, high] = differenceInterval(
    value,
    wilsonInterval(value * images, images),
    accuracy,
    wilsonInterval(correct, images),
  );
  return t('besideReport', {
    reported: share(value),
    difference: points(accuracy - value),
    low: points(low),
    high: points(high),
  });
}

function networkParts(metrics: Metrics, words: CardWords): Own {
  const { id, test, validation, float16, eightBit, time, departures, seeds } = metrics;
  const { t, say, share, minutes, place } = writer(words);
  const meanings: Readonly<Record<string, unknown>> = { ...words.recipe, ...words.card };
  const settings: [string, unknown][] = [
    ...settingsOf(metrics.recipe).filter(([name]) => name !== 'architecture' && name !== 'seed'),
    ...Object.entries(seeds).map(([name, seed]): [string, number] => [`seed.${name}`, seed]),
  ];
  const normalised = t('normalised', { mean: PIXEL_MEAN.toFixed(4), deviation: PIXEL_DEVIATION.toFixed(4) });
  return {
    introduction: say(
      t('network', { parameters: number(words.lang, metrics.parameterCount) }),
      departures.length
        ? t('otherRecipe', { departures: departuresText(departures, words) })
        : t('fullRecipe'),
    ),
    reads: t('networkReads', { n: metrics.testSetReads }),
    origin: [
      `## ${t('recipe')}`,
      table(
        [t('setting'), t('meaning'), t('value')],
        settings.map(([name, value]) => [name, String(meanings[name] ?? ''), String(value ?? t('none'))]),
      ),
      say(
        t('training', {
          ...place(metrics),
          minutes: minutes(time.seconds),
          speed: time.imagesPerSecond.toFixed(0),
        }),
        t(validation ? 'bestEpoch' : 'lastEpoch', { best: metrics.bestEpoch, epochs: metrics.epochs }),
      ),
    ],
    rounding: [
      t('float16', {
        flips: float16.flips,
        images: test.images,
        from: share(float16.accuracyFloat32),
        to: share(float16.accuracyFloat16),
      }),
      ...(eightBit
        ? [
            t('eightBit', {
              flips: eightBit.flips,
              images: eightBit.images,
              from: share(eightBit.accuracyFloat16),
              to: share(eightBit.accuracy),
            }),
          ]
        : []),
    ],
    use: [
      table(
        [t('file'), t('for'), t('input')],
        [
          [
            '`model.json`, `weights.bin`',
            t('tfjs', { code: `\`tf.loadLayersModel('…/${id}/model.json')\`` }),
            t('zeroToOne'),
          ],
          ['`model.onnx`', t('onnxruntime'), t('same')],
          ['`model.safetensors`', t('pytorch'), normalised],
        ],
      ),
      t('formats', { id }),
      say(t('whiteOnBlack'), t('limits')),
    ],
  };
}

function ensembleParts(metrics: EnsembleMetrics, words: CardWords): Own {
  const { members, flips, shift } = metrics;
  const { t, say, minutes, place } = writer(words);
  const n = members.length;
  const views = `${flips ? t('flipped') : ''}${shift ? t('shifted', { n: shift }) : ''}`;
  return {
    introduction: t('ensemble', { n, label: labelText(metrics, words), views }),
    reads: t('ensembleReads', { n: metrics.testSetReads }),
    origin: [
      `## ${t('networks')}`,
      members.map((member) => `- ${member.id}`).join('\n'),
      say(
        t('members', {
          n,
          parameters: number(words.lang, metrics.parameterCount),
          minutes: minutes(metrics.trainingSeconds),
        }),
        t('computed', place(metrics)),
      ),
    ],
    rounding: [],
    use: [say(t('noModel', { n, views }), t('limits'))],
  };
}

const HUB_DATASET = 'zalando-datasets/fashion_mnist';

/** What Hugging Face's hub reads of a card, so that a run's folder can be pushed there as it is; YAML. */
function metadata({ id, data, test, report }: Metrics | EnsembleMetrics): string {
  const { accuracy, correct, images } = test;
  const [low, high] = wilsonInterval(correct, images).map((share) => share.toFixed(4));
  const known = data === 'fashion-mnist';
  return `---
license: mit
pipeline_tag: image-classification
tags: [fashion-mnist, tensorflow.js, onnx, safetensors]
${known ? `datasets: [${HUB_DATASET}]\n` : ''}metrics: [accuracy, f1]
model-index:
  - name: ${id}
    results:
      - task: { type: image-classification }
        dataset: { name: ${known ? 'Fashion-MNIST' : 'made-up images'}, type: ${known ? HUB_DATASET : data}, split: test }
        metrics:
          - { type: accuracy, value: ${accuracy}, name: 'Accuracy, 95 % interval ${low} to ${high}' }
          - { type: f1, value: ${report.macro.f1.toFixed(4)}, name: 'F1, macro average' }
---
`;
}
