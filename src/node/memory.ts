/** Memory that threads share, and its end. */
import { totalmem } from 'node:os';

/** There is less memory than what is computed needs. */
export class MemoryError extends Error {
  override name = 'MemoryError';
}

/**
 * A new array of zeros.
 * @throws MemoryError where it would not fit: the system hands out more than it has, and ends the process that uses it
 */
export function sharedArray(length: number): Float32Array<SharedArrayBuffer> {
  const bytes = length * 4;
  // Elsewhere than on Linux, memory that is only used as a cache does not count as available.
  const most = process.platform === 'linux' ? process.availableMemory() : totalmem();
  if (bytes <= most) {
    try {
      return new Float32Array(new SharedArrayBuffer(bytes));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  throw new MemoryError(`${(bytes / 2 ** 30).toFixed(1)} GiB more are not available`);
}

/** Whether an error says that memory is at its end: ours, V8's of a large array, ONNX Runtime's. */
export function isMemoryError(error: unknown): error is Error {
  if (error instanceof MemoryError) return true;
  const text = error instanceof Error ? error.message : '';
  return error instanceof RangeError
    ? /array buffer allocation failed|invalid (typed )?array (buffer )?length/i.test(text)
    : /failed to allocate memory/i.test(text);
}
