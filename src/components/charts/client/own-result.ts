/** What the reader has computed of the test set, for figures and tables that can show it in place of the published. */
export interface OwnResult {
  /** Of the network. */
  readonly id: string;
  readonly matrix: number[][];
  readonly answers: Uint8Array;
  /** [test images × 10], row by row. */
  readonly probabilities: Float32Array;
}

let own: OwnResult | null = null;
const listeners: ((result: OwnResult) => void)[] = [];

export function setOwnResult(result: OwnResult): void {
  own = result;
  for (const listener of listeners) listener(result);
}

/** Calls back with the result that is there, and with every later one. */
export function onOwnResult(listener: (result: OwnResult) => void): void {
  listeners.push(listener);
  if (own) listener(own);
}
