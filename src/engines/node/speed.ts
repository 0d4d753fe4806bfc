/** How fast a backend trains here: measured over a few passes, and kept for this machine. */
import { mkdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { classCount, reportArchitecture } from '../../network/architecture.ts';
import { batchGradients } from '../../network/gradients.ts';
import { initialise } from '../../network/initialise.ts';
import { smoothedTargets } from '../../network/loss.ts';
import { Network } from '../../network/network.ts';
import { cacheFolder, writeAtomically } from '../../node/files.ts';
import { BACKENDS, type NodeBackend } from '../backends.ts';

/** The current backend, by whatever decides its rate. */
interface Measured {
  name: NodeBackend;
  device: string;
  versions: Record<string, string>;
  threads: number | undefined;
  emulated: boolean;
}

/** Enough to rank fast backends. */
const BATCH = 64;
/** Of a backend that is slow. */
const FEW = 4;
/** Passes that count, after a first one, which compiles and allocates. */
const PASSES = 2;

/**
 * Images per second in training on the current backend, without the optimiser. It takes seconds, on slow backends up to
 * a minute.
 */
async function measure({ name, emulated }: Measured): Promise<number> {
  const batch = emulated || BACKENDS[name].largestBatch !== undefined ? FEW : BATCH;
  const network = new Network(reportArchitecture, initialise(reportArchitecture, 1));
  const shape: [number, number, number, number] = [batch, ...reportArchitecture.inputShape];
  const images = tf.randomNormal(shape, 0, 1, 'float32', 1) as tf.Tensor4D;
  const labels = Array.from({ length: batch }, (_, i) => i % 10);
  const targets = smoothedTargets(labels, classCount(reportArchitecture), 0.1);
  const pass = async (): Promise<void> => {
    const results = batchGradients(network, images, targets, 1);
    // A GPU gives the gradient of the first layer when it has done everything else.
    await Promise.all([results.loss.data(), results.gradients['conv1/kernel']!.data()]);
    tf.dispose({ ...results });
  };
  try {
    await pass();
    const started = performance.now();
    for (let i = 0; i < PASSES; i++) await pass();
    return (1000 * PASSES * batch) / (performance.now() - started);
  } finally {
    tf.dispose([images, targets]);
    network.dispose();
  }
}

/** The file of all rates that were measured here. */
const speedsFile = (): string => join(cacheFolder(), 'speeds.json');

const keyOf = ({ name, device, versions, threads }: Measured): string =>
  JSON.stringify([hostname(), name, device, versions, threads ?? null, BACKENDS[name].kernels ?? null]);

function readSpeeds(): Record<string, number> {
  try {
    return JSON.parse(readFileSync(speedsFile(), 'utf8')) as Record<string, number>;
  } catch {
    return {};
  }
}

/**
 * Images per second in training on the current backend: as it was measured before on this machine, or now.
 * @param again whether to measure in any case
 */
export async function trainingSpeed(backend: Measured, again = false): Promise<number> {
  const key = keyOf(backend);
  const known = again ? undefined : readSpeeds()[key];
  if (typeof known === 'number' && known > 0) return known;
  const speed = await measure(backend);
  try {
    mkdirSync(dirname(speedsFile()), { recursive: true });
    writeAtomically(speedsFile(), [JSON.stringify({ ...readSpeeds(), [key]: speed }, null, 2)]);
  } catch {
    // Where it cannot be kept, it is measured again the next time.
  }
  return speed;
}

/** A rate for the log. */
export const speedText = (imagesPerSecond: number): string =>
  `${imagesPerSecond.toFixed(imagesPerSecond < 10 ? 1 : 0)} images/s in training`;
