/** The drawing page: what is drawn goes from the pad to the network, and its answer to the page. */
import { ImageSheets } from '../../../../client/image-set.ts';
import { saveFile } from '../../../../client/files.ts';
import { className } from '../../../../i18n/site.ts';
import { IMAGE_SIZE } from '../../../../data/dataset.ts';
import { prepare } from '../../../../drawing/preparation.ts';
import { PAD, picture, rasterise, type Action } from '../../../../drawing/strokes.ts';
import { Engine } from '../../../../engines/web/client.ts';
import type { Chosen } from '../../../../engines/web/protocol.ts';
import { isConfident, MAJORITY } from '../../../../evaluation/rejection.ts';
import { draw as texts, failures } from '../../../../i18n/demos.ts';
import { number } from '../../../../i18n/format.ts';
import type { DrawSetup } from '../../../../site/demo-setup.ts';
import { failureText } from '../../failures.ts';
import { readPage, showBackend, stayUsable, wordsIn } from '../demo-page.ts';
import { element, greyImage, showText } from '../dom.ts';
import { storedDrawing, storedLabelled, storeDrawing, storeLabelled } from '../drawing-storage.ts';
import { createAnswerView } from './answer-view.ts';
import { addressOf, clearLink, fromText, linkedText } from './drawing-link.ts';
import { createExplanation } from './explanation.ts';
import { createGallery } from './gallery.ts';
import { createLivePrediction } from './live-prediction.ts';
import { createModelPanel } from './model-panel.ts';
import { createPhotoInput } from './photo-input.ts';
import { createSketchpad } from './sketchpad.ts';
import { TEMPLATES } from './templates.ts';

/** Gives the drawing page its behaviour. */
export function startDrawPage(root: HTMLElement): void {
  const { lang, setup, parameters, backend } = readPage<DrawSetup>(root);
  const words = wordsIn(lang, texts);
  const { t } = words;
  const surface = root.querySelector('.surface')!;
  const keepButton = element<HTMLButtonElement>('keep');
  const keepClass = element<HTMLSelectElement>('keep-class');
  const kept = element('kept');
  const modelInput = element<HTMLCanvasElement>('model-input').getContext('2d', { alpha: false })!;
  let frame = 0;
  let isAnswerable = true;

  const say = (text: string | null) => showText(element('message'), text);

  // ---- From the pad to the network

  const sketchpad = createSketchpad(root, (penDown) => {
    if (!penDown) {
      kept.hidden = true;
      isAnswerable = photoInput.follow(sketchpad.actions.at(-1));
      // A reload shows the pad as it is, not as an address had it.
      clearLink();
      if (!storeDrawing(sketchpad.actions)) say(t('noStorage'));
    }
    // What has failed is tried again after each stroke, but not while one is drawn.
    if (penDown && prediction.failed) return;
    answer.showBusy();
    frame ||= requestAnimationFrame(predict);
  });

  function predict(): void {
    frame = 0;
    const image = prepare({ width: PAD, height: PAD, pixels: sketchpad.pixels });
    modelInput.putImageData(greyImage(image ?? []), 0, 0);
    keepButton.disabled = !image || !isAnswerable;
    prediction.predict(isAnswerable ? image : null);
    if (isAnswerable && image) return;
    explain(null);
    if (isAnswerable) answer.showNothing();
    else answer.showUnanswered();
  }

  const engine = new Engine({
    forced: backend,
    onNotice(notice) {
      const text = model.showNotice(notice);
      // Whoever draws looks there, and the model's own line may be far below.
      if (prediction.working) answer.showWork(text);
    },
  });
  const prediction = createLivePrediction(engine, () => model.model, {
    onWork() {
      answer.showBusy();
      answer.showWork(t('working'));
    },
    onPrediction(image, { probabilities, milliseconds: time, backend }, latest) {
      if (!latest) {
        answer.showBars(probabilities);
        return;
      }
      const sure = isConfident(probabilities, setup.thresholds[model.model.id] ?? MAJORITY);
      const label = answer.show(probabilities, sure);
      element('time').textContent = t('milliseconds', { value: number(lang, time, time < 10 ? 1 : 0) });
      showEngine(backend);
      explain({ image, label, probability: probabilities[label]! });
    },
    onFailure(error) {
      explain(null);
      answer.showFailure(failureText(lang, error), true);
    },
    onLoading: () => model.showLoading(),
    onLoaded(backend) {
      model.showLoaded(backend !== null);
      if (!backend) return;
      showEngine(backend);
      void photoInput.prepare().then(() => stayUsable(engine.files));
    },
  });

  // ---- The answer

  const answer = createAnswerView(root, words, () => model.model.className);
  const explain = createExplanation(engine, new ImageSheets(setup.sample), words);
  const model = createModelPanel(root, words, setup.models, parameters.get('model'), {
    onChoice() {
      if (prediction.started) restart();
    },
    onLoad: () => prediction.load(),
    onUnknown: say,
  });

  function showEngine(backend: Chosen): void {
    showBackend(lang, backend);
    element('backend').title = backend.passedOver
      .map(({ name, reason }) => t('passedOver', { name, reason }))
      .join('\n');
  }

  function restart(): void {
    prediction.restart();
    predict();
  }
  element('retry').addEventListener('click', restart);
  addEventListener('online', () => {
    if (prediction.failed) restart();
  });

  // ---- Something to start from

  function act(action: Action): void {
    say(null);
    sketchpad.do(action);
  }

  /** Puts something on the pad, and the pad in sight where none of it is, as on a phone. */
  function putOnPad(action: Action): void {
    act(action);
    showInSight();
  }

  function showInSight(): void {
    const { top, bottom } = surface.getBoundingClientRect();
    if (bottom <= 0 || top >= innerHeight) answer.scrollIntoView();
  }

  // Before the pad clears itself, which may have something to say.
  element('clear').addEventListener('click', () => say(null), { capture: true });
  for (const button of root.querySelectorAll<HTMLButtonElement>('[data-template]')) {
    const outline = TEMPLATES[Number(button.dataset['template'])]!;
    button.addEventListener('click', () =>
      putOnPad({ kind: 'group', actions: [{ kind: 'clear' }, ...outline] }),
    );
  }
  createGallery(words, new ImageSheets(setup.test), {
    onChoice: (pixels) => putOnPad(picture(IMAGE_SIZE, pixels)),
    onImages() {
      if (prediction.loaded) void stayUsable(engine.files);
    },
    onFailure: () => say(failures(lang, 'images')),
  });
  const photoInput = createPhotoInput(root, surface, words, {
    onPicture: putOnPad,
    onCorrection: (action) => sketchpad.redoAs(action),
    onRefusal(sentence) {
      // The answer before it is none to what was brought; the next stroke gets one again.
      prediction.predict(null);
      explain(null);
      answer.showFailure(sentence, false);
      showInSight();
    },
  });

  // ---- Taking it along

  keepButton.addEventListener('click', () => {
    if (!prediction.image) return;
    if (keepClass.value === '') {
      say(t('keepNoClass'));
      keepClass.focus();
      return;
    }
    const label = Number(keepClass.value);
    const drawings = [...storedLabelled(), { label, pixels: prediction.image }];
    if (!storeLabelled(drawings)) {
      say(t('noStorage'));
      return;
    }
    const values = { name: className(label, lang), count: drawings.length };
    kept.querySelector('span')!.textContent = t('keptDrawings', values);
    kept.hidden = false;
    // The next one may be of another class.
    keepClass.value = '';
  });

  element('download').addEventListener('click', () => {
    element<HTMLCanvasElement>('pad').toBlob((blob) => {
      if (blob) saveFile('drawing.png', blob);
    }, 'image/png');
  });

  async function share(): Promise<void> {
    const address = await addressOf(sketchpad.actions);
    if (!address) {
      say(t('longLink'));
      return;
    }
    try {
      await navigator.clipboard.writeText(address.href);
      say(t('shared'));
    } catch {
      history.replaceState(null, '', address);
      say(t('shareByHand'));
    }
  }
  element('share').addEventListener('click', () => void share());

  /** Puts the drawing of a link on top of the reader's own, which is one step back. */
  async function showLinked(text: string | null): Promise<void> {
    if (text === null) return;
    try {
      const linked = await fromText(text);
      clearLink();
      // A link to the reader's own drawing, which the page itself has put into the address.
      if (rasterise(linked).pixels.every((grey, i) => grey === sketchpad.pixels[i])) return;
      const isOwn = sketchpad.actions.length > 0;
      act({ kind: 'group', actions: [{ kind: 'clear' }, ...linked] });
      if (isOwn) say(t('linked'));
    } catch {
      say(t('badLink'));
    }
  }
  addEventListener('hashchange', () => void showLinked(linkedText()));
  const link = linkedText();
  const own = storedDrawing();
  if (own.length) sketchpad.replace(own);
  void showLinked(link);
}
