import { newId, noteMirrorAlert } from '@holdfast/db';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type Client, type TestServer } from '../test/test-server.ts';

let other: TestDatabase;
let server: TestServer;
let admin: Client;
beforeAll(async () => {
  other = await testDatabase();
  const { hostname, port } = new URL(other.url);
  server = await startTestServer({ environment: { HOLDFAST_EGRESS_ALLOW: `${hostname}:${port}` } });
  admin = await server.withKey('admin');
});
afterAll(async () => {
  await server.close();
  await other.close();
});

const secret = 'kelp-und-anker-7';
/** A schema of its own in the other database. */
async function body(given: object = {}) {
  const url = new URL(other.url);
  const schema = `m_${newId('mirror').slice(-12)}`;
  await other.pool.query(`create schema ${schema}`);
  const target = {
    kind: 'postgres',
    host: url.hostname,
    port: Number(url.port),
    database: url.pathname.slice(1),
    schema,
    user: decodeURIComponent(url.username),
    tls: 'off',
    ...given,
  };
  return { target, everySeconds: 5, password: decodeURIComponent(url.password) || secret };
}
const read = async (client = admin) => (await client.call('GET', '/api/mirror')).body.mirror;
const countThere = async (schema: string) =>
  other.pool.query(`select count(*)::int as n from ${schema}.holdfast_messages`).then(
    ({ rows }) => rows[0].n,
    () => 0,
  );

test('an address that flows may not reach, or where nothing answers as it should, is not saved', async () => {
  const elsewhere = await admin.call('PUT', '/api/mirror', await body({ port: 9 }));
  expect([elsewhere.status, elsewhere.body.code]).toEqual([403, 'egress.blocked']);
  const missing = await admin.call('PUT', '/api/mirror', await body({ database: 'nowhere' }));
  expect([missing.status, missing.body.code, missing.body.detail]).toEqual([502, 'mirror.target', expect.stringContaining('"nowhere"')]);
  const noSchema = await admin.call('POST', '/api/mirror/test', await body({ schema: 'nowhere' }));
  expect(noSchema.body).toMatchObject({ ok: false, hint: expect.stringContaining('create schema nowhere') });
  expect(await read()).toBeNull();
});

test('a saved mirror follows by itself, shows how far it is, and never its password', async () => {
  const given = await body();
  expect((await admin.call('POST', '/api/mirror/test', given)).body).toMatchObject({
    ok: true,
    detail: expect.stringContaining('PostgreSQL'),
  });
  expect((await admin.call('PUT', '/api/mirror', given)).status).toBe(200);
  await server.owner.call('POST', '/api/simulator/messages', { contact: 'Ana', text: 'Hello' });
  await expect.poll(() => countThere(given.target.schema), { timeout: 30_000 }).toBeGreaterThan(0);
  await expect.poll(async () => (await read()).syncedAt, { timeout: 30_000 }).not.toBeNull();
  const text = JSON.stringify([await read(), (await admin.call('GET', '/api/audit')).body]);
  expect(text).not.toContain(given.password);
  expect(text).toContain('mirror.saved');
  const metrics = await admin.call('GET', '/metrics');
  expect(metrics.body).toContain(`holdfast_mirror_lag_seconds{workspace="${server.workspaceId}"}`);
});

test('the stored password stays, and goes to no other server', async () => {
  const { password: _, ...same } = await body();
  const { target } = await read();
  const kept = await admin.call('PUT', '/api/mirror', { ...same, target, everySeconds: 30 });
  expect([kept.status, kept.body.mirror.everySeconds]).toEqual([200, 30]);
  for (const change of [{ host: 'elsewhere.example.com' }, { port: 1 }, { user: 'somebody' }]) {
    const moved = await admin.call('POST', '/api/mirror/test', { ...same, target: { ...target, ...change } });
    expect([moved.status, moved.body.path]).toEqual([400, 'password']);
  }
});

test('only admins see to it, each to the mirror of their own workspace', async () => {
  expect((await (await server.withKey('builder')).call('GET', '/api/mirror')).status).toBe(403);
  const others = await server.withSession('owner', await server.addWorkspace('Another firm'));
  expect(await read(others)).toBeNull();
  expect((await others.call('POST', '/api/mirror/restart', {})).status).toBe(404);
  expect((await others.call('DELETE', '/api/mirror')).status).toBe(404);
});

test('what somebody removed there is said so, people are told once after a while, and a new copy mends it', async () => {
  const { target } = await read();
  await other.pool.query(`drop table ${target.schema}.holdfast_messages cascade`);
  await server.owner.call('POST', '/api/simulator/messages', { contact: 'Ana', text: 'Hello again' });
  const look = () => server.pool.query('update mirror_states set next_at = now()');
  await look();
  await expect.poll(async () => (await read()).problem?.code, { timeout: 30_000 }).toBe('mirror.changed');
  const alerts = async () => (await server.pool.query(`select id from alerts where event = 'mirror.behind'`)).rows.length;
  expect(await alerts()).toBe(0);
  await server.pool.query(`update mirror_states set failing_since = now() - interval '16 minutes'`);
  const failures = async () => (await server.pool.query('select failures from mirror_states')).rows[0].failures;
  const failOnceMore = async (than: number) => expect.poll(() => look().then(failures), { timeout: 30_000 }).toBeGreaterThan(than);
  await failOnceMore(await failures());
  await expect.poll(alerts, { timeout: 30_000 }).toBe(1);
  expect(await noteMirrorAlert(server.pool, server.workspaceId)).toBe(false);
  expect((await admin.call('POST', '/api/mirror/restart', {})).status).toBe(202);
  await expect
    .poll(async () => [await countThere(target.schema), (await read()).problem], { timeout: 30_000 })
    .toEqual([
      (await server.pool.query('select count(*)::int as n from messages where workspace_id = $1', [server.workspaceId])).rows[0].n,
      null,
    ]);
});

test('a mirror that was removed leaves what it brought, and nothing is recorded any more', async () => {
  const { target } = await read();
  expect((await admin.call('DELETE', '/api/mirror')).status).toBe(200);
  expect(await read()).toBeNull();
  expect(await countThere(target.schema)).toBeGreaterThan(0);
  const latest = async () => (await server.pool.query('select coalesce(max(seq), 0) as seq from mirror_changes')).rows[0].seq;
  const before = await latest();
  await server.owner.call('POST', '/api/simulator/messages', { contact: 'Ana', text: 'Unrecorded' });
  expect(await latest()).toBeLessThanOrEqual(before);
});
