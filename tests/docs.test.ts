/** The documents name files and folders that are there, and the rooms that ESLint holds. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rooms } from '../rooms.js';

const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', 'docs/architecture.md'];
const read = (path: string): string => readFileSync(path, 'utf8');

describe.each(DOCUMENTS)('%s', (document) => {
  test('names paths that exist', () => {
    const paths = [...read(document).matchAll(/`((?:src|scripts|bench|tests|public|docs)\/[^`\s<*…]*)`/g)];
    expect(paths.length).toBeGreaterThan(4);
    expect(paths.map(([, path]) => path!).filter((path) => !existsSync(path))).toEqual([]);
  });
});

test('docs/architecture.md has every room, and rooms.js no folder that is gone', () => {
  const text = read('docs/architecture.md');
  const named = (room: string): boolean =>
    [`\`${room}/\``, `\`${room.replace(/^src\/engines\//, '')}/\``].some((name) => text.includes(name));
  expect(Object.keys(rooms).filter((room) => !named(room))).toEqual([]);
  expect(Object.keys(rooms).filter((room) => !existsSync(room))).toEqual([]);
});
