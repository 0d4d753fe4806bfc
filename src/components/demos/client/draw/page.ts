/** Behaviour of the drawing page: the pad, the tools, the engine and the answer. */
import { IMAGE_SIZE } from '../../../../data/images.ts';
import { Engine, EngineFailure, type Prediction } from '../../../../engines/web/client.ts';
import { keep, serveOffline } from '../../../../engines/web/offline.ts';
import { isWebBackend } from '../../../../engines/backends.ts';
import type { Notice } from '../../../../engines/web/protocol.ts';
import { className } from '../../../../i18n/classes.ts';
import { draw as texts } from '../../../../i18n/draw.ts';
import type { Lang } from '../../../../i18n/languages.ts';
import { asset } from '../../../../i18n/paths.ts';
import type { Values } from '../../../../i18n/translator.ts';
import { isConfident, MAJORITY } from '../../../../evaluation/rejection.ts';
import { prepare } from '../../../../drawing/preparation.ts';
import { PAD, picture, type Action } from '../../../../drawing/strokes.ts';
import { readDrawings, writeDrawings } from '../finetune/drawings.ts';
import { saveFile } from '../../../../client/files.ts';
import { element, FAILURES } from '../page-parts.ts';
import type { DrawSetup } from '../../../../site/demo-setup.ts';
import { AnswerView } from './answer-view.ts';
import { Drawing } from './drawing.ts';
import { Explanation } from './explain.ts';
import { megabytes, milliseconds } from '../../format.ts';
import { Gallery } from './gallery.ts';
import { ModelChoice } from './model-choice.ts';
import { Pad, showReach, type PadSettings } from './pad.ts';
import { PictureInput } from './picture-input.ts';
import { ImageSheets } from '../../../../client/image-set.ts';
import { fromText, restore, store, toText } from './storage.ts';
import { TEMPLATES } from './templates.ts';
import { imageOf } from './thumbnail.ts';
import { bindTools } from './toolbar.ts';

const root = element('draw');
const lang = root.dataset['lang'] as Lang;
const setup = JSON.parse(root.dataset['setup']!) as DrawSetup;
const t = (key: Parameters<typeof texts>[1], values?: Values) => texts(lang, key, values);
const parameters = new URLSearchParams(location.search);

// ---- The pad and its tools

const settings: PadSettings = { tool: 'brush', size: 28, ink: 210, mirror: false, fillClosed: false };
const drawing = new Drawing();
const surface = root.querySelector('.surface')!;
const pad = new Pad(element<HTMLCanvasElement>('pad'), drawing, settings, changed);

const undo = element<HTMLButtonElement>('undo');
const redo = element<HTMLButtonElement>('redo');
const clear = element<HTMLButtonElement>('clear');
const message = element('message');
const kept = element('kept');

/** After each change of the drawing. */
function changed(penDown: boolean): void {
  if (!penDown) {
    undo.disabled = !drawing.canUndo;
    redo.disabled = !drawing.canRedo;
    clear.disabled = !drawing.canUndo;
    kept.hidden = true;
    pictures.drawn(drawing.actions.at(-1));
    // A reload shows the pad as it is, not as an address had it.
    if (linked() !== null) history.replaceState(null, '', location.pathname + location.search);
    if (!store(drawing.actions)) say(t('noStorage'));
    failed = false; // What has failed is tried again after each stroke, but not while one is drawn.
  }
  if (failed) return;
  answer.state = 'busy';
  schedule();
}

/** @param text null for nothing any more */
function say(text: string | null): void {
  message.textContent = text;
  message.hidden = text === null;
}

function act(action: Action): void {
  say(null);
  drawing.do(action);
  pad.show();
  changed(false);
}

bindTools(root, settings);
showReach(element('pad'), element('ring'), settings);

function stepBack(): void {
  if (drawing.undo()) shownAnew();
}
function stepForward(): void {
  if (drawing.redo()) shownAnew();
}
function shownAnew(): void {
  pad.show();
  changed(false);
}
undo.addEventListener('click', stepBack);
redo.addEventListener('click', stepForward);
clear.addEventListener('click', () => act({ kind: 'clear' }));
document.addEventListener('keydown', (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key !== 'z' && key !== 'y') return;
  event.preventDefault();
  if (key === 'y' || event.shiftKey) stepForward();
  else stepBack();
});

// ---- The answer

const answer = new AnswerView(root, lang);
const modelInput = element<HTMLCanvasElement>('model-input').getContext('2d', { alpha: false })!;

/** The image of the drawing as it is now; null while nothing is drawn. */
let image: Uint8Array<ArrayBuffer> | null = null;
let frame = 0;
let asking = false;
let loaded = false;
let failed = false;

function schedule(): void {
  frame ||= requestAnimationFrame(() => {
    frame = 0;
    image = prepare({ width: PAD, height: PAD, pixels: drawing.pixels });
    showInput();
    keepButton.disabled = !image;
    if (image) void ask();
    else showNothing();
  });
}

/** Asks for the image of the moment until it has been answered; images in between are left out. */
async function ask(): Promise<void> {
  if (asking) return;
  asking = true;
  answer.showWork(t('working'));
  try {
    for (let asked: typeof image = null; image && image !== asked;) {
      asked = image;
      if (!loaded) await load();
      asked = image; // It may have changed while the model was loading.
      if (!asked) break;
      const prediction = await engine.predict(asked);
      if (image === asked) showPrediction(asked, prediction);
      else if (image) answer.showBars(prediction.probabilities);
    }
  } catch (error) {
    showFailure(error);
  } finally {
    asking = false;
  }
}

function showInput(): void {
  modelInput.putImageData(imageOf(image ?? []), 0, 0);
}

function showNothing(): void {
  explanation.of(null);
  answer.showNothing();
}

function showPrediction(of: Uint8Array, { probabilities, milliseconds: time, backend }: Prediction): void {
  const sure = isConfident(probabilities, setup.criteria[choice.model.id] ?? MAJORITY);
  const top = answer.show(probabilities, sure);
  element('time').textContent = milliseconds(lang, time);
  showBackend(backend);
  explanation.of({ image: of, label: top, probability: probabilities[top]! });
}

function showFailure(error: unknown): void {
  const known = error instanceof EngineFailure ? error : new EngineFailure('stopped', String(error));
  console.info(known.message); // For those who look closer; the page has its own sentence.
  failed = true;
  explanation.of(null);
  answer.showFailure(t(FAILURES[known.failure], { ...known.fault }));
}

// ---- The engine

const requested = parameters.get('backend');
const engine = new Engine({ forced: isWebBackend(requested) ? requested : null, onNotice: showNotice });
const explanation = new Explanation(
  engine,
  new ImageSheets(setup.sample),
  { attention: element<HTMLDetailsElement>('attention'), similar: element<HTMLDetailsElement>('similar') },
  lang,
);
const choice = new ModelChoice(root, lang, setup.models, parameters.get('model'), {
  onChoice() {
    if (loaded || loading || failed) startAnew();
  },
  onUnknown: say,
});
const progressRow = element('progress-row');
const progress = element<HTMLProgressElement>('progress');
let loading: Promise<void> | null = null;

/** Loads the chosen model; two that ask at once wait for the same. */
function load(): Promise<void> {
  return (loading ??= loadChosen().finally(() => (loading = null)));
}

async function loadChosen(): Promise<void> {
  const source = choice.model;
  element('load-row').hidden = true;
  try {
    showBackend(await engine.load(source));
    const wanted = choice.model;
    loaded = source.id === wanted.id && source.topology === wanted.topology;
    if (!loaded)
      await loadChosen(); // Another was chosen meanwhile.
    else void stayUsable();
  } catch (error) {
    element('load-row').hidden = false;
    throw error;
  } finally {
    progressRow.hidden = true;
  }
}

/** From the next visit on the page works without a network. */
async function stayUsable(): Promise<void> {
  if (!import.meta.env.PROD) return;
  await serveOffline(asset('/sw.js'), asset('/'));
  await keep([location.origin + location.pathname]);
}

function showNotice(notice: Notice): void {
  progressRow.hidden = false;
  const text = element('progress-text');
  if (notice.type === 'choosing') {
    progress.removeAttribute('value');
    text.textContent = t('choosing');
  } else {
    progress.value = notice.loaded / notice.total;
    text.textContent = t('loading', {
      loaded: megabytes(lang, notice.loaded),
      total: megabytes(lang, notice.total),
    });
  }
  // Whoever draws looks there, and the model's own line may be far below.
  if (asking) answer.showWork(text.textContent);
}

function showBackend({ name, device, passedOver }: Prediction['backend']): void {
  const backend = element('backend');
  if (backend.dataset['backend'] === name) return;
  backend.dataset['backend'] = name;
  const why = passedOver.map(({ name: other, reason }) => t('passedOver', { name: other, reason }));
  backend.textContent = [name, device && `(${device})`].filter(Boolean).join(' ');
  backend.title = why.join('\n');
}

async function loadNow(): Promise<void> {
  try {
    await load();
  } catch (error) {
    showFailure(error);
  }
}

/** For a new model or another attempt: nothing shown so far is the answer any more. */
function startAnew(): void {
  loaded = failed = false;
  if (image) {
    answer.state = 'busy';
    image = image.slice(); // The same pixels, to be asked for again.
    void ask();
  } else {
    showNothing();
    void loadNow();
  }
}

element('load').addEventListener('click', () => void loadNow());
element('retry').addEventListener('click', startAnew);
addEventListener('online', () => {
  if (failed) startAnew();
});

// ---- Something to start from

/** Puts something on the pad, and the pad in sight where none of it is, as on a phone. */
function putOnPad(action: Action): void {
  act(action);
  const { top, bottom } = surface.getBoundingClientRect();
  if (bottom > 0 && top < innerHeight) return;
  answer.scrollIntoView();
}

for (const button of root.querySelectorAll<HTMLButtonElement>('[data-template]')) {
  button.addEventListener('click', () => {
    const outline = TEMPLATES[Number(button.dataset['template'])]!;
    putOnPad({ kind: 'group', actions: [{ kind: 'clear' }, ...outline] });
  });
}

new Gallery(lang, new ImageSheets(setup.test), {
  onChoice: (pixels) => putOnPad(picture(IMAGE_SIZE, pixels)),
  onImages() {
    if (loaded) void stayUsable();
  },
  onFailure: () => say(t('galleryFailed')),
});

const pictures = new PictureInput(root, surface, lang, {
  onPicture: putOnPad,
  onThreshold(action) {
    drawing.redoAs(action);
    shownAnew();
  },
  onMessage: say,
});

// ---- Taking it along

const keepButton = element<HTMLButtonElement>('keep');
const keepClass = element<HTMLSelectElement>('keep-class');
keepButton.addEventListener('click', () => {
  if (!image) return;
  const label = Number(keepClass.value);
  const drawings = [...readDrawings(), { label, pixels: image }];
  if (!writeDrawings(drawings)) {
    say(t('noStorage'));
    return;
  }
  kept.querySelector('span')!.textContent = t('keptDrawings', {
    name: className(label, lang),
    count: drawings.length,
  });
  kept.hidden = false;
});

element('download').addEventListener('click', () => {
  element<HTMLCanvasElement>('pad').toBlob((blob) => {
    if (blob) saveFile('drawing.png', blob);
  }, 'image/png');
});

element('share').addEventListener('click', () => void share());
async function share(): Promise<void> {
  const address = new URL(location.href);
  address.hash = `drawing=${await toText(drawing.actions)}`;
  try {
    await navigator.clipboard.writeText(address.href);
    say(t('shared'));
  } catch {
    history.replaceState(null, '', address);
    say(t('shareByHand'));
  }
}

/** The drawing in the address, as text. */
const linked = (): string | null => new URLSearchParams(location.hash.slice(1)).get('drawing');

/** A drawing in the address comes before the one of the last visit, which it replaces. */
async function begin(): Promise<void> {
  const text = linked();
  let actions = restore();
  if (text !== null) {
    try {
      actions = await fromText(text);
    } catch {
      say(t('badLink'));
    }
  }
  if (!actions.length) return;
  drawing.replace(actions);
  shownAnew();
}

void begin();
addEventListener('hashchange', () => {
  if (linked() !== null) void begin();
});
