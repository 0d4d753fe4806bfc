/** Where and from what a run was started. */
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

/** The files that take part in training and publishing. */
const SOURCES = [
  ...[
    'math',
    'data',
    'network',
    'evaluation',
    'drawing',
    'training',
    'artifacts',
    'engines',
    'node',
    'runs',
  ].map((room) => `src/${room}`),
  ...['scripts', 'package-lock.json'],
];

/** The commit the code stands at, and whether those files differ from it; nulls outside of a git checkout. */
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
