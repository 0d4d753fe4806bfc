import { afterEach, describe, expect, it, vi } from 'vitest';
import { formatView, integerIn, oneOf, parseView, readView, writeView } from '../../src/client/url-state.ts';

describe('views', () => {
  it('survive the way through the address', () => {
    const view = { epoch: '12', range: 'late', hide: 'train+reported', cell: '6.0', peak: '-2.02' };
    expect(parseView(formatView(view))).toEqual(view);
    expect(new URLSearchParams({ fig: formatView(view) }).toString()).toBe(
      'fig=epoch-12_range-late_hide-train%2Breported_cell-6.0_peak--2.02',
    );
  });

  it('leave defaults out', () => {
    expect(formatView({ epoch: undefined, range: undefined })).toBe('');
  });

  it.each([null, '', '_', '-', 'epoch', '=<script>', '%%%_-_'])('are empty for the broken %j', (text) => {
    expect(parseView(text)).toEqual({});
  });

  it('keep what is sound beside what is broken', () => {
    expect(parseView('<b>-1_epoch-3_?')).toEqual({ epoch: '3' });
  });
});

describe('values', () => {
  it('fall back where they are out of bounds or no number', () => {
    expect(integerIn('12', 1, 20, 5)).toBe(12);
    for (const text of ['0', '21', '1.5', '-3', '1e1', 'x', '', undefined])
      expect(integerIn(text, 1, 20, 5)).toBe(5);
  });

  it('fall back where they are none of the choices', () => {
    expect(oneOf('late', ['all', 'late'], 'all')).toBe('late');
    expect(oneOf('toString', ['all', 'late'], 'all')).toBe('all');
    expect(oneOf(undefined, ['all', 'late'], 'late')).toBe('late');
  });
});

describe('the address', () => {
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('is written later where the browser takes no more of them, as Safari does of a slider', () => {
    vi.useFakeTimers();
    let href = 'https://site.test/en/';
    let left = 1;
    vi.stubGlobal('location', {
      get href() {
        return href;
      },
    });
    vi.stubGlobal('history', {
      state: null,
      replaceState(_: unknown, __: string, url: URL) {
        if (left-- <= 0) throw new DOMException('more than 100 times per 30 seconds', 'SecurityError');
        href = url.href;
      },
    });
    for (const epoch of [1, 2, 3]) writeView('fig-2', { epoch: String(epoch) });
    writeView('fig-4', { cell: '6.0' });
    expect(href).toBe('https://site.test/en/?fig-2=epoch-1');
    expect(readView('fig-2')).toEqual({ epoch: '3' });
    left = 9;
    vi.advanceTimersByTime(10_000);
    expect(href).toBe('https://site.test/en/?fig-2=epoch-3&fig-4=cell-6.0');
  });
});
