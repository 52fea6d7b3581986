import { addCallCounts, insertKept, newId } from '@holdfast/db';
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

test('what was kept for a provider is listed in its order, and a person sends one again, says that it arrived, or discards it; each is audited', async () => {
  const call = (what: string) => ({
    id: newId('keptCall'),
    provider: key,
    stepId: 'step_1',
    orderKey: '',
    what,
    request: { method: 'POST', url: 'https://crm.example.com/x' },
    body: null,
    isRepeatable: false,
  });
  const calls = [call('POST one'), call('POST two'), call('POST three')];
  const [one, two, three] = calls.map(({ id }) => id);
  await server.pool.query(`with held as (select null::text as id, $1::text as workspace_id)${insertKept(2)} select 1`, [
    server.workspaceId,
    JSON.stringify(calls),
  ]);
  // No process of this test delivers them.
  await server.pool.query(`update kept_lines set owner = 'nobody', due_at = now() + interval '1 day'`);
  await server.pool.query(
    `update kept_calls set state = 'stopped', problem = '{"code": "upstream.ambiguous", "title": "x", "detail": "y"}' where id = any($1)`,
    [[one, two]],
  );
  expect(await found()).toMatchObject({ kept: { waiting: 1, stopped: 2 } });
  const list = async () => (await act('GET', 'kept')).body;
  expect(await list()).toMatchObject({
    waiting: 1,
    stopped: 2,
    items: [
      { id: one, state: 'stopped', position: null },
      { id: two, state: 'stopped' },
      { id: three, state: 'waiting', position: 1, what: 'POST three', origin: null },
    ],
  });
  const settle = async (id: string | undefined, what: string, body?: unknown) =>
    (await server.owner.call('POST', `/api/kept-calls/${id}/${what}`, body)).status;
  expect(await settle(one, 'retry')).toBe(200);
  expect(await settle(one, 'retry')).toBe(409);
  expect(await settle(three, 'arrived', { note: '' })).toBe(409);
  expect(await settle(two, 'arrived', { note: 'it is there' })).toBe(200);
  expect(await settle(three, 'discard', { reason: ' ' })).toBe(400);
  expect(await settle(three, 'discard', { reason: 'entered by hand' })).toBe(200);
  expect((await list()).items).toMatchObject([
    { id: one, state: 'waiting', position: 1 },
    { id: three, state: 'discarded', note: 'entered by hand' },
    { id: two, state: 'delivered', note: 'it is there' },
  ]);
  expect((await act('POST', 'kept/retry')).body).toEqual({ waiting: 0 });
  const { rows } = await server.pool.query<{ action: string }>(`select action from audit where subject = any($1) order by action`, [
    calls.map(({ id }) => id),
  ]);
  expect(rows.map(({ action }) => action)).toEqual(['kept-call.arrived', 'kept-call.discarded', 'kept-call.retried']);
});

test('a provider finishes what waits and takes nothing new, is tried at once, and what waits for it can be discarded', async () => {
  expect((await act('POST', 'drain', { note: 'moving' })).body).toEqual({ waiting: 0 });
  expect(await found()).toMatchObject({ state: 'draining', pauseNote: 'moving' });
  expect((await act('POST', 'resume')).status).toBe(200);
  expect(await found()).toMatchObject({ drainingAt: null });
  expect((await act('POST', 'try')).body).toEqual({ waiting: 0 });
  const { total, asOf, items } = (await act('GET', 'held')).body;
  expect([total, items]).toEqual([0, []]);
  expect((await act('POST', 'held/discard', { asOf, reason: 'ordered twice', runs: 'failed' })).body).toEqual({ discarded: 0 });
});
