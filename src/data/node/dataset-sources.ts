/** Where the files of Fashion-MNIST may come from: folders, servers, Debian's package. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cacheFolder } from '../../node/files.ts';
import { type DataFile, unpackedSize } from '../idx.ts';

/** What a source delivers of one file: its bytes, gzipped or plain, or why there are none. */
export type Delivery = { file: DataFile; bytes: Uint8Array } | { file: DataFile; problem: string };

/** How much of a file has arrived: a share from 0 to 1, bytes, or both. */
export interface Progress {
  file: string;
  share?: number;
  bytes?: number;
}

export type OnProgress = (progress: Progress) => void;

/** A source of the dataset. */
export interface Source {
  /** Its name in messages. */
  readonly name: string;
  /** Whether what it delivers is worth keeping in the cache folder. */
  readonly remote: boolean;
  /** Whether the user named it, so that a file missing from it is worth a message. */
  readonly named?: boolean;
  /** Delivers the files one by one, without those it does not have; throws if it does not work at all. */
  deliver(files: readonly DataFile[], onProgress: OnProgress): AsyncGenerator<Delivery>;
}

/** How long to wait for a source before the next one is tried, in milliseconds. */
export interface Patience {
  /** Without a byte from a server. */
  silence: number;
  /** For the package manager in all. */
  apt: number;
}

export const PATIENCE: Patience = { silence: 20_000, apt: 600_000 };

/** Bytes by which a gzip file may be longer than what it holds (header, trailer, stored blocks), generously. */
const GZIP_OVERHEAD = 65_536;

const DEBIAN_PACKAGE = 'dataset-fashion-mnist';
const DEBIAN_FOLDER = '/usr/share/datasets/fashion-mnist';

/** The addresses the files are fetched from; the first has no https, so it is the checksum that vouches for it. */
export const ADDRESSES = [
  'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
  'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/',
];

const reason = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
};

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');

/** A folder that holds the files under their published names, plain or with `.gz`. */
export function folderSource(name: string, folder: string, named = false): Source {
  return {
    name: `${name} (${folder})`,
    remote: false,
    named,
    async *deliver(files) {
      for (const file of files) {
        for (const path of [join(folder, file.name), join(folder, `${file.name}.gz`)]) {
          try {
            yield { file, bytes: await readFile(path) };
          } catch (error) {
            if (!isAbsent(error)) yield { file, problem: `cannot be read: ${reason(error)}` };
          }
        }
      }
    },
  };
}

/** A server that holds the gzipped files side by side under one address, which ends in a slash. */
export function httpSource(address: string, patience: Patience = PATIENCE): Source {
  async function download(file: DataFile, onProgress: OnProgress): Promise<Delivery> {
    const silence = new AbortController();
    const timer = setTimeout(
      () => silence.abort(new Error(`no answer for ${patience.silence / 1000} s`)),
      patience.silence,
    );
    try {
      const response = await fetch(new URL(`${file.name}.gz`, address), { signal: silence.signal });
      if (!response.ok || !response.body) {
        await response.body?.cancel();
        return { file, problem: `the server answered ${response.status} ${response.statusText}`.trimEnd() };
      }
      // With a content encoding the length is that of the encoded bytes, not of those that arrive here.
      const encoded = response.headers.has('content-encoding');
      const total = encoded ? 0 : Number(response.headers.get('content-length'));
      const chunks: Uint8Array[] = [];
      let received = 0;
      for await (const chunk of response.body) {
        timer.refresh();
        chunks.push(chunk);
        received += chunk.length;
        onProgress({ file: file.name, bytes: received, ...(total > 0 && { share: received / total }) });
        if (received > unpackedSize(file) + GZIP_OVERHEAD)
          return { file, problem: 'is larger than the dataset' };
      }
      return { file, bytes: Buffer.concat(chunks) };
    } catch (error) {
      throw new Error(`${file.name}.gz: ${reason(silence.signal.aborted ? silence.signal.reason : error)}`, {
        cause: error,
      });
    } finally {
      clearTimeout(timer);
    }
  }
  return {
    name: address,
    remote: true,
    async *deliver(files, onProgress) {
      for (const file of files) yield await download(file, onProgress);
    },
  };
}

/** Runs a program to its end; rejects with the last line it wrote to stderr, or when it takes too long. */
async function execute(
  program: string,
  args: string[],
  { cwd, timeout, onStatus }: { cwd: string; timeout: number; onStatus?: (line: string) => void },
): Promise<void> {
  const child = spawn(program, args, {
    cwd,
    env: { ...process.env, LC_ALL: 'C' },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    timeout,
    killSignal: 'SIGKILL',
  });
  let complaint = '';
  child.stdio[2]?.on('data', (data: Buffer) => (complaint = (complaint + data.toString()).slice(-4096)));
  child.stdio[3]?.on('data', (data: Buffer) => onStatus?.(data.toString()));
  child.on('exit', () => {
    // A grandchild may still hold the pipes: without this, 'close' would wait for it.
    if (child.killed) for (const stream of child.stdio) stream?.destroy();
  });
  const [code, signal] = (await once(child, 'close').catch((error: unknown) => {
    throw isAbsent(error) ? new Error(`${program} is not installed`) : error;
  })) as [number | null, NodeJS.Signals | null];
  if (code === 0) return;
  const last = complaint.trim().split('\n').at(-1) || `ended with ${code ?? signal}`;
  throw new Error(`${program}: ${child.killed ? `took longer than ${timeout / 1000} s` : last}`);
}

/** Debian's package, downloaded and unpacked in a temporary folder: needs neither root nor an installation. */
export function aptSource(patience: Patience = PATIENCE): Source {
  return {
    name: `Debian's package ${DEBIAN_PACKAGE} (apt-get download)`,
    remote: true,
    async *deliver(files, onProgress) {
      const folder = await mkdtemp(join(tmpdir(), 'fashion-mnist-'));
      try {
        // apt reports its progress on the descriptor it is given: "dlstatus:<item>:<percent>:<words>".
        const settings = [
          'APT::Status-Fd=3',
          `Acquire::http::Timeout=${Math.ceil(patience.silence / 1000)}`,
          'Acquire::Retries=1',
        ];
        const options = settings.flatMap((setting) => ['-o', setting]);
        await execute('apt-get', ['download', DEBIAN_PACKAGE, ...options], {
          cwd: folder,
          timeout: patience.apt,
          onStatus(line) {
            const percent = /dlstatus:\d+:([\d.]+):/.exec(line)?.[1];
            if (percent) onProgress({ file: DEBIAN_PACKAGE, share: Number(percent) / 100 });
          },
        });
        const deb = (await readdir(folder)).find((name) => name.endsWith('.deb'));
        if (!deb) throw new Error('apt-get left no package behind');
        await execute('dpkg-deb', ['-x', deb, 'unpacked'], { cwd: folder, timeout: patience.apt });
        yield* folderSource('package', join(folder, 'unpacked', DEBIAN_FOLDER)).deliver(files, onProgress);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

/** The sources in the order they are tried: `FASHION_MNIST_DIR`, the cache folder, the system's copy, the network. */
export function defaultSources(env: NodeJS.ProcessEnv = process.env): Source[] {
  const own = env['FASHION_MNIST_DIR'];
  return [
    ...(own ? [folderSource('FASHION_MNIST_DIR', own, true)] : []),
    folderSource('the cache folder', cacheFolder(env)),
    folderSource("the system's copy", DEBIAN_FOLDER),
    ...ADDRESSES.map((address) => httpSource(address)),
    aptSource(),
  ];
}
