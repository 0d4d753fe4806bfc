/** What each contestant of the browser benchmark does, and how it is asked. */

export interface Work {
  readonly mode: 'head' | 'all';
  readonly backend: 'wasm' | 'webgpu';
  readonly batch: number;
  /** With tfjs's own kernels where this project has others. */
  readonly stock: boolean;
}

export interface Contestant {
  /** One step of training. @returns its loss */
  step(): Promise<number>;
}
