/** Where a step's time goes: the time of each of tfjs's kernels. */
import * as tf from '@tensorflow/tfjs-core';

export interface KernelTime {
  kernel: string;
  calls: number;
  /** Its own, without kernels that it calls. */
  seconds: number;
}

/**
 * Times the kernels of the current backend from now on. A GPU works on after a kernel has returned: what is timed there
 * is how long it takes to give it its orders.
 * @returns takes what has been gathered since it was last asked, slowest first
 */
export function profileKernels(): () => KernelTime[] {
  let times = new Map<string, KernelTime>();
  /** Seconds spent in kernels that were called by the one at work, for each that is. */
  const inner: number[] = [];
  for (const config of tf.getKernelsForBackend(tf.getBackend())) {
    const { kernelName, kernelFunc, backendName } = config;
    const timed: tf.KernelFunc = (call) => {
      const started = performance.now();
      inner.push(0);
      try {
        return kernelFunc(call);
      } finally {
        const seconds = (performance.now() - started) / 1000;
        const time = times.get(kernelName) ?? { kernel: kernelName, calls: 0, seconds: 0 };
        time.calls++;
        time.seconds += seconds - inner.pop()!;
        times.set(kernelName, time);
        if (inner.length) inner[inner.length - 1]! += seconds;
      }
    };
    tf.unregisterKernel(kernelName, backendName);
    tf.registerKernel({ ...config, kernelFunc: timed });
  }
  return () => {
    const taken = [...times.values()].sort((a, b) => b.seconds - a.seconds);
    times = new Map();
    return taken;
  };
}
