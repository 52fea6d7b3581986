import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type RunningServer, type StartServerOptions } from './start-server.ts';

let database: TestDatabase;
let folder: string;
let server: RunningServer;
let options: StartServerOptions;
beforeAll(async () => {
  database = await testDatabase();
  folder = mkdtempSync(join(tmpdir(), 'holdfast-start-'));
  mkdirSync(join(folder, 'editor', 'assets'), { recursive: true });
  writeFileSync(join(folder, 'editor', 'index.html'), '<!doctype html><title>Holdfast</title>');
  writeFileSync(join(folder, 'editor', 'assets', 'app-1a2b.js'), 'export {};');
  options = {
    databaseUrl: database.url,
    temporalAddress: '127.0.0.1:1',
    port: 0,
    dataDir: join(folder, 'data'),
    editorDir: join(folder, 'editor'),
    logger: pino({ level: 'silent' }),
    environment: {},
  };
  server = await startServer(options);
});
afterAll(async () => {
  await server.stop();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes `first`, then a byte each 300 ms; resolves when the server hangs up. */
function drip(first: string): Promise<void> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(first));
    const dripping = setInterval(() => socket.write('a'), 300);
    socket.resume(); // unread, an answer would keep the socket from closing
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(dripping);
      resolve();
    });
  });
}

describe('a running server', () => {
  test('cuts who sends headers or bodies one byte at a time, and serves the others meanwhile', async () => {
    const slow = [
      ...Array.from({ length: 50 }, () => drip('GET /api/health HTTP/1.1\r\nhost: x\r\nx-slow: ')),
      ...Array.from({ length: 20 }, () =>
        drip('POST /api/setup HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{"name":"'),
      ),
    ];
    const first = await Promise.race([fetch(`${server.url}/api/setup`).then(({ status }) => status), Promise.all(slow)]);
    expect(first).toBe(200);
    await Promise.all(slow);
  });

  test('serves the editor: files with a hash for ever, the page for every address it knows, and no page for a missing file', async () => {
    const get = (path: string, accept = 'text/html') => fetch(server.url + path, { headers: { accept } });
    expect((await get('/assets/app-1a2b.js')).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    for (const path of ['/', '/flows/flow_1', '/runs']) {
      const answer = await get(path);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
    }
    for (const path of ['/assets/gone.js', '/gone.png', '/api/gone', '/hooks/gone', '/../secret.key', '/%2e%2e/data/secret.key'])
      expect((await get(path)).status).toBe(404);
    expect((await get('/flows', 'application/json')).status).toBe(404);
  });

  test('says in words that a port is taken, and leaves nothing open', async () => {
    await expect(startServer({ ...options, port: Number(new URL(server.url).port) })).rejects.toThrow('EADDRINUSE');
  });

  test('answers health with Temporal away, naming what is missing', async () => {
    const answer = await fetch(`${server.url}/api/health`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({
      ok: false,
      components: {
        database: { ok: true },
        temporal: { ok: false, detail: expect.stringContaining('Messages are still taken in') },
        worker: { ok: false },
      },
    });
  });

  test('starts twice on one database, and both know the one workspace', async () => {
    const second = await startServer(options);
    const { rows } = await database.pool.query('select count(*)::int as count from workspaces');
    expect(rows[0].count).toBe(1);
    await second.stop();
  });
});
