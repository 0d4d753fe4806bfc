/** What outlives the page and is too large for `localStorage`: one table of values by name in IndexedDB. */

const DATABASE = 'fashion-mnist-report';
const TABLE = 'values';

/** The browser refuses to store: blocked, as in some private windows, or full. */
export class StorageError extends Error {
  override name = 'StorageError';
  readonly full: boolean;

  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.full = cause instanceof DOMException && cause.name === 'QuotaExceededError';
  }
}

/** A value that was written, or undefined. @throws StorageError */
export function read(name: string): Promise<unknown> {
  return transact('readonly', (table) => table.get(name));
}

/** Whether there is a value of this name. @throws StorageError */
export async function has(name: string): Promise<boolean> {
  return (await transact('readonly', (table) => table.count(name))) === 1;
}

/** @param value anything that can be cloned. @throws StorageError; what was there before is there still */
export async function write(name: string, value: unknown): Promise<void> {
  await transact('readwrite', (table) => table.put(value, name));
}

/** @throws StorageError */
export async function remove(name: string): Promise<void> {
  await transact('readwrite', (table) => table.delete(name));
}

async function transact<T>(
  mode: IDBTransactionMode,
  act: (table: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  let database: IDBDatabase | undefined;
  try {
    database = await open();
    const transaction = database.transaction(TABLE, mode);
    const request = act(transaction.objectStore(TABLE));
    await new Promise<void>((resolve, reject) => {
      // Storage that is full shows only when the transaction ends.
      transaction.oncomplete = () => resolve();
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? request.error);
    });
    return request.result;
  } catch (error) {
    throw new StorageError(error);
  } finally {
    database?.close();
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('another tab holds the storage'));
  });
}
