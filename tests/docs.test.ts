/** The documents name files and folders that are there, and the rooms that ESLint holds. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { rooms } from '../rooms.js';
import { onCpu } from '../src/site/result-table.ts';
import { readRuns } from '../src/site/runs.ts';

const DOCUMENTS = [
  ...['README.md', 'CONTRIBUTING.md', 'docs/architecture.md', 'docs/own-runs.md', 'docs/reproducibility.md'],
];
const read = (path: string): string => readFileSync(path, 'utf8');

describe.each(DOCUMENTS)('%s', (document) => {
  test('links to files that exist', () => {
    const links = [...read(document).matchAll(/(?:\]\(|src(?:set)?=")((?!https?:|#)[^)"]+)/g)].map(
      ([, link]) => link!,
    );
    expect(links.filter((link) => !existsSync(join(dirname(document), link.replace(/#.*/, ''))))).toEqual([]);
  });

  test('names paths that exist', () => {
    const paths = [...read(document).matchAll(/`((?:src|scripts|bench|tests|public|docs)\/[^`\s<*…]*)`/g)];
    expect(paths.length).toBeGreaterThan(2);
    expect(paths.map(([, path]) => path!).filter((path) => !existsSync(path))).toEqual([]);
  });
});

test('the pictures of the README show what is published', () => {
  type Hashes = Record<string, Record<string, string>>;
  const pictures = JSON.parse(read('docs/images/pictures.json')) as Hashes;
  for (const [picture, shown] of Object.entries(pictures)) {
    expect(read('README.md')).toContain(`docs/images/${picture}`);
    for (const [file, sha256] of Object.entries(shown)) {
      const [id, name] = file.split('/') as [string, string];
      const { files } = JSON.parse(read(`public/models/${id}/metrics.json`)) as {
        files: Record<string, { sha256: string }>;
      };
      expect(
        files[name]?.sha256,
        `${file} is another than docs/images/${picture} shows: run "npm run pictures"`,
      ).toBe(sha256);
    }
  }
});

test('docs/performance.md names the runs that were trained on a GPU', async () => {
  const [, sentence] = /The runs ([^.]*) were trained on it/.exec(read('docs/performance.md'))!;
  const named = [...sentence!.matchAll(/`([^`]+)`/g)].map(([, id]) => id!);
  const onGpu = (await readRuns('public')).filter(({ metrics }) => !onCpu(metrics));
  expect(named.sort()).toEqual(onGpu.map(({ id }) => id).sort());
});

test('docs/architecture.md has every room, and rooms.js no folder that is gone', () => {
  const text = read('docs/architecture.md');
  const named = (room: string): boolean =>
    [`\`${room}/\``, `\`${room.replace(/^src\/engines\//, '')}/\``].some((name) => text.includes(name));
  expect(Object.keys(rooms).filter((room) => !named(room))).toEqual([]);
  expect(Object.keys(rooms).filter((room) => !existsSync(room))).toEqual([]);
});
