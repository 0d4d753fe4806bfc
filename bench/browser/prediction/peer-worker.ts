/** The first message says what to load, each later one is an image of 28×28 bytes. */
import type * as ort from 'onnxruntime-web';
import type { Task } from './contestant.ts';

type Library = typeof ort;

let library: Library;
let session: ort.InferenceSession | undefined;

/** For wasm the package's smallest build, without any GPU's. */
async function load(backend: Task['backend']): Promise<Library> {
  const [code, wasm] = await (backend === 'wasm'
    ? Promise.all([import('onnxruntime-web/wasm'), import('onnxruntime-web/ort-wasm-simd-threaded.wasm?url')])
    : Promise.all([
        import('onnxruntime-web/webgpu'),
        import('onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url'),
      ]));
  code.env.wasm.wasmPaths = { wasm: wasm.default };
  return code;
}

async function answer(message: Pick<Task, 'backend' | 'onnx'> | Uint8Array): Promise<unknown> {
  if (!(message instanceof Uint8Array)) {
    library = await load(message.backend);
    session = await library.InferenceSession.create(message.onnx, { executionProviders: [message.backend] });
    return 'ready';
  }
  const input = new library.Tensor(
    'float32',
    Float32Array.from(message, (byte) => byte / 255),
    [1, 1, 28, 28],
  );
  const outputs = await session!.run({ [session!.inputNames[0]!]: input });
  return { probabilities: outputs[session!.outputNames[0]!]!.data };
}

addEventListener('message', ({ data }) => {
  answer(data).then(postMessage, (error: unknown) => postMessage({ error: String(error) }));
});
