/** The machine and the commit that a run comes from. */
import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import type { Metrics } from '../artifacts/schema.ts';

/** The CPU's model, its logical cores, and the platform. */
export function machine(): Metrics['machine'] {
  const cores = cpus();
  return {
    cpu: cores[0]?.model.trim() || 'unknown',
    cores: Math.max(1, cores.length),
    platform: `${process.platform} ${process.arch}`,
  };
}

/** The rooms of `src` that take part in training and publishing. */
const ROOMS = 'math data network evaluation drawing training artifacts engines node runs'.split(' ');
const SOURCES = [...ROOMS.map((room) => `src/${room}`), 'scripts', 'package-lock.json'];

/** The commit that is checked out, and whether those files differ from it; nulls outside of a git checkout. */
export function commit(root: string): Metrics['source'] {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', root, ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    return { commit: git('rev-parse', 'HEAD'), dirty: git('status', '--porcelain', '--', ...SOURCES) !== '' };
  } catch {
    return { commit: null, dirty: null };
  }
}
