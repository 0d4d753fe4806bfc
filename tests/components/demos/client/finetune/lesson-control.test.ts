import { expect, it, vi } from 'vitest';
import {
  createLessonControl,
  type Images,
  type LessonState,
} from '../../../../../src/components/demos/client/finetune/lesson-control.ts';
import type {
  RunResult,
  StoredLesson,
} from '../../../../../src/components/demos/client/finetune/lesson-store.ts';
import { wordsIn } from '../../../../../src/components/demos/client/demo-page.ts';
import { LESSONS, type Choices, type LessonFault } from '../../../../../src/training/lessons.ts';
import { IMAGE_PIXELS } from '../../../../../src/data/dataset.ts';
import type { Engine } from '../../../../../src/engines/web/client.ts';
import { EngineError, type ModelSource } from '../../../../../src/engines/web/protocol.ts';
import { finetune } from '../../../../../src/i18n/finetune.ts';

const model = { id: 'baseline', files: {} } as unknown as ModelSource;
const labels = Uint8Array.from({ length: 20 }, (_, i) => i % 10);
const twenty = { images: new Uint8Array(20 * IMAGE_PIXELS), labels };
const images = { test: twenty, sets: { sample: twenty, validation: twenty, shirts: twenty } };
const learned = { learned: {} };

/** Two epochs of two steps; `fail` is thrown in the second epoch's first step. */
function fakeEngine(fail?: unknown) {
  let call = 0;
  const events = Array.from({ length: 12 }, (_, i) => (i % 3 === 2 ? 'epoch' : 'batch'));
  return {
    load: async () => ({ name: 'wasm', device: 'CPU', milliseconds: 1, passedOver: [] }),
    startLesson: async () => {
      call = 0;
      return { stepsPerEpoch: 2, totalSteps: 4 };
    },
    next: async () => {
      if (fail && call === 3) throw fail;
      const type = events[call++]!;
      const step = events.slice(0, call).filter((each) => each === 'batch').length;
      const event = { type, step, epoch: call / 3, loss: 1, trainLoss: 1 };
      return { event, milliseconds: 1, memory: { tensors: 0, bytes: 0 } };
    },
    state: async () => ({ step: 2 * Math.floor(call / 3), epochs: [] }),
    predictTuned: async (images: Uint8Array) => new Float32Array((10 * images.length) / IMAGE_PIXELS),
    weights: async () => learned,
    dispose: () => undefined,
    rival: () => null,
  } as unknown as Engine;
}

function setUp({
  engine = fakeEngine(),
  loadImages = async (): Promise<Images> => images,
  task = 'scratch' as Choices['task'],
  fault = null as LessonFault | null,
  touched = false,
} = {}) {
  const states: LessonState[] = [];
  const messages: (string | null)[] = [];
  const stored: StoredLesson[] = [];
  let left: StoredLesson | undefined;
  const store = {
    lock: async () => true,
    unlock: () => undefined,
    read: async () => left,
    write: async (lesson: StoredLesson) => void stored.push(lesson),
    remove: vi.fn(async () => undefined),
  };
  const choices: Choices = { task, ...LESSONS[task].settings, epochs: 2, perClass: 1 };
  const inputs = {
    choices: () => choices,
    model: () => model,
    weights: () => null,
    drawings: () => [],
    fault: () => fault,
    touched: () => touched,
  };
  const onEvaluations = vi.fn();
  const control = createLessonControl(engine, store, loadImages, inputs, wordsIn('en', finetune), {
    onState: (state) => state !== states.at(-1) && states.push(state),
    onMessage: (message) => messages.push(message),
    onBackend: () => undefined,
    onProgress: () => undefined,
    onEvaluations,
    onEvaluated: async () => undefined,
    onAnnouncement: () => undefined,
    onRestored: () => undefined,
    onReset: () => undefined,
  });
  return {
    control,
    states,
    messages,
    stored,
    store,
    onEvaluations,
    leave: (lesson: StoredLesson) => (left = lesson),
  };
}

it('carries a lesson out and keeps what it has led to', async () => {
  const { control, states, stored, onEvaluations } = setUp();
  await control.start(false);
  await vi.waitFor(() => expect(states.at(-1)).toBe('done'));
  expect(states).toEqual(['preparing', 'training', 'done']);
  expect(control.taught).toMatchObject({ model, weights: learned });
  expect(onEvaluations.mock.lastCall![0].evaluations).toHaveLength(3);
  expect(stored.at(-1)).toMatchObject({ taught: learned, progress: { state: null } });
});

it('does one step and waits, continues, and goes back to the published network', async () => {
  const { control, states } = setUp();
  await control.start(true);
  await vi.waitFor(() => expect(states.at(-1)).toBe('paused'));
  await control.start(false);
  await vi.waitFor(() => expect(states.at(-1)).toBe('done'));
  control.reset();
  await vi.waitFor(() => expect(states.at(-1)).toBe('idle'));
  expect(control.taught).toBeNull();
});

it('drops a lesson that waits for its images when it is stopped', async () => {
  const arriving = Promise.withResolvers<Images>();
  const { control, states } = setUp({ loadImages: () => arriving.promise });
  const started = control.start(false);
  control.stop();
  arriving.resolve(images);
  await started;
  expect(states).toEqual(['preparing', 'idle']);
});

it('says that images do not come, and starts when they do', async () => {
  const loadImages = vi.fn<() => Promise<Images>>();
  loadImages.mockRejectedValueOnce(new Error('no connection')).mockResolvedValue(images);
  vi.spyOn(console, 'info').mockImplementation(() => undefined);
  const { control, states, messages } = setUp({ loadImages });
  await control.start(false);
  expect(states).toEqual(['preparing', 'error']);
  expect(messages.at(-1)).toContain('The images did not load');
  await control.start(false);
  await vi.waitFor(() => expect(states.at(-1)).toBe('done'));
});

it('goes back to the last epoch where the loss explodes', async () => {
  const { control, states, messages, store } = setUp({
    engine: fakeEngine(new EngineError('diverged', 'NaN')),
  });
  await control.start(false);
  await vi.waitFor(() => expect(states.at(-1)).toBe('error'));
  expect(messages.at(-1)).toContain('after epoch 1');
  expect(control.taught).toMatchObject({ model, weights: learned });
  expect(store.remove).toHaveBeenCalled();
});

it('offers to continue what an earlier visit has left, and drops what no longer fits', async () => {
  const first = setUp();
  await first.control.start(false);
  await vi.waitFor(() => expect(first.stored.length).toBeGreaterThan(1));
  const [lesson] = first.stored as [StoredLesson];
  const second = setUp();
  second.leave(lesson);
  await second.control.restore([model], null);
  expect(second.states).toEqual(['paused']);
  const third = setUp();
  third.leave(lesson);
  await third.control.restore([], 'Another sentence.');
  expect(third.states).toEqual([]);
  expect(third.messages.at(-1)).toMatch(/^Your last training .+ Another sentence\.$/);
  expect(third.store.remove).toHaveBeenCalled();
});

it('shows forgetting in two runs, without replay and with it, and keeps the runs of a trade beside each other', async () => {
  const forget = setUp({ task: 'forget' });
  await forget.control.start(false);
  await vi.waitFor(() => expect(forget.stored.at(-1)?.earlier).toHaveLength(1));
  await vi.waitFor(() => expect(forget.states.at(-1)).toBe('done'));
  expect(forget.states.filter((state) => state === 'done')).toHaveLength(1);
  const told = forget.onEvaluations.mock.lastCall as unknown as [RunResult, unknown, unknown, RunResult[]];
  expect([told[3][0]!.choices.replay, told[0].choices.replay]).toEqual([0, LESSONS.forget.settings.replay]);

  const trade = setUp({ task: 'trade' });
  for (const runs of [0, 1, 2]) {
    await trade.control.start(false);
    await vi.waitFor(() => expect(trade.onEvaluations.mock.lastCall![3]).toHaveLength(runs));
    await vi.waitFor(() => expect(trade.states.at(-1)).toBe('done'));
  }
});

it('says what is missing before anything is loaded', async () => {
  const loadImages = vi.fn(async () => images);
  const { control, states, messages } = setUp({ loadImages, fault: 'noName' });
  await control.start(false);
  expect(states).toEqual(['error']);
  expect(messages.at(-1)).toContain('needs a name');
  expect(loadImages).not.toHaveBeenCalled();
});

it('leaves what the reader has chosen by the time an earlier visit’s lesson is read', async () => {
  const first = setUp();
  await first.control.start(false);
  await vi.waitFor(() => expect(first.stored.length).toBeGreaterThan(1));
  const second = setUp({ touched: true });
  second.leave(first.stored[0]!);
  await second.control.restore([model], null);
  expect(second.states).toEqual([]);
});
