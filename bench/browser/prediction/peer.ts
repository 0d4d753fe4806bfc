/** onnxruntime-web in a worker of its own, on the exported file. */
import type { Contestant, Task } from './contestant.ts';

type Reply = { probabilities: Float32Array } | { error: string } | 'ready';

export async function contestant({ backend, onnx }: Task): Promise<Contestant> {
  const worker = new Worker(new URL('./peer-worker.ts', import.meta.url), { type: 'module' });
  const ask = (message: unknown) =>
    new Promise<Reply>((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = ({ data }: MessageEvent<Reply>) =>
        typeof data === 'object' && 'error' in data ? reject(new Error(data.error)) : resolve(data);
      worker.postMessage(message);
    });
  await ask({ backend, onnx });
  return {
    async predict(image) {
      return ((await ask(image)) as { probabilities: Float32Array }).probabilities;
    },
  };
}
