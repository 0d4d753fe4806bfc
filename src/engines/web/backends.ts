/** The backends that a browser may have, each loaded only when its turn comes. */
import * as tf from '@tensorflow/tfjs-core';
import { type WebBackend, Unavailable } from '../backends.ts';
import { adapterName, isSoftware } from '../webgpu/adapter.ts';

export interface Running {
  /** The processor, as far as the browser tells. */
  readonly device: string;
  /** Settles, with the reason, when the backend is lost; never otherwise. */
  readonly lost: Promise<string>;
}

/**
 * Makes the backend the one that tfjs computes with.
 * @param forced also where it would be emulated in software, which is slower than wasm
 * @throws Unavailable
 */
export type Start = (forced: boolean) => Promise<Running>;

const never = new Promise<never>(() => undefined);

async function use(name: WebBackend): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Unavailable('it does not start');
}

const webgpu: Start = async (forced) => {
  // tfjs throws inside its own start where there is no adapter.
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) throw new Unavailable(navigator.gpu ? 'no adapter' : 'not in this browser');
  const { info } = adapter;
  if (isSoftware(info) && !forced) throw new Unavailable('emulated in software');
  const [{ registerWebGpuKernels }] = await Promise.all([
    import('../webgpu/kernels.ts'),
    import('@tensorflow/tfjs-backend-webgpu'),
  ]);
  await use('webgpu');
  registerWebGpuKernels();
  const { device } = tf.backend() as tf.KernelBackend & { device: GPUDevice };
  const lost = device.lost.then(({ message }) => message || 'the device was lost');
  return { device: adapterName(info), lost };
};

const webgl: Start = async (forced) => {
  const canvas = new OffscreenCanvas(1, 1);
  const gl = canvas.getContext('webgl2', { failIfMajorPerformanceCaveat: !forced });
  if (!gl) throw new Unavailable('no WebGL 2, or emulated in software');
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  const device = String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  await import('@tensorflow/tfjs-backend-webgl');
  // Read when tfjs makes its context.
  tf.env().set('SOFTWARE_WEBGL_ENABLED', forced);
  await use('webgl');
  const { gpgpu } = tf.backend() as tf.KernelBackend & { gpgpu: { gl: WebGL2RenderingContext } };
  const lost = new Promise<string>((resolve) => {
    gpgpu.gl.canvas.addEventListener('webglcontextlost', () => resolve('the context was lost'));
  });
  return { device, lost };
};

const wasm: Start = async () => {
  if (typeof WebAssembly === 'undefined') throw new Unavailable('not in this browser');
  const [{ setWasmPaths }, { registerWasmKernels }, plain, simd, threaded] = await Promise.all([
    import('@tensorflow/tfjs-backend-wasm'),
    import('../wasm/kernels.ts'),
    import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'),
    import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'),
    import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url'),
  ]);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain.default,
    'tfjs-backend-wasm-simd.wasm': simd.default,
    'tfjs-backend-wasm-threaded-simd.wasm': threaded.default,
  });
  await use('wasm');
  registerWasmKernels();
  return { device: 'CPU', lost: never };
};

export const START: Record<WebBackend, Start> = { webgpu, webgl, wasm };
