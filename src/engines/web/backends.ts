/** The backends that a browser may have, each loaded only when its turn comes. */
import * as tf from '@tensorflow/tfjs-core';
import { type WebBackend, Unavailable } from '../backends.ts';
import type { Report } from './protocol.ts';
import type { ThreadSetup } from '../wasm/threads.ts';
import { adapterName, isSoftware } from '../webgpu/adapter.ts';
import { NoWorker } from './no-worker.ts';

export interface Running {
  /** The processor, as far as the browser tells. */
  readonly device: string;
  /** Settles, with the reason, when the backend is lost; never otherwise. */
  readonly lost: Promise<string>;
}

interface StartOptions {
  /** Also where it would be emulated in software, which is slower than wasm. */
  readonly forced: boolean;
  /** Whether wasm is to use threads, which needs memory that they can share. */
  readonly threads: boolean;
  readonly report: Report;
}

/** Makes the backend the one that tfjs computes with. @throws Unavailable */
type Start = (options: StartOptions) => Promise<Running>;

/** With more the parts of a layer become small. */
const MOST_THREADS = 4;

const never = new Promise<never>(() => undefined);

async function use(name: WebBackend): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Unavailable('it does not start');
}

const webgpu: Start = async ({ forced, report }) => {
  report('webgpu');
  // tfjs throws inside its own start where there is no adapter.
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Unavailable(navigator.gpu ? 'no adapter' : 'not in this browser');
  const { info } = adapter;
  if (isSoftware(info) && !forced) throw new Unavailable('emulated in software');
  report(null);
  const [{ chooseKernels, registerWebGpuKernels }] = await Promise.all([
    import('../webgpu/kernels.ts'),
    import('@tensorflow/tfjs-backend-webgpu'),
  ]);
  report('webgpu');
  await use('webgpu');
  registerWebGpuKernels();
  if (!isSoftware(info)) await chooseKernels();
  const { device } = tf.backend() as tf.KernelBackend & { device: GPUDevice };
  const lost = device.lost.then(({ message }) => message || 'the device was lost');
  return { device: adapterName(info), lost };
};

const webgl: Start = async ({ forced, report }) => {
  report('webgl');
  const canvas = new OffscreenCanvas(1, 1);
  const gl = canvas.getContext('webgl2', { failIfMajorPerformanceCaveat: !forced });
  if (!gl) throw new Unavailable('no WebGL 2, or emulated in software');
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  const device = String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  report(null);
  await import('@tensorflow/tfjs-backend-webgl');
  report('webgl');
  // Read when tfjs makes its context.
  tf.env().set('SOFTWARE_WEBGL_ENABLED', forced);
  await use('webgl');
  const { gpgpu } = tf.backend() as tf.KernelBackend & { gpgpu: { gl: WebGL2RenderingContext } };
  const lost = new Promise<string>((resolve) => {
    gpgpu.gl.canvas.addEventListener('webglcontextlost', () => resolve('the context was lost'));
  });
  return { device, lost };
};

/** Whether tfjs's wasm backend knows its files and threads, of which it can be told before its first start only. */
let prepared = false;

const wasm: Start = async ({ threads, report }) => {
  report(null);
  if (typeof WebAssembly === 'undefined') throw new Unavailable('not in this browser');
  const [tfjs, { registerWasmKernels }, { startThreads }, plain, simd, shared] = await Promise.all([
    import('@tensorflow/tfjs-backend-wasm'),
    import('../wasm/kernels.ts'),
    import('../wasm/threads.ts'),
    import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'),
    import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'),
    import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'),
  ]);
  if (!prepared) {
    tfjs.setWasmPaths({
      'tfjs-backend-wasm.wasm': plain.default,
      'tfjs-backend-wasm-simd.wasm': simd.default,
      'tfjs-backend-wasm-threaded-simd.wasm': shared.default,
    });
    tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', threads);
    tfjs.setThreadsCount(1);
    prepared = true;
  }
  report('wasm');
  const workers = globalThis.Worker;
  globalThis.Worker = NoWorker as unknown as typeof Worker;
  try {
    await use('wasm');
  } finally {
    globalThis.Worker = workers;
  }
  const memory = registerWasmKernels();
  const cores = Math.min(navigator.hardwareConcurrency || 1, MOST_THREADS);
  const count = threads && memory ? await startThreads(memory, cores, openThread) : 1;
  return { device: count > 1 ? `CPU ×${count}` : 'CPU', lost: never };
};

function openThread(setup: ThreadSetup): Worker {
  const worker = new Worker(new URL('../wasm/thread.ts', import.meta.url), { type: 'module' });
  worker.postMessage(setup);
  return worker;
}

export const START: Record<WebBackend, Start> = { webgpu, webgl, wasm };
