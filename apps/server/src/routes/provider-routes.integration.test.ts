import { addCallCounts } from '@holdfast/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../test/test-server.ts';

let server: TestServer;
const key = 'http:crm.example.com';
beforeAll(async () => {
  server = await startTestServer();
  const counts = {
    ok: 3,
    failed: 1,
    limited: 0,
    totalMs: 300,
    error: { code: 'upstream.broken', title: 'x', detail: 'crm.example.com answered 503.' },
  };
  await addCallCounts(server.pool, { workspaceId: server.workspaceId, key, kind: 'http', name: 'crm.example.com', ...counts });
});
afterAll(() => server.close());

const found = async () => (await server.owner.call('GET', '/api/providers')).body.items[0];
const act = (method: string, what: string, body?: unknown) =>
  server.owner.call(method, `/api/providers/${encodeURIComponent(key)}/${what}`, body);

test('a provider tells how it is doing, is paused with a reason, resumed, and limited; each is audited', async () => {
  expect(await found()).toMatchObject({
    id: key,
    name: 'crm.example.com',
    limits: [],
    limitsFrom: 'none',
    calls: { ok: 3, failed: 1, limited: 0, averageMs: 100 },
    waiting: { count: 0, since: null },
    lastError: { detail: 'crm.example.com answered 503.' },
  });
  expect((await act('POST', 'pause', { note: 'stocktaking' })).status).toBe(200);
  expect(await found()).toMatchObject({ state: 'paused', pauseNote: 'stocktaking' });
  expect((await act('POST', 'resume')).body).toEqual({ waiting: 0 });
  expect(await found()).toMatchObject({ pausedAt: null, pauseNote: null });

  expect((await act('PUT', 'limits', { limits: [{ count: 10, perMs: 1_000 }] })).status).toBe(200);
  expect(await found()).toMatchObject({ limits: [{ count: 10, perMs: 1_000 }], limitsFrom: 'set' });
  expect((await act('PUT', 'limits', { limits: [{ count: 0, perMs: 1_000 }] })).status).toBe(400);
  expect((await act('PUT', 'limits', { limits: null })).status).toBe(200);
  expect(await found()).toMatchObject({ limitsFrom: 'none' });

  const { rows } = await server.pool.query<{ action: string }>(`select action from audit where subject = $1`, [key]);
  expect(rows.map(({ action }) => action).sort()).toEqual(['provider.limited', 'provider.limited', 'provider.paused', 'provider.resumed']);
});
