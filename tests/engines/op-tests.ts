/**
 * The op tests that `@tensorflow/tfjs-core` ships for its backends. They are written for Jasmine; what they need of it
 * stands here.
 */
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';

type Environment = { name: string; backendName: string; isDataSync: boolean };
type Place = { predicate?: () => boolean };

export interface OpTests {
  name: string;
  /** Where they can run. */
  place: Place;
  suite: (environment: Environment) => void;
}

const suites = vi.hoisted(() => [] as OpTests[]);
/** tfjs's own bridge to Jasmine. */
vi.mock('@tensorflow/tfjs-core/dist/jasmine_util.js', () => {
  const elsewhere = { predicate: () => false };
  return {
    ALL_ENVS: {},
    SYNC_BACKEND_ENVS: {},
    NODE_ENVS: {},
    BROWSER_ENVS: elsewhere,
    CHROME_ENVS: elsewhere,
    describeWithFlags: (name: string, place: Place, suite: OpTests['suite']) =>
      suites.push({ name, place, suite }),
  };
});
const jasmine = { expect: (value: unknown) => Object.assign(expect(value), { nothing: () => undefined }) };
Object.assign(globalThis, { it, beforeAll, beforeEach, afterAll, afterEach }, jasmine);

/** @param files of tfjs-core's `dist/ops`, without their ending */
export async function opTests(files: Iterable<string>): Promise<readonly OpTests[]> {
  const dist = '@tensorflow/tfjs-core/dist';
  await import(`${dist}/register_all_gradients.js`);
  await import(`${dist}/public/chained_ops/register_all_chained_ops.js`);
  for (const file of [...new Set(files)].sort()) await import(`${dist}/ops/${file}_test.js`);
  return suites;
}

/** Runs them on the backend that is current then. */
export function runOpTests(tests: readonly OpTests[], environment: Environment): void {
  for (const { name, place, suite } of tests) {
    describe.skipIf(place.predicate?.() === false)(name, () => {
      beforeEach(() => tf.engine().startScope());
      afterEach(() => {
        tf.engine().endScope();
        tf.engine().disposeVariables();
      });
      suite(environment);
    });
  }
}
