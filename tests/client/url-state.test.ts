import { describe, expect, it } from 'vitest';
import { formatView, integerIn, oneOf, parseView } from '../../src/client/url-state.ts';

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
