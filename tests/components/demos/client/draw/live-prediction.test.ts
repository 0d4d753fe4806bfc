import { expect, it, vi } from 'vitest';
import { createLivePrediction } from '../../../../../src/components/demos/client/draw/live-prediction.ts';
import type { Prediction } from '../../../../../src/engines/web/client.ts';
import type { Chosen, ModelSource } from '../../../../../src/engines/web/protocol.ts';

const model = (id: string) => ({ id, topology: 'model.json' }) as ModelSource;
const image = (value: number) => Uint8Array.of(value);

/** An engine whose predictions come when they are let through; it remembers what it was asked for. */
function setUp() {
  const asked: string[] = [];
  const shown: string[] = [];
  let answer: (() => void)[] = [];
  let chosen = model('baseline');
  const engine = {
    load: async (source: ModelSource) => {
      asked.push(source.id);
      await Promise.resolve();
      if (source.id === 'broken') throw new Error('it did not load');
      return { name: 'wasm' } as Chosen;
    },
    predict: (images: Uint8Array) => {
      asked.push(String(images[0]));
      return new Promise<Prediction>((resolve) => answer.push(() => resolve({} as Prediction)));
    },
  };
  const prediction = createLivePrediction(engine, () => chosen, {
    onWork: () => shown.push('work'),
    onPrediction: ([value], _prediction, latest) => shown.push(`${value}${latest ? '' : ' is old'}`),
    onFailure: (error) => shown.push(String(error)),
    onLoading: () => undefined,
    onLoaded: (backend) => shown.push(backend ? 'loaded' : 'not loaded'),
  });
  return {
    asked,
    shown,
    prediction,
    choose: (id: string) => (chosen = model(id)),
    answerAll() {
      answer.forEach((resolve) => resolve());
      answer = [];
    },
  };
}

it('predicts the latest image only, once the model is there', async () => {
  const { asked, shown, prediction, answerAll } = setUp();
  prediction.predict(image(1));
  prediction.predict(image(2));
  await vi.waitFor(() => expect(asked).toEqual(['baseline', '2']));
  prediction.predict(image(3));
  prediction.predict(image(4));
  answerAll();
  await vi.waitFor(() => expect(asked).toEqual(['baseline', '2', '4']));
  answerAll();
  await vi.waitFor(() => expect(prediction.working).toBe(false));
  expect(shown).toEqual(['work', 'loaded', '2 is old', '4']);
});

it('shows nothing for an image that is no longer there', async () => {
  const { asked, shown, prediction, answerAll } = setUp();
  prediction.predict(image(1));
  await vi.waitFor(() => expect(asked).toContain('1'));
  prediction.predict(null);
  answerAll();
  await vi.waitFor(() => expect(prediction.working).toBe(false));
  expect(shown).toEqual(['work', 'loaded']);
});

it('loads the model that was chosen while another was loading', async () => {
  const { asked, prediction, choose } = setUp();
  prediction.load();
  choose('sketch');
  await vi.waitFor(() => expect(prediction.loaded).toBe(true));
  expect(asked).toEqual(['baseline', 'sketch']);
});

it('says that loading has failed, and predicts the image once it is restarted with another model', async () => {
  const { asked, shown, prediction, choose } = setUp();
  choose('broken');
  prediction.predict(image(1));
  await vi.waitFor(() => expect(prediction.failed).toBe(true));
  expect(shown).toEqual(['work', 'not loaded', 'Error: it did not load']);
  choose('baseline');
  prediction.restart();
  await vi.waitFor(() => expect(asked).toEqual(['broken', 'baseline', '1']));
  expect(prediction.failed).toBe(false);
});
