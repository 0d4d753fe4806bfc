/** A worker that answers one message after another. */
type Reply = { result: ArrayLike<number> } | { error: string };

/** @returns what sends it a message and waits for the answer */
export const asking = (worker: Worker) => (message: unknown) =>
  new Promise<ArrayLike<number>>((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }: MessageEvent<Reply>) =>
      'error' in data ? reject(new Error(data.error)) : resolve(data.result);
    worker.postMessage(message);
  });

/** To be called in the worker. */
export function answering(answer: (message: never) => Promise<unknown>): void {
  addEventListener('message', ({ data }) => {
    answer(data as never).then(
      (result) => postMessage({ result }),
      (error: unknown) => postMessage({ error: String(error) }),
    );
  });
}
