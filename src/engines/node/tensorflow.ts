/**
 * tfjs on libtensorflow. Its packages are no dependencies: they fetch some hundred megabytes when they are installed.
 * Their settings are TensorFlow's own environment variables, see docs/architecture.md.
 */
import { createRequire } from 'node:module';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';

import { BACKENDS, Unavailable, firstLine } from '../backends.ts';

const require = createRequire(import.meta.url);

/**
 * Makes libtensorflow tfjs's current backend.
 * @param threads within an operation; all cores when left out
 * @throws Unavailable when the package is missing, or there without a library that loads, or finds no GPU to compute on
 */
export async function activate(name: 'tensorflow' | 'tensorflow-gpu', threads?: number): Promise<void> {
  const specifier = BACKENDS[name].packages[0]!;
  const gpu = name === 'tensorflow-gpu';
  try {
    require.resolve(specifier);
  } catch (cause) {
    throw new Unavailable(`the package ${specifier} is not installed`, {
      cause,
      remedy: `install it with "npm install --no-save --ignore-scripts=false ${specifier}"`,
    });
  }
  const again = `fetch its library again with "npm rebuild --ignore-scripts=false ${specifier}"`;
  const cuda = 'install CUDA 11.2 and cuDNN 8.1';
  // It calls two functions that Node removed in version 23, and warns of before.
  const removed = util as unknown as Record<string, unknown>;
  removed['isNullOrUndefined'] = (value: unknown) => value === null || value === undefined;
  removed['isArray'] = Array.isArray;
  if (threads !== undefined) process.env['TF_NUM_INTRAOP_THREADS'] = String(threads);
  try {
    require(specifier);
  } catch (cause) {
    throw new Unavailable(
      `the package ${specifier} is installed, but its library does not load (${firstLine(cause)})`,
      { cause, remedy: gpu ? `${cuda}, or ${again}` : again },
    );
  }
  if (!(await tf.setBackend('tensorflow'))) {
    throw new Unavailable(`the package ${specifier} is installed, but TensorFlow does not start`, {
      remedy: again,
    });
  }
  const { isUsingGpuDevice } = tf.backend() as tf.KernelBackend & { isUsingGpuDevice?: boolean };
  if (gpu && !isUsingGpuDevice) {
    throw new Unavailable(`the package ${specifier} is installed, but TensorFlow finds no GPU`, {
      remedy: cuda,
    });
  }
}
