/**
 * In the place of the eight workers that tfjs's build for threads starts, whether it uses them or not. Of that build only
 * the memory is wanted, which this project's own threads share (src/engines/wasm/threads.ts); tfjs computes on one.
 */
export class NoWorker {
  /** Set by tfjs, which waits until each worker says that it is ready. */
  onmessage?: (event: { data: { cmd: string } }) => void;

  postMessage({ cmd }: { cmd: string }): void {
    if (cmd === 'load') this.onmessage?.({ data: { cmd: 'loaded' } });
  }

  terminate(): void {
    // There is nothing to end.
  }
}
