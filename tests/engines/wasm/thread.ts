/** A thread in Node. */
import { workerData } from 'node:worker_threads';
import { serve, type ThreadSetup } from '../../../src/engines/wasm/threads.ts';

serve(workerData as ThreadSetup);
