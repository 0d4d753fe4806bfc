/** The first message is what to load, each further one an image of 28×28 bytes. */
import type * as ort from 'onnxruntime-web';
import type { PredictionTask } from '../candidates.ts';
import { answering } from './worker.ts';

type Library = typeof ort;

let library: Library;
let session: ort.InferenceSession | undefined;

/** For wasm the package's smallest build, without any GPU code. */
async function load(backend: PredictionTask['backend']): Promise<Library> {
  const [code, wasm] = await (backend === 'wasm'
    ? Promise.all([import('onnxruntime-web/wasm'), import('onnxruntime-web/ort-wasm-simd-threaded.wasm?url')])
    : Promise.all([
        import('onnxruntime-web/webgpu'),
        import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'),
      ]));
  code.env.wasm.wasmPaths = { wasm: wasm.default };
  // As many as it takes where pages are not isolated, and by itself on two cores.
  code.env.wasm.numThreads = 1;
  return code;
}

async function resultOf(message: Pick<PredictionTask, 'backend' | 'onnx'> | Uint8Array): Promise<unknown> {
  if (!(message instanceof Uint8Array)) {
    library = await load(message.backend);
    session = await library.InferenceSession.create(message.onnx, { executionProviders: [message.backend] });
    return [];
  }
  const pixels = Float32Array.from(message, (byte) => byte / 255);
  const input = new library.Tensor('float32', pixels, [1, 28, 28, 1]);
  const outputs = await session!.run({ [session!.inputNames[0]!]: input });
  return outputs[session!.outputNames[0]!]!.data;
}

answering(resultOf);
