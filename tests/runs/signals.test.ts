import { afterEach, expect, test, vi } from 'vitest';
import { listenForSignals } from '../../src/runs/signals.ts';

afterEach(() => vi.restoreAllMocks());

function prepare() {
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
  const now = vi.spyOn(performance, 'now').mockReturnValue(5000);
  return { signals: listenForSignals(), kill, now };
}

test('two signals within a second are one', () => {
  const before = process.listeners('SIGINT').length;
  const { signals, kill, now } = prepare();
  process.emit('SIGINT', 'SIGINT');
  now.mockReturnValue(5900);
  process.emit('SIGINT', 'SIGINT');
  process.emit('SIGTERM', 'SIGTERM');
  expect(signals.received()).toBe('SIGINT');
  // Still listened to, or the second one would end the process.
  expect(process.listeners('SIGINT').length).toBeGreaterThan(before);
  expect(kill).not.toHaveBeenCalled();
  signals.stop();
});

test('a later one ends the process', () => {
  const { kill, now } = prepare();
  const before = process.listenerCount('SIGINT');
  process.emit('SIGINT', 'SIGINT');
  now.mockReturnValue(6001);
  process.emit('SIGINT', 'SIGINT');
  expect(kill).toHaveBeenCalledWith(process.pid, 'SIGINT');
  expect(process.listenerCount('SIGINT')).toBe(before - 1);
});
