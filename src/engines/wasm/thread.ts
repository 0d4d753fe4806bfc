/** A thread of the browser: its worker's script. */
import { serve, type ThreadSetup } from './threads.ts';

addEventListener('message', ({ data }: MessageEvent<ThreadSetup>) => serve(data), { once: true });
