/** onnxruntime-web in a worker, on the exported file. */
import { knownImages } from '../../../src/data/dataset.ts';
import type { PredictionTask, Step } from '../candidates.ts';

type Reply = { result: ArrayLike<number> } | { error: string };

export async function start({ backend, onnx }: PredictionTask): Promise<Step> {
  const images = knownImages();
  const worker = new Worker(new URL('./onnxruntime-worker.ts', import.meta.url), { type: 'module' });
  const request = (message: unknown) =>
    new Promise<ArrayLike<number>>((resolve, reject) => {
      worker.onerror = (event) => reject(new Error(event.message));
      worker.onmessage = ({ data }: MessageEvent<Reply>) =>
        'error' in data ? reject(new Error(data.error)) : resolve(data.result);
      worker.postMessage(message);
    });
  await request({ backend, onnx });
  return (i) => request(images[i % images.length]!);
}
