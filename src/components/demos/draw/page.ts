/** Behaviour of the drawing page: the pad, the tools, the engine and the answer. */
import { CLASSES } from '../../../data/classes.ts';
import { Engine, EngineFailure, type Prediction } from '../../../engines/web/client.ts';
import { keptNetwork, MINE } from '../../../engines/web/kept.ts';
import { keep, serveOffline } from '../../../engines/web/offline.ts';
import { isBackendName, modelBytes, type ModelSource, type Notice } from '../../../engines/web/protocol.ts';
import { draw as texts } from '../../../i18n/draw.ts';
import type { Lang } from '../../../i18n/languages.ts';
import { asset } from '../../../i18n/paths.ts';
import { answers, MAJORITY } from '../../../model/criterion.ts';
import { prepare, SIDE } from '../../../model/drawing.ts';
import { PAD, picture, type Action } from '../../../model/strokes.ts';
import { readDrawings, writeDrawings } from '../finetune/drawings.ts';
import { Drawing } from './drawing.ts';
import { Explanation } from './explain.ts';
import { megabytes, milliseconds, percent } from './format.ts';
import { Pad, showReach, type PadSettings, type Tool } from './pad.ts';
import { photoAction, PhotoError, readPhoto, type Photo } from './picture.ts';
import { element, FAILURES } from '../page-parts.ts';
import type { DrawSetup } from '../setup.ts';
import { Sheets } from './sheets.ts';
import { fromText, restore, store, toText } from './storage.ts';
import { TEMPLATES } from './templates.ts';
import { greyCanvas, imageOf } from './thumbnail.ts';

type State = 'empty' | 'ready' | 'unsure' | 'busy' | 'error';

const THUMBNAILS = 24;

const root = element('draw');
const lang = root.dataset['lang'] as Lang;
const setup = JSON.parse(root.dataset['setup']!) as DrawSetup;
const t = (key: Parameters<typeof texts>[1], values?: Parameters<typeof texts>[2]) =>
  texts(lang, key, values);
const className = (label: number): string => CLASSES[label]![lang];
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

/** What was put on the pad last, if it was a photo and nothing has been drawn since. */
let photo: { photo: Photo; action: Action | null } | null = null;

/** After each change of the drawing. */
function changed(penDown: boolean): void {
  if (!penDown) {
    undo.disabled = !drawing.canUndo;
    redo.disabled = !drawing.canRedo;
    clear.disabled = !drawing.canUndo;
    kept.hidden = true;
    if (photo && drawing.actions.at(-1) !== photo.action) photo = null;
    element('threshold-row').hidden = !photo;
    if (!store(drawing.actions)) say(t('noStorage'));
    failed = false; // What has failed is tried again after each stroke, but not while one is drawn.
  }
  if (failed) return;
  showState('busy');
  schedule();
}

function act(action: Action): void {
  message.hidden = true;
  drawing.do(action);
  pad.show();
  changed(false);
}

function say(text: string): void {
  message.textContent = text;
  message.hidden = false;
}

for (const button of root.querySelectorAll<HTMLButtonElement>('[data-tool]')) {
  button.addEventListener('click', () => {
    settings.tool = button.dataset['tool'] as Tool;
    for (const other of root.querySelectorAll('[data-tool]')) {
      other.setAttribute('aria-pressed', String(other === button));
    }
  });
}

/** Binds a range input and the number beside it; the browser may have kept a value from before a reload. */
function range(id: string, use: (value: number) => void): void {
  const input = element<HTMLInputElement>(id);
  const output = input.parentElement!.querySelector('output')!;
  const update = () => {
    output.value = input.value;
    use(input.valueAsNumber);
  };
  input.addEventListener('input', update);
  update();
}
range('brush-size', (size) => (settings.size = size));
range('ink', (ink) => {
  settings.ink = ink;
  element('swatch').style.background = `rgb(${ink} ${ink} ${ink})`;
});
showReach(element('pad'), element('ring'), settings);

function checkbox(id: string, use: (checked: boolean) => void): void {
  const input = element<HTMLInputElement>(id);
  input.addEventListener('change', () => use(input.checked));
  use(input.checked);
}
checkbox('mirror', (mirror) => (settings.mirror = mirror));
checkbox('fill-closed', (fillClosed) => (settings.fillClosed = fillClosed));

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

const result = element('result');
const answer = element('answer');
const failure = element('failure');
const retry = element<HTMLButtonElement>('retry');
const bars = [...root.querySelectorAll<HTMLElement>('.bars li')];
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
  if (answer.dataset['class'] === undefined) answer.textContent = t('working');
  try {
    for (let asked: typeof image = null; image && image !== asked;) {
      asked = image;
      if (!loaded) await load();
      asked = image; // It may have changed while the model was loading.
      if (!asked) break;
      const prediction = await engine.predict(asked);
      if (image === asked) showPrediction(asked, prediction);
      else if (image) showBars(prediction.probabilities);
    }
  } catch (error) {
    showFailure(error);
  } finally {
    asking = false;
  }
}

function showState(state: State): void {
  result.dataset['state'] = state;
  failure.hidden = retry.hidden = state !== 'error';
}

function showInput(): void {
  modelInput.putImageData(imageOf(image ?? []), 0, 0);
}

function showNothing(): void {
  showState('empty');
  withdraw(t('empty'));
}

/** Says something where the answer was: there is none, or none any more. */
function withdraw(text: string): void {
  explanation.of(null);
  answer.textContent = text;
  delete answer.dataset['class'];
  delete answer.dataset['probability'];
  for (const bar of bars) {
    bar.classList.remove('top');
    bar.style.setProperty('--p', '0');
    bar.querySelector('.value')!.textContent = '—';
  }
}

function showPrediction(of: Uint8Array, { probabilities, milliseconds: time, backend }: Prediction): void {
  const top = showBars(probabilities);
  const probability = probabilities[top]!;
  const sure = answers(probabilities, setup.criteria[chosenModel().id] ?? MAJORITY);
  answer.textContent = sure
    ? `${className(top)} ${percent(lang, probability)}`
    : t('unsure', { name: className(top) });
  answer.dataset['class'] = String(top);
  answer.dataset['probability'] = String(probability);
  showState(sure ? 'ready' : 'unsure');
  element('time').textContent = milliseconds(lang, time);
  showBackend(backend);
  explanation.of({ image: of, label: top, probability });
  announce();
}

/** Shows the probabilities and returns the class with the largest. */
function showBars(probabilities: Float32Array): number {
  let top = 0;
  probabilities.forEach((probability, label) => {
    if (probability > probabilities[top]!) top = label;
  });
  bars.forEach((bar, label) => {
    bar.classList.toggle('top', label === top);
    bar.style.setProperty('--p', probabilities[label]!.toFixed(4));
    bar.querySelector('.value')!.textContent = percent(lang, probabilities[label]!);
  });
  return top;
}

/** Has the answer, or what failed, read out once the pen rests: not ten times a second. */
let announcing: ReturnType<typeof setTimeout> | undefined;
function announce(text = answer): void {
  clearTimeout(announcing);
  announcing = setTimeout(() => (element('announcement').textContent = text.textContent), 800);
}

function showFailure(error: unknown): void {
  const known = error instanceof EngineFailure ? error : new EngineFailure('stopped', String(error));
  console.info(known.message); // For those who look closer; the page has its own sentence.
  failed = true;
  showState('error');
  withdraw(t('noAnswer'));
  failure.textContent = t(FAILURES[known.failure]);
  announce(failure);
}

// ---- The engine

const requested = parameters.get('backend');
const engine = new Engine({ forced: isBackendName(requested) ? requested : null, onNotice: showNotice });
const explanation = new Explanation(
  engine,
  new Sheets(setup.sample),
  { attention: element<HTMLDetailsElement>('attention'), similar: element<HTMLDetailsElement>('similar') },
  lang,
);
const modelSelect = element<HTMLSelectElement>('model-select');
const progressRow = element('progress-row');
const progress = element<HTMLProgressElement>('progress');
let loading: Promise<void> | null = null;

const models: ModelSource[] = [...setup.models];
const lightModel = element<HTMLInputElement>('light');
// Where every megabyte is waited for or paid, the reader need not ask.
lightModel.checked ||= isSlow();

/** The model that is selected, in the bytes that are wanted. */
function chosenModel(): ModelSource {
  const model = models.find(({ id }) => id === modelSelect.value) ?? models[0]!;
  return model.light && lightModel.checked ? { ...model, ...model.light } : model;
}

/** Whether the connection is slow or the reader saves data, as far as the browser tells. */
function isSlow(): boolean {
  const { connection } = navigator as Navigator & {
    connection?: { saveData: boolean; effectiveType: string };
  };
  return (
    connection !== undefined && (connection.saveData || /^(slow-2g|2g|3g)$/.test(connection.effectiveType))
  );
}

/** Loads the chosen model; two that ask at once wait for the same. */
function load(): Promise<void> {
  return (loading ??= loadChosen().finally(() => (loading = null)));
}

async function loadChosen(): Promise<void> {
  const source = chosenModel();
  element('load-row').hidden = true;
  try {
    showBackend(await engine.load(source));
    const wanted = chosenModel();
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
  if (asking && answer.dataset['class'] === undefined) answer.textContent = text.textContent;
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
    showState('busy');
    image = image.slice(); // The same pixels, to be asked for again.
    void ask();
  } else {
    showNothing();
    void loadNow();
  }
}

element('load').addEventListener('click', () => void loadNow());
retry.addEventListener('click', startAnew);
addEventListener('online', () => {
  if (failed) startAnew();
});
modelSelect.addEventListener('change', modelChanged);
lightModel.addEventListener('change', modelChanged);
function modelChanged(): void {
  showModel();
  if (loaded || loading) startAnew();
}

function showModel(): void {
  const { light } = models.find(({ id }) => id === modelSelect.value) ?? models[0]!;
  element('light-row').hidden = !light;
  if (light) element('light-text').textContent = t('light', { size: megabytes(lang, modelBytes(light)) });
  for (const about of root.querySelectorAll<HTMLElement>('[data-about]')) {
    about.hidden = about.dataset['about'] !== chosenModel().id;
  }
  element('load').textContent = t('load', { size: megabytes(lang, modelBytes(chosenModel())) });
}

// ---- Something to start from

/** Puts something on the pad, and the pad in sight where none of it is, as on a phone. */
function putOnPad(action: Action): void {
  act(action);
  const { top, bottom } = surface.getBoundingClientRect();
  if (bottom > 0 && top < innerHeight) return;
  const behavior = matchMedia('(prefers-reduced-motion: reduce)').matches ? 'instant' : 'smooth';
  result.scrollIntoView({ block: 'start', behavior });
}

for (const button of root.querySelectorAll<HTMLButtonElement>('[data-template]')) {
  button.addEventListener('click', () => {
    const outline = TEMPLATES[Number(button.dataset['template'])]!;
    putOnPad({ kind: 'group', actions: [{ kind: 'clear' }, ...outline] });
  });
}

const gallery = new Sheets(setup.test);
const galleryClass = element<HTMLSelectElement>('gallery-class');
const galleryMore = element<HTMLButtonElement>('gallery-more');
const thumbs = element('thumbs');
let galleryNext: number | null = 0;

async function showThumbnails(): Promise<void> {
  const label = Number(galleryClass.value);
  if (galleryNext === null) return;
  galleryMore.disabled = true;
  try {
    const { images, next } = await gallery.ofClass(label, galleryNext, THUMBNAILS);
    if (label !== Number(galleryClass.value)) return;
    galleryNext = next;
    for (const { id, pixels } of images) {
      const button = document.createElement('button');
      button.type = 'button';
      button.dataset['testid'] = 'thumb';
      button.dataset['image'] = String(id);
      button.setAttribute('aria-label', t('galleryImage', { id, name: className(label) }));
      button.append(greyCanvas(pixels));
      button.addEventListener('click', () => putOnPad(picture(SIDE, pixels)));
      thumbs.append(button);
    }
    if (loaded) void stayUsable();
  } catch {
    say(t('galleryFailed'));
  } finally {
    galleryMore.disabled = galleryNext === null;
  }
}

function showClass(): void {
  thumbs.replaceChildren();
  galleryNext = 0;
  void showThumbnails();
}
element('gallery').addEventListener('toggle', () => {
  if (!thumbs.childElementCount) showClass();
});
galleryClass.addEventListener('change', showClass);
galleryMore.addEventListener('click', () => void showThumbnails());

const threshold = element<HTMLInputElement>('threshold');
range('threshold', (value) => {
  if (!photo) return;
  const action = photoAction(photo.photo, value);
  message.hidden = true;
  if (!action) {
    say(t('blankImage'));
    return;
  }
  photo.action = action;
  drawing.redoAs(action);
  shownAnew();
});

async function takePicture(file: Blob): Promise<void> {
  message.hidden = true;
  try {
    const taken = await readPhoto(file);
    const action = photoAction(taken, threshold.valueAsNumber) ?? photoAction(taken, 0);
    if (!action) {
      say(t('blankPicture'));
      return;
    }
    photo = { photo: taken, action };
    putOnPad(action);
  } catch (error) {
    if (!(error instanceof PhotoError)) throw error;
    say(t(error.fault, { limit: error.limit }));
  }
}

for (const input of root.querySelectorAll<HTMLInputElement>('[data-photo]')) {
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    input.value = '';
    if (file) void takePicture(file);
  });
}
document.addEventListener('paste', (event) => {
  const file = event.clipboardData?.files[0];
  if (!file) return;
  event.preventDefault();
  void takePicture(file);
});
document.addEventListener('dragover', (event) => {
  if (!event.dataTransfer?.types.includes('Files')) return;
  event.preventDefault();
  surface.classList.add('over');
});
document.addEventListener('dragleave', (event) => {
  if (!event.relatedTarget) surface.classList.remove('over');
});
document.addEventListener('drop', (event) => {
  surface.classList.remove('over');
  const file = event.dataTransfer?.files[0];
  if (!file) return;
  event.preventDefault();
  void takePicture(file);
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
    name: className(label),
    count: drawings.length,
  });
  kept.hidden = false;
});

element('download').addEventListener('click', () => {
  element<HTMLCanvasElement>('pad').toBlob((blob) => {
    if (!blob) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = 'drawing.png';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
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

/** The network that the reader has taught, if there is one, stands below the published ones. */
async function offerOwnModel(): Promise<void> {
  const own = await keptNetwork(MINE).catch(() => null);
  if (!own) return;
  const { architecture } = own;
  models.push({ id: MINE, kept: MINE, architecture, url: '', topology: '', files: {}, known: null });
  modelSelect.add(new Option(t('ownModel'), MINE, false, wanted === MINE));
  if (wanted === MINE) modelChanged();
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
      history.replaceState(null, '', location.pathname + location.search);
    } catch {
      say(t('badLink'));
    }
  }
  if (!actions.length) return;
  drawing.replace(actions);
  shownAnew();
}

const wanted = parameters.get('model');
if (models.some(({ id }) => id === wanted)) modelSelect.value = wanted!;
showModel();
void offerOwnModel();
void begin();
addEventListener('hashchange', () => {
  if (linked() !== null) void begin();
});
