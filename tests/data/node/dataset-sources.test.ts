import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DataFile } from '../../../src/data/idx.ts';
import { collectFiles, type LoadReporter } from '../../../src/data/node/fashion-mnist.ts';
import { UserError } from '../../../src/node/errors.ts';
import {
  aptSource,
  defaultSources,
  folderSource,
  httpSource,
  type Progress,
  type Source,
} from '../../../src/data/node/dataset-sources.ts';
import { cacheFolder } from '../../../src/node/files.ts';

/** Two small files stand for the dataset's four. */
function smallFile(name: string, count: number): { file: DataFile; plain: Buffer } {
  const plain = Buffer.from([0, 0, 8, 1, 0, 0, 0, count, ...Array.from({ length: count }, (_, i) => i)]);
  return { file: { name, shape: [count], sha256: createHash('sha256').update(plain).digest('hex') }, plain };
}
const one = smallFile('one-idx1-ubyte', 200);
const two = smallFile('two-idx1-ubyte', 100);
const files = [one.file, two.file];
const published: Record<string, Buffer> = {
  '/one-idx1-ubyte.gz': gzipSync(one.plain),
  '/two-idx1-ubyte.gz': gzipSync(two.plain),
};

/** Long enough for a busy machine; where a test is about waiting, it waits for `BRIEF`. */
const patience = { silence: 30_000, apt: 30_000 };
const BRIEF = 150;
let folder = '';
let cache = '';
let servers: Server[] = [];
let problems: string[] = [];
let progress: Progress[] = [];
const reporter: LoadReporter = {
  progress: (_, step) => progress.push(step),
  problem: (_, message) => problems.push(message),
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'collect-test-'));
  cache = join(folder, 'cache');
  problems = [];
  progress = [];
});

afterEach(async () => {
  vi.unstubAllEnvs();
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  servers = [];
  await rm(folder, { recursive: true });
});

/** A server on this machine; gives the source that asks it. */
async function serve(listener: RequestListener, silence = patience.silence): Promise<Source> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return httpSource(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { ...patience, silence });
}

const good: RequestListener = (request, response) => response.end(published[request.url ?? '']);

async function fill(name: string, contents: Record<string, Uint8Array>): Promise<string> {
  const path = join(folder, name);
  await mkdir(path, { recursive: true });
  for (const [file, bytes] of Object.entries(contents)) await writeFile(join(path, file), bytes);
  return path;
}

const collect = (...sources: Source[]): ReturnType<typeof collectFiles> =>
  collectFiles(files, { sources, cache, reporter });

async function expectBoth(found: ReturnType<typeof collectFiles>): Promise<void> {
  const bytes = await found;
  expect(Buffer.from(bytes.get(one.file)!).equals(one.plain)).toBe(true);
  expect(Buffer.from(bytes.get(two.file)!).equals(two.plain)).toBe(true);
}

describe('folders', () => {
  it('reads plain and gzipped files and writes nothing', async () => {
    const path = await fill('own', { [one.file.name]: one.plain, 'two-idx1-ubyte.gz': gzipSync(two.plain) });
    await expectBoth(collect(folderSource('own', path)));
    expect(problems).toEqual([]);
    expect(await readdir(folder)).toEqual(['own']);
  });

  it('refuses a file with another content by name and takes it from the next source', async () => {
    const bad = await fill('bad', { [one.file.name]: one.plain.with(20, 99), [two.file.name]: two.plain });
    const next = await fill('next', { [one.file.name]: one.plain });
    await expectBoth(collect(folderSource('bad', bad), folderSource('next', next)));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^one-idx1-ubyte has the wrong SHA-256 [0-9a-f]{64}, expected /);
  });

  it('prefers a good gzipped copy to a bad plain one beside it', async () => {
    const path = await fill('own', {
      [one.file.name]: Buffer.of(1),
      'one-idx1-ubyte.gz': gzipSync(one.plain),
    });
    await fill('own', { [two.file.name]: two.plain });
    await expectBoth(collect(folderSource('own', path)));
  });

  it.each([
    ['cut short', gzipSync(one.plain).subarray(0, 60)],
    ['that unpacks to more than the file', gzipSync(Buffer.alloc(1_000_000))],
  ])('refuses a gzip file %s', async (_, bytes) => {
    const path = await fill('own', { 'one-idx1-ubyte.gz': bytes, [two.file.name]: two.plain });
    await expect(collect(folderSource('own', path))).rejects.toThrow(UserError);
    expect(problems[0]).toMatch(/^one-idx1-ubyte is a broken gzip file/);
  });

  it('mentions an absent file only in a folder the user named', async () => {
    const next = folderSource(
      'next',
      await fill('next', { [one.file.name]: one.plain, [two.file.name]: two.plain }),
    );
    await collect(folderSource('quiet', join(folder, 'nowhere')), next);
    expect(problems).toEqual([]);
    await collect(folderSource('named', join(folder, 'nowhere'), true), next);
    await collect(folderSource('half', await fill('half', { [two.file.name]: two.plain }), true), next);
    expect(problems).toEqual(['has none of the files', 'has no one-idx1-ubyte']);
  });
});

describe('servers', () => {
  it('downloads with progress, keeps the files in the cache and leaves nothing beside them', async () => {
    await expectBoth(collect(await serve(good)));
    expect(problems).toEqual([]);
    const size = published['/one-idx1-ubyte.gz']!.length;
    expect(progress).toContainEqual({ file: one.file.name, bytes: size, share: 1 });
    expect((await readdir(cache)).sort()).toEqual(['one-idx1-ubyte.gz', 'two-idx1-ubyte.gz']);
    expect(await readFile(join(cache, 'one-idx1-ubyte.gz'))).toEqual(published['/one-idx1-ubyte.gz']);
    await expectBoth(collect(folderSource('cache', cache)));
  });

  it('reports bytes alone where the server does not say the length', async () => {
    const source = await serve((request, response) => {
      response.write(published[request.url ?? '']);
      response.end();
    });
    await collect(source);
    expect(progress.at(-1)).toEqual({ file: two.file.name, bytes: published['/two-idx1-ubyte.gz']!.length });
  });

  const failures: [string, RequestListener, RegExp, number?][] = [
    [
      '404',
      (_, response) => response.writeHead(404).end(),
      /^one-idx1-ubyte the server answered 404 Not Found$/,
    ],
    [
      'an error page in its place',
      (_, response) => response.end('<html>'),
      /^one-idx1-ubyte has the wrong SHA-256/,
    ],
    [
      'another content',
      (_, response) => response.end(gzipSync(one.plain.with(30, 0))),
      /^one-idx1-ubyte has the wrong SHA-256/,
    ],
    [
      'a connection that breaks off',
      (_, response) => {
        response.writeHead(200, { 'content-length': 1000 });
        response.write('half', () => response.destroy());
      },
      /^one-idx1-ubyte\.gz: /,
    ],
    [
      'a file cut short',
      (request, response) => response.end(published[request.url ?? '']!.subarray(0, -20)),
      /^one-idx1-ubyte is a broken gzip file/,
    ],
    ['a server that never answers', () => undefined, /^one-idx1-ubyte\.gz: no answer for 0\.15 s$/, BRIEF],
    [
      'a server that falls silent',
      (_, response) => void response.write('half'),
      /^one-idx1-ubyte\.gz: no answer for 0\.15 s$/,
      BRIEF,
    ],
    [
      'a server that does not end',
      (_, response) => {
        const more = (): void => void response.write(Buffer.alloc(1000), () => setImmediate(more));
        more();
      },
      /^one-idx1-ubyte is larger than the dataset$/,
    ],
  ];

  it.each(failures)('goes on to the next source after %s', async (_, listener, message, silence) => {
    await expectBoth(collect(await serve(listener, silence), await serve(good)));
    expect(problems[0]).toMatch(message);
    expect((await readdir(cache)).sort()).toEqual(['one-idx1-ubyte.gz', 'two-idx1-ubyte.gz']);
  });

  it.each(failures)(
    'gives up with one clear message after %s everywhere',
    async (_, listener, _message, silence) => {
      const error = await collect(await serve(listener, silence), folderSource('own', folder)).catch(
        (thrown: Error) => thrown,
      );
      expect(error).toBeInstanceOf(UserError);
      expect((error as Error).message).toMatch(/missing: one-idx1-ubyte, two-idx1-ubyte/);
      expect((error as Error).message).toMatch(/set FASHION_MNIST_DIR/);
      expect((error as Error).message).toMatch(/- http:\/\/127\.0\.0\.1:\d+\/: one-idx1-ubyte/);
      expect((error as Error).message).toMatch(/- own \(.*\): has none of the files/);
      expect(await readdir(folder)).toEqual([]);
    },
  );

  it('goes on with a cache folder that cannot be written', async () => {
    await writeFile(cache, 'a file where the folder should be');
    await expectBoth(collect(await serve(good)));
    expect(problems[0]).toMatch(/^one-idx1-ubyte\.gz cannot be kept for the next time: /);
  });
});

describe.runIf(process.platform !== 'win32')("Debian's package", () => {
  /** Puts scripts by these names on a PATH that has little else. */
  async function fakePrograms(programs: Record<string, string>): Promise<void> {
    const bin = join(folder, 'bin');
    await mkdir(bin);
    for (const [name, script] of Object.entries(programs)) {
      await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
      await chmod(join(bin, name), 0o755);
    }
    vi.stubEnv('PATH', `${bin}:/usr/bin:/bin`);
    const temporary = join(folder, 'tmp');
    await mkdir(temporary);
    vi.stubEnv('TMPDIR', temporary);
  }

  it('is downloaded, unpacked, kept in the cache and cleared away', async () => {
    const packaged = await fill('packaged', {
      'one-idx1-ubyte.gz': gzipSync(one.plain),
      'two-idx1-ubyte.gz': gzipSync(two.plain),
    });
    const inside = 'unpacked/usr/share/datasets/fashion-mnist';
    await fakePrograms({
      'apt-get': `[ "$1 $2" = "download dataset-fashion-mnist" ] || exit 9
        echo "dlstatus:1:50:Retrieving file 1 of 1" >&3
        echo deb > dataset-fashion-mnist_1_all.deb`,
      'dpkg-deb': `[ "$1 $2 $3" = "-x dataset-fashion-mnist_1_all.deb unpacked" ] || exit 9
        mkdir -p ${inside} && cp ${packaged}/* ${inside}`,
    });
    await expectBoth(collect(aptSource(patience)));
    expect(problems).toEqual([]);
    expect(progress).toContainEqual({ file: 'dataset-fashion-mnist', share: 0.5 });
    expect((await readdir(cache)).sort()).toEqual(['one-idx1-ubyte.gz', 'two-idx1-ubyte.gz']);
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  it.each([
    [
      'does not know the package',
      'echo "E: Unable to locate package" >&2; exit 100',
      'apt-get: E: Unable to locate package',
    ],
    ['fails in silence', 'exit 7', 'apt-get: ended with 7'],
    ['hangs', 'exec sleep 60', 'apt-get: took longer than 0.15 s', BRIEF],
    ['leaves nothing', 'exit 0', 'apt-get left no package behind'],
  ])('is given up when apt-get %s', async (_, script, message, apt = patience.apt) => {
    await fakePrograms({ 'apt-get': script });
    await expect(collect(aptSource({ ...patience, apt }))).rejects.toThrow(UserError);
    expect(problems).toEqual([message]);
    expect(await readdir(join(folder, 'tmp'))).toEqual([]);
  });

  it('is given up when the package is empty', async () => {
    await fakePrograms({ 'apt-get': 'echo deb > dataset.deb', 'dpkg-deb': 'exit 0' });
    await expect(collect(aptSource(patience))).rejects.toThrow(UserError);
    expect(problems).toEqual(['has none of the files']);
  });

  it('is given up where there is no apt-get', async () => {
    vi.stubEnv('PATH', folder);
    await expect(collect(aptSource(patience))).rejects.toThrow(UserError);
    expect(problems).toEqual(['apt-get is not installed']);
  });
});

describe('defaultSources', () => {
  it('asks FASHION_MNIST_DIR first, then what is on the machine, then the network', () => {
    const names = defaultSources({ FASHION_MNIST_DIR: '/data', XDG_CACHE_HOME: '/cache' }).map(
      ({ name }) => name,
    );
    expect(names).toEqual([
      'FASHION_MNIST_DIR (/data)',
      'the cache folder (/cache/fashion-mnist-report)',
      "the system's copy (/usr/share/datasets/fashion-mnist)",
      'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
      'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
      "Debian's package dataset-fashion-mnist (apt-get download)",
    ]);
    expect(defaultSources({}).some(({ name }) => name.startsWith('FASHION_MNIST_DIR'))).toBe(false);
  });

  it('follows the platform for the cache folder', () => {
    vi.stubEnv('HOME', '/home/reader');
    expect(cacheFolder({}, 'linux')).toBe('/home/reader/.cache/fashion-mnist-report');
    expect(cacheFolder({ XDG_CACHE_HOME: 'relative' }, 'linux')).toBe(
      '/home/reader/.cache/fashion-mnist-report',
    );
    expect(cacheFolder({}, 'darwin')).toBe('/home/reader/Library/Caches/fashion-mnist-report');
  });
});
