/** A reader's visit to the built site: what journeys have in common. */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, vi } from 'vitest';
import { serve } from '../../src/node/static-server.ts';
import { BROWSERS, type BrowserName, getBrowser } from '../../src/node/browsers.ts';
import { type Point, type Reader, startReader } from './reader.ts';

/** Set by `npm run test:browsers`, which has found or installed them. */
export const BROWSER_NAMES = (process.env['BROWSERS']?.split(',') ?? BROWSERS) as readonly BrowserName[];
export const dist = resolve(process.env['SITE_DIST'] ?? 'dist');
export const base = (process.env['BASE_PATH'] ?? '').replace(/\/$/, '');
export const WAIT = { timeout: 40_000, interval: 200 };

/** A T-shirt in one line. */
export const SHIRT: readonly Point[] = [
  [0.38, 0.16],
  [0.62, 0.16],
  [0.9, 0.34],
  [0.8, 0.46],
  [0.7, 0.4],
  [0.7, 0.88],
  [0.3, 0.88],
  [0.3, 0.4],
  [0.2, 0.46],
  [0.1, 0.34],
  [0.38, 0.16],
];

/** Selects an element by its test id. */
export const test = (id: string): string => `[data-testid=${id}]`;

/** Changes how the host answers a request. @returns whether it has answered by itself */
export type Meddle = (request: IncomingMessage, response: ServerResponse) => boolean | void;

/** Serves the site and starts a browser before the tests, and ends both after them. */
export function useReader(name: BrowserName, meddle?: Meddle) {
  let reader: Reader;
  let host: Awaited<ReturnType<typeof serve>>;

  const evaluate = <T>(expression: string): Promise<T> => reader.evaluate<T>(expression);
  const attribute = (selector: string, attribute: string): Promise<string | null> =>
    evaluate(`document.querySelector(${JSON.stringify(selector)})?.getAttribute('${attribute}') ?? null`);
  /** Waits until an element is in one of some states. */
  const reach = (selector: string, ...states: string[]): Promise<void> =>
    vi.waitFor(async () => expect(states).toContain(await attribute(selector, 'data-state')), WAIT);

  async function startHost(port = host ? Number(new URL(host.origin).port) : 0): Promise<void> {
    host = await serve(dist, base, { port });
    const [answer] = host.server.listeners('request') as RequestListener[];
    if (!meddle) return;
    host.server.removeAllListeners('request');
    host.server.on('request', (request, response) => {
      if (!meddle(request, response)) answer!(request, response);
    });
  }

  async function stopHost(): Promise<void> {
    host.server.closeAllConnections();
    await new Promise((done) => host.server.close(done));
  }

  const open = (path: `/${string}`): Promise<void> => reader.goto(host.origin + base + path);

  beforeAll(async () => {
    await startHost();
    reader = await startReader(name, await getBrowser(name, console.log));
  });
  afterAll(async () => {
    await reader?.close();
    await stopHost();
  });

  return {
    get reader() {
      return reader;
    },
    open,
    evaluate,
    attribute,
    reach,
    startHost,
    stopHost,
    /** Waits for the answer to what is drawn. */
    answered: () => reach(test('result'), 'ready', 'unsure'),

    /** Opens the teaching page and carries a short lesson out. */
    async teach(): Promise<void> {
      await open('/en/finetune/?backend=wasm&sample=20');
      await vi.waitFor(async () => {
        await reader.select(test('ft-task'), 'trade');
        expect(await evaluate(`document.querySelector('${test('ft-plan')}').textContent.trim()`)).not.toBe(
          '',
        );
      }, WAIT);
      for (const [id, value] of Object.entries({ 'ft-epochs': 2, 'ft-batch': 8, 'ft-images': 5 })) {
        await evaluate(`(() => {
          const input = document.querySelector('${test(id)}');
          input.value = '${value}';
          for (const type of ['input', 'change']) input.dispatchEvent(new Event(type, { bubbles: true }));
        })()`);
      }
      await reader.click(test('ft-start'));
      await reach(test('ft-status'), 'done');
    },
  };
}
