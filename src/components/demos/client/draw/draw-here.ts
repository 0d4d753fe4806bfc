/** The small pad in the report: what is drawn on it is answered beside it, and can be taken to the large one. */
import { prepare } from '../../../../drawing/preparation.ts';
import { PAD } from '../../../../drawing/strokes.ts';
import { Engine } from '../../../../engines/web/client.ts';
import { isConfident, MAJORITY } from '../../../../evaluation/rejection.ts';
import { draw as texts } from '../../../../i18n/demos.ts';
import type { DrawHereSetup } from '../../../../site/demo-setup.ts';
import { failureText } from '../../failures.ts';
import { readPage, stayUsable, wordsIn } from '../demo-page.ts';
import { element } from '../dom.ts';
import { createPad, PLAIN } from '../pad.ts';
import { createAnswerView } from './answer-view.ts';
import { toText } from './drawing-link.ts';
import { createLivePrediction } from './live-prediction.ts';
import { noticeText } from './model-panel.ts';

/** @param missed what was done on the pad before this came */
export function startDrawHere(root: HTMLElement, missed: readonly Event[]): void {
  const { lang, setup, backend: forced } = readPage<DrawHereSetup>(root);
  const words = wordsIn(lang, texts);
  const canvas = root.querySelector('canvas')!;
  const large = root.querySelector<HTMLAnchorElement>('[data-large]')!;
  const answer = createAnswerView(root, words, () => undefined);
  const engine = new Engine({
    forced,
    onNotice(notice) {
      if (prediction.working) answer.showWork(noticeText(words, notice));
    },
  });
  const prediction = createLivePrediction(engine, () => setup.model, {
    onWork() {
      answer.showBusy();
      answer.showWork(words.t('working'));
    },
    onPrediction(_, { probabilities }, latest) {
      if (latest) answer.show(probabilities, isConfident(probabilities, setup.threshold ?? MAJORITY));
      else answer.showBars(probabilities);
    },
    onFailure: (error) => answer.showFailure(failureText(lang, error), true),
    onLoading: () => undefined,
    onLoaded(backend) {
      if (backend) void stayUsable(engine.files);
    },
  });
  const sketch = createPad(root, PLAIN, changed);
  let frame = 0;

  function changed(penDown: boolean): void {
    if (!penDown) void takeAlong();
    if (penDown && prediction.failed) return;
    answer.showBusy();
    frame ||= requestAnimationFrame(predict);
  }

  function predict(): void {
    frame = 0;
    const image = prepare({ width: PAD, height: PAD, pixels: sketch.pixels });
    prediction.predict(image);
    if (!image) answer.showNothing();
  }

  /** The link to the large pad carries the drawing, however long it is: it is not sent to anybody. */
  async function takeAlong(): Promise<void> {
    const text = sketch.actions.length ? `drawing=${await toText(sketch.actions)}` : '';
    large.hash = text;
  }

  element('retry').addEventListener('click', () => prediction.restart());
  for (const event of missed) {
    // Read anew by the pad, as if it happened now.
    canvas.dispatchEvent(new (event.constructor as typeof PointerEvent)(event.type, event as PointerEvent));
  }
}
