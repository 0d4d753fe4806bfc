import { expect, it, vi } from 'vitest';
import {
  createLessonStore,
  isUsable,
  type StoredLesson,
} from '../../../../../src/components/demos/client/finetune/lesson-store.ts';
import * as database from '../../../../../src/engines/web/database.ts';
import type { ModelSource } from '../../../../../src/engines/web/protocol.ts';
import { reportArchitecture, type Weights, weightSpecs } from '../../../../../src/network/architecture.ts';
import { sizeOf } from '../../../../../src/math/arrays.ts';

function model(id: string, sha256: string, more: Partial<ModelSource> = {}): ModelSource {
  const files = { 'model.json': { bytes: 1, sha256: 'same' }, 'weights.bin': { bytes: 1, sha256 } };
  const url = `/models/${id}/`;
  return { id, architecture: reportArchitecture, url, topology: 'model.json', files, known: null, ...more };
}

const left = (from: ModelSource, taught: Weights | null = null) =>
  ({ choices: { task: 'trade' }, progress: { task: { model: from } }, taught }) as unknown as StoredLesson;

const weights: Weights = Object.fromEntries(
  weightSpecs(reportArchitecture).map(({ name, shape }) => [
    name,
    { shape, data: new Float32Array(sizeOf(shape)) },
  ]),
);

it('a lesson goes on where its model is published as it was, wherever that is', () => {
  const now = [model('sketch', 'b'), model('baseline', 'a', { url: '/elsewhere/models/baseline/' })];
  expect(isUsable(left(model('baseline', 'a')), now)).toBe(true);
});

it.each<[string, ModelSource[]]>([
  ['was published anew', [model('baseline', 'b')]],
  ['is of other files', [model('baseline', 'a', { files: {} })]],
  ['is published no more', [model('sketch', 'a')]],
])('a lesson does not go on where its model %s', (_, now) => {
  expect(isUsable(left(model('baseline', 'a')), now)).toBe(false);
});

it('what was taught outlives its model’s files, as long as the network is of the same shapes', () => {
  const done = left(model('baseline', 'a'), weights);
  expect(isUsable(done, [model('baseline', 'b')])).toBe(true);
  const architecture = { ...reportArchitecture, layers: [...reportArchitecture.layers] };
  const dense = architecture.layers.findIndex(({ type }) => type === 'dense');
  architecture.layers[dense] = { type: 'dense', name: 'dense1', units: 7 };
  expect(isUsable(done, [model('baseline', 'b', { architecture })])).toBe(false);
  expect(isUsable(done, [model('sketch', 'b')])).toBe(false);
});

it('works where site data is blocked: locks and storage refuse', async () => {
  const refuse = () => Promise.reject(new DOMException('blocked', 'SecurityError'));
  vi.stubGlobal('navigator', { locks: { request: refuse, query: refuse } });
  const failed = vi.fn();
  const store = createLessonStore(failed);
  expect(await store.lock()).toBe(true);
  expect(await store.read()).toBeUndefined();
  await store.write({} as StoredLesson);
  expect(failed).toHaveBeenCalledOnce();
  await store.remove();
  vi.unstubAllGlobals();
});

it('opens what lessons were called before', async () => {
  vi.stubGlobal('navigator', {});
  vi.spyOn(database, 'read').mockResolvedValue({ choices: { task: 'hand' } });
  expect((await createLessonStore(() => undefined).read())?.choices.task).toBe('drawings');
  vi.spyOn(database, 'read').mockResolvedValue({ choices: { task: 'shirt' } });
  expect((await createLessonStore(() => undefined).read())?.choices.task).toBe('trade');
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});
