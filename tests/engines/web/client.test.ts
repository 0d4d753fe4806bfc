import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebBackend } from '../../../src/engines/backends.ts';
import { Engine } from '../../../src/engines/web/client.ts';
import { EngineError, type Reply, type Request, type Trying } from '../../../src/engines/web/protocol.ts';

/** A worker that loads at once and otherwise answers when the test wants it to. */
class FakeWorker extends EventTarget {
  static last: FakeWorker;
  ended = false;
  asked: Request | null = null;

  constructor() {
    super();
    FakeWorker.last = this;
  }

  postMessage(request: Request): void {
    this.asked = request;
    if (request.type !== 'load') return;
    const backend = { name: 'wasm', device: 'CPU', milliseconds: 1, passedOver: [] } as const;
    this.answer({ id: request.id, answer: { backend, files: [] } });
  }

  answer(message: Reply | Trying): void {
    this.dispatchEvent(new MessageEvent('message', { data: message }));
  }

  terminate(): void {
    this.ended = true;
  }
}

/** What the page's clock shows; timers run by another, as they do for a page that sleeps. */
let now = 0;

beforeEach(() => {
  vi.stubGlobal('Worker', FakeWorker);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function asking(): Promise<{ weights: Promise<unknown>; worker: FakeWorker }> {
  const engine = new Engine();
  await engine.load({} as never);
  const weights = engine.weights();
  weights.catch(() => undefined);
  return { weights, worker: FakeWorker.last };
}

/** Lets timers run, and the page's clock with them. */
function pass(milliseconds: number): void {
  now += milliseconds;
  vi.advanceTimersByTime(milliseconds);
}

it('ends a worker that does not answer', async () => {
  const { weights, worker } = await asking();
  pass(119_000);
  expect(worker.ended).toBe(false);
  pass(2_000);
  expect(worker.ended).toBe(true);
  await expect(weights).rejects.toBeInstanceOf(EngineError);
});

it('gives it its time again where the page has slept, and no more than that', async () => {
  const { weights, worker } = await asking();
  now += 3_600_000;
  pass(121_000);
  expect(worker.ended).toBe(false);
  worker.answer({ id: worker.asked!.id, answer: { weights: {} } });
  await expect(weights).resolves.toEqual({});

  const hung = await asking();
  now += 3_600_000;
  pass(121_000);
  pass(121_000);
  expect(hung.worker.ended).toBe(true);
});

it('says which file it is that fails, and why', async () => {
  const { weights, worker } = await asking();
  const fault = { file: 'baseline/weights.bin', reason: 'truncated' };
  worker.answer({ id: worker.asked!.id, failed: { failure: 'damaged', message: 'all of it', fault } });
  await expect(weights).rejects.toMatchObject({ failure: 'damaged', message: 'all of it', fault });
});

it('gives a lesson’s first step its time, whatever the steps of the one before took', async () => {
  const engine = new Engine();
  await engine.load({} as never);
  const worker = FakeWorker.last;
  const begin = async () => {
    const ready = engine.startLesson({} as never, null, null);
    worker.answer({ id: worker.asked!.id, answer: { stepsPerEpoch: 9, totalSteps: 9 } });
    await ready;
  };
  const step = async (milliseconds: number) => {
    const trained = engine.next();
    pass(milliseconds);
    expect(worker.ended).toBe(false);
    const memory = { tensors: 1, bytes: 1 };
    worker.answer({ id: worker.asked!.id, answer: { event: {} as never, milliseconds, memory } });
    await trained;
  };
  await begin();
  await step(20);
  await begin();
  await step(60_000);
  await step(600_000);
  await begin();
  void engine.next().catch(() => undefined);
  pass(121_000);
  expect(worker.ended).toBe(true);
});

it('does not load again what was put away while it was loading', async () => {
  const engine = new Engine();
  const post = vi.spyOn(FakeWorker.prototype, 'postMessage').mockImplementation(() => undefined);
  const loading = engine.load({} as never);
  loading.catch(() => undefined);
  engine.dispose();
  await expect(loading).rejects.toMatchObject({ failure: 'stopped' });
  expect(post).toHaveBeenCalledTimes(1);
  post.mockRestore();
  await expect(engine.load({} as never)).resolves.toMatchObject({ name: 'wasm' });
});

it('leaves a worker in which no backend works', async () => {
  const { weights, worker } = await asking();
  const message = 'wasm: its file did not come';
  worker.answer({ id: worker.asked!.id, failed: { failure: 'no-backend', message, fault: null } });
  await expect(weights).rejects.toMatchObject({ failure: 'no-backend' });
  expect(worker.ended).toBe(true);
});

describe('a backend that never answers', () => {
  /** Loads, in a worker that tries these backends as they are told and answers to none. */
  function load(forced: WebBackend | null = null) {
    const post = vi.spyOn(FakeWorker.prototype, 'postMessage').mockImplementation(function (
      this: FakeWorker,
      request: Request,
    ) {
      this.asked = request;
    });
    const engine = new Engine({ forced });
    const loading = engine.load({} as never);
    loading.catch(() => undefined);
    const trying = (backend: WebBackend | null) => FakeWorker.last.answer({ type: 'trying', backend });
    return { engine, loading, trying, requests: () => post.mock.calls.map(([request]) => request) };
  }

  it('is left out of the next worker after 7 s without progress, and of all later ones', async () => {
    const { trying, requests } = load();
    for (const name of ['webgpu', 'webgl'] as const) {
      trying(name);
      pass(6_000);
      trying(name);
      pass(6_000);
      expect(FakeWorker.last.ended).toBe(false);
      const { last } = FakeWorker;
      pass(1_500);
      expect(last.ended).toBe(true);
      await vi.waitFor(() => expect(FakeWorker.last).not.toBe(last));
    }
    const silent = { reason: 'it does not answer', silent: true };
    expect(requests().at(-1)).toMatchObject({
      avoid: [
        { name: 'webgpu', ...silent },
        { name: 'webgl', ...silent },
      ],
    });
  });

  it('is given time for its files, and wasm without threads all the time it needs', () => {
    const { trying } = load();
    for (const name of [null, 'wasm'] as const) {
      trying(name);
      pass(80_000);
      expect(FakeWorker.last.ended).toBe(false);
    }
  });

  it('is wasm with threads: it does without them from then on', async () => {
    vi.stubGlobal('crossOriginIsolated', true);
    const { trying, requests } = load();
    const { last } = FakeWorker;
    trying('wasm');
    pass(7_500);
    await vi.waitFor(() => expect(FakeWorker.last).not.toBe(last));
    expect(requests()).toMatchObject([
      { threads: true, avoid: [] },
      { threads: false, avoid: [] },
    ]);
  });

  it('and was asked for is waited for once, and the page is told', async () => {
    const { loading, trying, requests } = load('webgpu');
    trying('webgpu');
    pass(89_000);
    expect(FakeWorker.last.ended).toBe(false);
    pass(2_000);
    await expect(loading).rejects.toMatchObject({ failure: 'no-backend' });
    expect(requests()).toHaveLength(1);
  });
});
