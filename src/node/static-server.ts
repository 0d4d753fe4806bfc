/** Builds the site, and serves a built one under its base as a static host does: without special headers, with 404.html for missing pages. */
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';
import { UserError } from './errors.ts';

const TYPES: Record<string, string> = {
  '.bin': 'application/octet-stream',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.log': 'text/plain; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.xml': 'application/xml',
};

/** What a host compresses; images and weights are already compressed. */
const COMPRESSED = ['.css', '.html', '.js', '.json', '.svg', '.xml', '.wasm'];

/**
 * @param folder the built site
 * @param base '' or '/repository'
 * @param options port 0 for any free one; `compressed` as hosts do it, which takes time; `isolated` for pages whose
 *   threads may share memory
 */
export async function serve(
  folder: string,
  base: string,
  {
    port = 0,
    compressed = false,
    isolated = false,
  }: { port?: number; compressed?: boolean; isolated?: boolean } = {},
): Promise<{ origin: string; server: Server } & AsyncDisposable> {
  const server = createServer((request, response) => {
    if (isolated) {
      response.setHeader('cross-origin-opener-policy', 'same-origin');
      response.setHeader('cross-origin-embedder-policy', 'require-corp');
    }
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const within = pathname === base || pathname.startsWith(`${base}/`);
    const path = within ? decodeURIComponent(pathname.slice(base.length)) : null;
    void respond(response, folder, path, compressed);
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await server[Symbol.asyncDispose]();
    },
  };
}

async function respond(
  response: ServerResponse,
  folder: string,
  path: string | null,
  compressed: boolean,
): Promise<void> {
  const file = path === null ? null : await find(join(folder, normalize(join('/', path))));
  const missing = join(folder, '404.html');
  const found = file ?? ((await find(missing)) ? missing : null);
  if (!found) {
    response.writeHead(404).end();
    return;
  }
  const body = compressed && COMPRESSED.includes(extname(found)) ? gzipSync(await readFile(found)) : null;
  response.writeHead(file ? 200 : 404, {
    'content-type': TYPES[extname(found)] ?? 'application/octet-stream',
    ...(body && { 'content-encoding': 'gzip' }),
    'content-length': body?.length ?? (await stat(found)).size,
  });
  if (body) response.end(body);
  else createReadStream(found).pipe(response);
}

/** The file itself, or the index of a folder; null if there is neither. */
async function find(path: string): Promise<string | null> {
  for (const candidate of [path, join(path, 'index.html')]) {
    const found = await stat(candidate).catch(() => null);
    if (found?.isFile()) return candidate;
  }
  return null;
}

/** Builds the site of the project in `root` into `folder`, and returns that. @throws UserError with the output of a failed build */
export function buildSite(root: string, folder: string): string {
  const astro = join(root, 'node_modules/astro/bin/astro.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [astro, 'build', '--outDir', folder], {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, ASTRO_TELEMETRY_DISABLED: '1', BASE_PATH: '' },
  });
  if (status !== 0) throw new UserError(`The site could not be built:\n${(stdout + stderr).trimEnd()}`, 1);
  return folder;
}
