/** A published network, fetched by the page: what its files are, beside what `metrics.json` says they should be. */
import { sha256 } from '../../../math/arrays.ts';
import { weightFiles } from '../../../artifacts/layers-model.ts';
import type { Metrics } from '../../../artifacts/schema.ts';
import { fetchOk } from '../../../client/files.ts';
import { CLASS_COUNT, KNOWN_IMAGES } from '../../../data/dataset.ts';
import { EngineError, type ModelSource } from '../../../engines/web/protocol.ts';
import { live as t } from '../../../i18n/live.ts';
import type { Lang } from '../../../i18n/languages.ts';
import { asset } from '../../../i18n/paths.ts';

/** A file's SHA-256 as it was fetched, null where the page cannot tell, and as it was published. */
export interface FileHash {
  readonly file: string;
  readonly found: string | null;
  readonly published: string | null;
}

export interface Network {
  readonly source: ModelSource;
  readonly hashes: readonly FileHash[];
}

/** @param folder `models/<id>` or `data` @throws EngineError `missing` or `unreachable` */
export async function fetchFile(folder: string, name: string): Promise<ArrayBuffer> {
  try {
    return await (await fetchOk(asset(`/${folder}/${name}`))).arrayBuffer();
  } catch (error) {
    const fault = { file: `${folder}/${name}`, reason: 'it is not there' };
    const { message } = error as Error;
    throw new EngineError(message.endsWith(': 404') ? 'missing' : 'unreachable', message, fault);
  }
}

/** @throws EngineError `damaged` where it is no JSON of that kind */
function parse<T>(file: string, bytes: ArrayBuffer, read: (content: unknown) => T): T {
  try {
    return read(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (error) {
    const reason = (error as Error).message;
    throw new EngineError('damaged', reason, { file, reason });
  }
}

/** `metrics.json` of a run or an ensemble. @throws EngineError */
export const fetchMetrics = async <M extends Pick<Metrics, 'test' | 'files'>>(id: string): Promise<M> =>
  parse(
    `models/${id}/metrics.json`,
    await fetchFile(`models/${id}`, 'metrics.json'),
    (content) => content as M,
  );

/**
 * The network as the server has it now, whether or not it is the one that was published: what it predicts is computed
 * all the same, and the hashes tell.
 * @param predictions those published, where they are at hand: a backend must give them for the known images
 * @param loaded called with the bytes of every file
 * @throws EngineError
 */
export async function fetchNetwork(
  id: string,
  predictions: Float32Array | null,
  loaded: (bytes: number) => void,
): Promise<Network> {
  const metrics = await fetchMetrics<Metrics>(id);
  const topology = 'model.json';
  const files: Record<string, { bytes: number; sha256: string }> = {};
  const hashes: FileHash[] = [];
  const add = async (file: string): Promise<ArrayBuffer> => {
    const bytes = await fetchFile(`models/${id}`, file);
    loaded(bytes.byteLength);
    // There is no hashing on a page that is not served over https.
    const found = globalThis.crypto?.subtle ? await sha256(bytes) : null;
    const published = metrics.files[file]?.sha256 ?? null;
    hashes.push({ file: `${id}/${file}`, found, published });
    files[file] = { bytes: bytes.byteLength, sha256: found ?? published ?? '' };
    return bytes;
  };
  const names = parse(`models/${id}/${topology}`, await add(topology), (json) => weightFiles(id, json));
  for (const name of names) await add(name);
  const same = hashes.every(({ found, published }) => found === published);
  const known = same && predictions ? [...predictions.subarray(0, KNOWN_IMAGES * CLASS_COUNT)] : null;
  const { architecture } = metrics.recipe;
  return { source: { id, architecture, url: asset(`/models/${id}/`), topology, files, known }, hashes };
}

/** What stopped a check or a training, in a sentence that says what to do. */
export function failureSentence(error: unknown, lang: Lang): string {
  // Images that do not arrive are no failure of the engine.
  if (!(error instanceof EngineError)) return t(lang, 'unreachable', { file: 'data' });
  const { failure, fault } = error;
  return t(lang, failure === 'lost' || failure === 'diverged' ? 'stopped' : failure, {
    file: error.message,
    ...fault,
  });
}
