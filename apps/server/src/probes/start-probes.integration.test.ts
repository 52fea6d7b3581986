import { loadCredential, setWatched } from '@holdfast/db';
import { createEgress } from '@holdfast/egress';
import { createProviders, type Providers } from '@holdfast/providers';
import { createCredentials, createSecrets } from '@holdfast/secrets';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { startHttpService, type HttpService } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { probeDue, type WatchDeps } from './start-probes.ts';
import { probeCredential } from './test-credential.ts';

const workspace = 'ws_probes';
let database: TestDatabase;
let service: HttpService;
let providers: Providers;
let deps: WatchDeps;
const egress = createEgress({ allow: '127.0.0.0/8' });
const secrets = createSecrets({ secretKey: '0123456789abcdef'.repeat(4), dataDir: '/nowhere' });
beforeAll(async () => {
  database = await testDatabase();
  service = await startHttpService();
});
afterAll(async () => {
  await providers.close();
  await service.close();
  await egress.close();
  await database.close();
});
beforeEach(async () => {
  await database.empty();
  const { pool } = database;
  providers = createProviders({ pool, egress });
  const databases = { test: async () => '' };
  const credentials = createCredentials({ pool, secrets, egress });
  const parts = { credentials, egress, databases, providers, baseUrls: { groq: undefined, claude: undefined } };
  deps = { pool, logger: { warn: () => undefined }, probe: (workspaceId, id) => probeCredential(parts, workspaceId, id) };
  await pool.query(`insert into workspaces (id, name, slug) values ($1, 'Kelp', $1)`, [workspace]);
});

async function connect(id: string, { state = 'ready', kind = 'bearer' } = {}): Promise<void> {
  const { secret, keyId } = secrets.seal('{"token":"right"}');
  await database.pool.query(
    `insert into credentials (id, workspace_id, kind, name, base_url, secret, key_id, state, created_at) values ($1, $2, $6, 'Shop key', $3, $4, $5, $7, now() - interval '1 day')`,
    [id, workspace, `${service.url}/${id}`, secret, keyId, kind, state],
  );
}
const healthOf = async (id: string) => (await loadCredential(database.pool, { workspaceId: workspace, id }))?.health;
const dueAgain = () => database.pool.query('update connection_health set next_at = now()');
const alerts = async () => (await database.pool.query('select title, detail from alerts order by at, id')).rows;
const callsTo = (id: string): number => service.received.filter(({ path }) => path.startsWith(`/${id}`)).length;

test('each connection is tried once in its time, however many processes look', async () => {
  for (const id of ['cred_a', 'cred_b', 'cred_c', 'cred_d', 'cred_e']) {
    service.on(`GET /${id}`, { body: 'ok' });
    await connect(id);
  }
  await connect('cred_waits', { state: 'attention' });
  await connect('cred_never', { kind: 'signing' });
  await Promise.all([probeDue(deps), probeDue(deps), probeDue(deps)]);
  await probeDue(deps);
  expect(['cred_a', 'cred_b', 'cred_c', 'cred_d', 'cred_e', 'cred_waits', 'cred_never'].map(callsTo)).toEqual([1, 1, 1, 1, 1, 0, 0]);
  expect(await healthOf('cred_a')).toMatchObject({ failures: 0, problem: null, lastOkAt: expect.any(String), isWatched: true });
  const { rows } = await database.pool.query(
    `select bool_and(next_at between checked_at + interval '13 minutes' and checked_at + interval '17 minutes') as fits from connection_health`,
  );
  expect(rows).toEqual([{ fits: true }]);
});

test('people hear of the second failure in a row, once, and when it works again', async () => {
  service.on('GET /cred_f', { status: 401 });
  await connect('cred_f');
  await probeDue(deps);
  expect(await alerts()).toEqual([]);
  expect(await healthOf('cred_f')).toMatchObject({ failures: 1, problem: expect.stringContaining('401') });
  for (let tries = 0; tries < 3; tries++) {
    await dueAgain();
    await probeDue(deps);
  }
  expect(await alerts()).toMatchObject([{ title: '"Shop key" does not work', detail: expect.stringContaining('No live flow uses it.') }]);
  service.on('GET /cred_f', { body: 'ok' });
  await dueAgain();
  await probeDue(deps);
  expect((await alerts()).map(({ title }) => title)).toEqual(['"Shop key" does not work', '"Shop key" works again']);
  expect(await healthOf('cred_f')).toMatchObject({ failures: 0, problem: null });
});

test('what is not watched is left alone, and a provider that somebody paused is no failure', async () => {
  service.on('GET /cred_g', { body: 'ok' });
  await connect('cred_g');
  await setWatched(database.pool, { workspaceId: workspace, id: 'cred_g', isWatched: false });
  await probeDue(deps);
  expect(callsTo('cred_g')).toBe(0);
  await setWatched(database.pool, { workspaceId: workspace, id: 'cred_g', isWatched: true });
  const key = `http:127.0.0.1:${service.port}`;
  await database.pool.query(`insert into providers (workspace_id, key, kind, name, paused_at) values ($1, $2, 'http', 'shop', now())`, [
    workspace,
    key,
  ]);
  await probeDue(deps);
  expect(callsTo('cred_g')).toBe(0);
  expect(await healthOf('cred_g')).toMatchObject({ failures: 0, checkedAt: null });
});
