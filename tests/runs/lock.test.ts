import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { takeLock } from '../../src/runs/lock.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
  path = join(folder, 'lock');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('is one’s own until released', () => {
  const release = takeLock(path);
  expect(() => takeLock(path)).toThrow(`Another run (process ${process.pid}) is working on this output`);
  release();
  expect(readdirSync(folder)).toEqual([]);
  takeLock(path)();
});

it('is taken over from a process that was killed', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  await once(child, 'spawn');
  const release = takeLock(path);
  const mine = JSON.parse(readFileSync(path, 'utf8')) as { pid: number; host: string };
  release();
  writeFileSync(path, JSON.stringify({ ...mine, pid: child.pid }));
  child.kill('SIGKILL');
  await once(child, 'exit');
  takeLock(path)();
  expect(existsSync(path)).toBe(false);
});

it('is taken over when the machine was restarted since, whatever has the number now', () => {
  takeLock(path);
  utimesSync(path, 1, 1);
  takeLock(path)();
});

it('is taken over when a power cut left it empty, not while it is being written', () => {
  writeFileSync(path, '');
  expect(() => takeLock(path)).toThrow('several runs are starting at once');
  utimesSync(path, Date.now() / 1000, Date.now() / 1000 - 10);
  takeLock(path)();
});

it('of another machine is respected, with the way out named', () => {
  writeFileSync(path, JSON.stringify({ pid: 1, host: 'elsewhere' }));
  expect(() => takeLock(path)).toThrow(/machine "elsewhere".* delete .*lock/);
});
