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
}

/** Enough to rank fast backends. */
const BATCH = 64;
/** As few as batch normalisation takes: they show whether a backend is slow. */
const FEW = 2;
/** A backend that needs longer for those is slow; what compiling takes, which comes first, is much less. */
const SLOW_MS = { compiling: 10_000, running: 1_000 };
/** Passes that count, after a first one, which compiles and allocates. */
const PASSES = 2;

/**
 * Images per second in training on the current backend, without the optimiser. It takes seconds, on a
 * slow backend as long as two images do.
 */
async function measure(): Promise<number> {
  const network = new Network(reportArchitecture, initialise(reportArchitecture, 1));
  /** How long passes over so many images take, in ms. */
  const time = async (batch: number, passes = 1): Promise<number> => {
    const shape: [number, number, number, number] = [batch, ...reportArchitecture.inputShape];
    const images = tf.randomNormal(shape, 0, 1, 'float32', 1) as tf.Tensor4D;
    const labels = Array.from({ length: batch }, (_, i) => i % 10);
    const targets = smoothedTargets(labels, classCount(reportArchitecture), 0.1);
    const started = performance.now();
    for (let i = 0; i < passes; i++) {
      const results = batchGradients(network, images, targets, 1);
      // A GPU gives the gradient of the first layer when it has done everything else.
      await Promise.all([results.loss.data(), results.gradients['conv1/kernel']!.data()]);
      tf.dispose({ ...results });
    }
    tf.dispose([images, targets]);
    return performance.now() - started;
  };
  try {
    const first = await time(FEW);
    if (first > SLOW_MS.compiling) return (1000 * FEW) / first;
    const second = await time(FEW);
    if (second > SLOW_MS.running) return (1000 * FEW) / second;
    await time(BATCH);
    return (1000 * PASSES * BATCH) / (await time(BATCH, PASSES));
  } finally {
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
  const speed = await measure();
  try {
    mkdirSync(dirname(speedsFile()), { recursive: true });
    writeAtomically(speedsFile(), JSON.stringify({ ...readSpeeds(), [key]: speed }, null, 2));
  } catch {
    // Where it cannot be kept, it is measured again the next time.
  }
  return speed;
}

/** A rate for the log. */
export const speedText = (imagesPerSecond: number): string =>
  `${imagesPerSecond.toFixed(imagesPerSecond < 10 ? 1 : 0)} images/s in training`;
