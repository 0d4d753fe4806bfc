/** Loads a published model: with progress, and only if it is what was published. */
import { ArtifactError, verifyFile } from '../../artifacts/integrity.ts';
import { readLayersModel, weightFiles } from '../../artifacts/layers-model.ts';
import type { Weights } from '../../network/architecture.ts';
import { EngineError, modelBytes, type ModelSource } from './protocol.ts';

/**
 * Fetches a model's weights.
 * @param progress called often, with the bytes that have arrived
 * @throws EngineError `unreachable`, `missing` or `damaged`
 */
export async function fetchWeights(
  source: ModelSource,
  progress: (loaded: number, total: number) => void,
): Promise<Weights> {
  const total = modelBytes(source);
  let before = 0;
  const get = async (name: string): Promise<ArrayBuffer> => {
    const bytes = await fetchVerified(source, name, (loaded) =>
      progress(Math.min(before + loaded, total), total),
    );
    before += bytes.byteLength;
    return bytes;
  };
  try {
    const json = parse(source, await get(source.topology));
    const files: Record<string, ArrayBuffer> = {};
    for (const name of weightFiles(source.id, json)) files[name] = await get(name);
    return readLayersModel(source.architecture, source.id, json, files);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    const { id, file, reason, message } = error;
    throw new EngineError('damaged', message, { file: `${id}/${file}`, reason });
  }
}

function parse({ id, topology }: ModelSource, bytes: ArrayBuffer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new ArtifactError(topology, id, 'it is no JSON: truncated or edited');
  }
}

/**
 * A published file, checked. One that is damaged may come from a cache, so it is asked for once more.
 * @param source where the files are, and what their hashes must be
 * @param progress called often, with the bytes that have arrived
 * @throws EngineError `unreachable` or `missing`; ArtifactError where it is not the file that was published
 */
export async function fetchVerified(
  source: Pick<ModelSource, 'id' | 'url' | 'files'>,
  name: string,
  progress: (loaded: number) => void = () => undefined,
): Promise<ArrayBuffer> {
  const bytes = await fetchBytes(source, name, 'default', progress);
  try {
    await verifyFile(source, name, bytes);
    return bytes;
  } catch {
    const again = await fetchBytes(source, name, 'reload', progress);
    await verifyFile(source, name, again);
    return again;
  }
}

async function fetchBytes(
  source: Pick<ModelSource, 'id' | 'url'>,
  name: string,
  cache: RequestCache,
  progress: (loaded: number) => void,
): Promise<ArrayBuffer> {
  const url = source.url + name;
  try {
    const response = await fetch(url, { cache });
    if (response.status === 404) {
      const fault = { file: `${source.id}/${name}`, reason: 'it is not there' };
      throw new EngineError('missing', `${url} is not there`, fault);
    }
    if (!response.ok) throw new EngineError('unreachable', `${url}: the server answered ${response.status}`);
    let loaded = 0;
    const counted = response.body!.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(chunk, controller) {
          loaded += chunk.byteLength;
          progress(loaded);
          controller.enqueue(chunk);
        },
      }),
    );
    return await new Response(counted).arrayBuffer();
  } catch (error) {
    if (error instanceof EngineError) throw error;
    throw new EngineError('unreachable', `${url}: ${(error as Error).message}`);
  }
}
