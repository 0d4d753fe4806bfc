import { afterEach, expect, it, vi } from 'vitest';
import { sha256 } from '../../../src/math/arrays.ts';
import { fetchWeights } from '../../../src/engines/web/files.ts';
import { EngineError, type ModelSource } from '../../../src/engines/web/protocol.ts';
import { reportArchitecture } from '../../../src/network/architecture.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text);

/** A model of these files, as they are published. */
async function published(files: Record<string, string>): Promise<ModelSource> {
  const facts = Object.entries(files).map(
    async ([name, text]) =>
      [name, { bytes: bytesOf(text).length, sha256: await sha256(bytesOf(text)) }] as const,
  );
  return {
    id: 'baseline',
    architecture: reportArchitecture,
    url: '/models/baseline/',
    topology: 'model.json',
    files: Object.fromEntries(await Promise.all(facts)),
    known: null,
  };
}

/** What is on the server. */
function serve(files: Record<string, string>): void {
  vi.stubGlobal('fetch', (url: string) => {
    const text = files[url.split('/').at(-1)!];
    return Promise.resolve(text === undefined ? new Response(null, { status: 404 }) : new Response(text));
  });
}

async function failureOf(source: ModelSource): Promise<Pick<EngineError, 'failure' | 'fault'>> {
  const error = await fetchWeights(source, () => undefined).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(EngineError);
  const { failure, fault } = error as EngineError;
  return { failure, fault };
}

afterEach(() => {
  vi.unstubAllGlobals();
});

const json = JSON.stringify({ weightsManifest: [{ paths: ['weights.bin'], weights: [] }] });
const files = { 'model.json': json, 'weights.bin': 'abcd' };

it.each([
  ['truncated', { ...files, 'weights.bin': 'abc' }, 'it has 3 bytes, metrics.json names 4: truncated'],
  [
    'edited',
    { ...files, 'weights.bin': 'abce' },
    'its SHA-256 is not the one in metrics.json: edited or swapped',
  ],
])('a weights file that is %s is named, and what is wrong with it', async (_, onServer, reason) => {
  const source = await published(files);
  serve(onServer);
  expect(await failureOf(source)).toEqual({
    failure: 'damaged',
    fault: { file: 'baseline/weights.bin', reason },
  });
});

it('a file that is not there is named', async () => {
  const source = await published(files);
  serve({ 'model.json': json });
  expect(await failureOf(source)).toEqual({
    failure: 'missing',
    fault: { file: 'baseline/weights.bin', reason: 'it is not there' },
  });
});

it.each([
  ['no JSON', '{', 'model.json', 'it is no JSON: truncated or edited'],
  ['no LayersModel', '{}', 'model.json', 'it is no LayersModel with a list of float32 weights'],
  [
    'of another network than its weights',
    json,
    'weights.bin',
    'it has 4 bytes, model.json describes 0: damaged or of another model',
  ],
])('what was published as %s is named as well', async (_, text, file, reason) => {
  const odd = { ...files, 'model.json': text };
  const source = await published(odd);
  serve(odd);
  expect(await failureOf(source)).toEqual({
    failure: 'damaged',
    fault: { file: `baseline/${file}`, reason },
  });
});

it('a server that does not answer is no file’s fault', async () => {
  const source = await published(files);
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  expect(await failureOf(source)).toEqual({ failure: 'unreachable', fault: null });
});
