/** onnxruntime-web in a worker, on the exported file. */
import { knownImages } from '../../../src/data/dataset.ts';
import type { PredictionTask, Step } from '../candidates.ts';
import { asking } from './worker.ts';

export async function start({ backend, onnx }: PredictionTask): Promise<Step> {
  const images = knownImages();
  const worker = new Worker(new URL('./onnxruntime-worker.ts', import.meta.url), { type: 'module' });
  const request = asking(worker);
  await request({ backend, onnx });
  return (i) => request(images[i % images.length]!);
}
