import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildWithGo, downloadTemporal, findOnPath, isNewEnough } from './temporal-sources.ts';

let folder: string;
let server: Server | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-sources-'));
});
afterEach(async () => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
  await rm(folder, { recursive: true });
});

async function serve(answer: RequestListener): Promise<NodeJS.ProcessEnv> {
  const started = createServer(answer).listen(0, '127.0.0.1');
  server = started;
  await new Promise((resolve) => started.once('listening', resolve));
  // as: a listening TCP server has an AddressInfo.
  return { HOLDFAST_TEMPORAL_DOWNLOAD_URL: `http://127.0.0.1:${(started.address() as AddressInfo).port}` };
}

/** A tar of these files, as `tar` writes it. */
function tar(files: Record<string, string>): Buffer {
  const entries = Object.entries(files).map(([name, text]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(text.length.toString(8).padStart(11, '0'), 124);
    return Buffer.concat([header, Buffer.from(text), Buffer.alloc((512 - (text.length % 512)) % 512)]);
  });
  return Buffer.concat([...entries, Buffer.alloc(1024)]);
}

const script = async (name: string, text: string): Promise<string> => {
  const file = join(folder, name);
  await writeFile(file, `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o755);
  return file;
};

describe('the official download', () => {
  const target = (): string => join(folder, 'temporal');
  const ignore = (): void => undefined;

  test('leaves the archive’s binary, executable, through a redirect', async () => {
    const archive = gzipSync(tar({ LICENSE: 'MIT', temporal: '#!/bin/sh\necho 1\n' }));
    const asked: string[] = [];
    const environment = await serve((request, response) => {
      asked.push(request.url ?? '');
      if (request.url?.startsWith('/cli')) response.writeHead(302, { location: '/file' }).end();
      else response.writeHead(200, { 'content-length': archive.length }).end(archive);
    });
    await downloadTemporal({ target: target(), onProgress: ignore, environment, connectTimeoutMs: 60_000 });
    expect(asked[0]).toMatch(/^\/cli\/archive\/v1\.5\.1\?platform=\w+&arch=\w+/);
    expect(await readFile(target(), 'utf8')).toContain('echo 1');
    expect((await stat(target())).mode & 0o111).toBeGreaterThan(0);
  });

  test('gives up on a server that accepts and stays silent', async () => {
    const environment = await serve(ignore);
    await expect(downloadTemporal({ target: target(), onProgress: ignore, environment, connectTimeoutMs: 100 })).rejects.toThrow(
      /failed: no answer in time/,
    );
  });

  test('says what the server answered', async () => {
    const environment = await serve((_, response) => response.writeHead(503).end());
    await expect(downloadTemporal({ target: target(), onProgress: ignore, environment, connectTimeoutMs: 60_000 })).rejects.toThrow(
      /failed: the server answered 503/,
    );
  });

  test('refuses an archive that was cut off', async () => {
    const archive = gzipSync(tar({ temporal: 'x'.repeat(5000) }));
    const environment = await serve((_, response) => response.writeHead(200).end(archive.subarray(0, 40)));
    await expect(downloadTemporal({ target: target(), onProgress: ignore, environment, connectTimeoutMs: 60_000 })).rejects.toThrow(
      /Download from 127\.0\.0\.1:\d+ failed/,
    );
  });
});

describe('the build with Go', () => {
  test('installs into a folder of its own and moves the binary to its place', async () => {
    await script('go', 'echo "$@" > "$0.args"; printf "built" > "$GOBIN/temporal"; chmod +x "$GOBIN/temporal"');
    await buildWithGo({
      target: join(folder, 'temporal'),
      onProgress: () => undefined,
      environment: { PATH: `${folder}:${process.env['PATH']}`, HOME: folder },
    });
    expect(await readFile(join(folder, 'temporal'), 'utf8')).toBe('built');
    expect((await readFile(join(folder, 'go.args'), 'utf8')).trim()).toBe('install github.com/temporalio/cli/cmd/temporal@v1.5.1');
  });

  test('tells the last words of a build that failed', async () => {
    await script('go', 'echo "dial tcp: no route to host" >&2; exit 1');
    const build = buildWithGo({
      target: join(folder, 'temporal'),
      onProgress: () => undefined,
      environment: { PATH: `${folder}:${process.env['PATH']}` },
    });
    await expect(build).rejects.toThrow('Building it with Go failed: dial tcp: no route to host');
  });
});

describe('a Temporal on the PATH', () => {
  test('is taken when its server is new enough', async () => {
    const file = await script('temporal', 'echo "temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)"');
    expect(await findOnPath({ PATH: folder })).toBe(file);
  });

  test('is left alone when it is old or says nothing we understand', async () => {
    await script('temporal', 'echo "temporal version 0.10.0 (Server 1.20.0)"');
    expect(await findOnPath({ PATH: folder })).toBeNull();
    expect(isNewEnough('something else')).toBe(false);
    expect(isNewEnough('temporal version 2 (Server 2.0.0)')).toBe(true);
  });

  test('may be absent', async () => {
    expect(await findOnPath({ PATH: folder })).toBeNull();
  });
});
