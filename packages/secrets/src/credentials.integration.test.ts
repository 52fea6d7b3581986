import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createPool, insertCredential, newId, setCredentialWay, type Pool } from '@holdfast/db';
import { createEgress, type Egress } from '@holdfast/egress';
import { testDatabase } from '@holdfast/test-kit';
import { startOauthFake, type OauthFake } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { beginConnection, finishConnection } from './connect.ts';
import { createCredentials } from './credentials.ts';
import { createSecrets } from './secrets.ts';

const workspaceId = newId('workspace');
const secrets = createSecrets({ secretKey: randomBytes(32).toString('base64'), dataDir: '' });
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

let database: Awaited<ReturnType<typeof testDatabase>>;
let pool: Pool;
let egress: Egress;
let provider: OauthFake;
let clock = Date.now();
beforeAll(async () => {
  database = await testDatabase();
  pool = createPool(database.url, { connectTimeoutMs: 60_000 });
  egress = createEgress({ limits: { connectMs: 60_000 } });
  await pool.query(`insert into workspaces (id, name, slug) values ($1, 'Kelp', 'kelp')`, [workspaceId]);
});
afterAll(async () => {
  await egress.close();
  await pool.end();
  await database.close();
});
beforeEach(async () => {
  clock = Date.now();
  provider = await startOauthFake({ publicKey, now: () => clock });
  return () => provider.close();
});

const deps = () => ({ pool, secrets, egress, clock: () => clock });
const session = 'sess_1';

async function add(kind: string, settings: Record<string, string>, secret: Record<string, string>): Promise<string> {
  const id = newId('credential');
  const state = kind === 'quickbooks' || kind === 'google' || settings['grant'] === 'code' ? 'unconnected' : 'ready';
  const sealed = secrets.seal(JSON.stringify(secret));
  await insertCredential(pool, {
    id,
    workspaceId,
    name: 'Books',
    kind,
    baseUrl: provider.url,
    allowedHosts: [],
    settings,
    state,
    account: {},
    ...sealed,
  });
  return id;
}
const addOauth = (grant: 'code' | 'client') =>
  add(
    'oauth2',
    { grant, authorizeUrl: `${provider.url}/authorize`, tokenUrl: `${provider.url}/token`, clientId: 'client-1', clientAuth: 'header' },
    { clientSecret: 'client-secret-1' },
  );

/** There and back, as a browser goes. */
async function goThere(id: string): Promise<Record<string, string>> {
  const there = await beginConnection(deps(), {
    workspaceId,
    sessionId: session,
    id,
    redirectUri: 'http://bot.example/api/oauth/callback',
  });
  const back = (await fetch(there, { redirect: 'manual' })).headers.get('location') ?? '';
  return Object.fromEntries(new URL(back).searchParams);
}
const finish = (given: Record<string, string>, sessionId = session) =>
  finishConnection(deps(), { ...given, state: given['state'] ?? '', workspaceId, sessionId });
async function connected(): Promise<string> {
  const id = await addOauth('code');
  await finish(await goThere(id));
  return id;
}
const stateOf = async (id: string) => (await pool.query('select state, problem from credentials where id = $1', [id])).rows[0];
const passHour = () => (clock += 3_600_000);
const refreshes = () => provider.world.granted.filter((way) => way === 'refresh_token').length;

describe('a connection', () => {
  test('is made with PKCE, once, and in the session that began it', async () => {
    const id = await addOauth('code');
    await expect(createCredentials(deps()).open(workspaceId, id)).rejects.toMatchObject({ code: 'credential.attention' });
    const back = await goThere(id);
    await expect(finish(back, 'sess_of_somebody_else')).rejects.toMatchObject({ code: 'auth.signature' });
    expect(await finish(back)).toBe(id);
    await expect(finish(back)).rejects.toMatchObject({ code: 'auth.signature' });
    expect((await createCredentials(deps()).open(workspaceId, id)).secret['token']).toMatch(/^access-/);
  });

  test('says which company was chosen', async () => {
    provider.world.manner.returns = { realmId: '4620816365' };
    const id = await add('quickbooks', { environment: 'production', clientId: 'client-1' }, { clientSecret: 'client-secret-1' });
    await finish(await goThere(id));
    const open = await createCredentials(deps()).open(workspaceId, id);
    expect(open).toMatchObject({ apiUrl: `${provider.url}/v3/company/4620816365/`, provider: 'quickbooks:4620816365' });
  });

  test('that was refused tells the standard’s word only', async () => {
    const id = await addOauth('code');
    const { state = '' } = await goThere(id);
    await expect(finish({ state, error: 'access_denied' })).rejects.toMatchObject({ detail: expect.stringContaining('(access_denied)') });
    const again = await goThere(id);
    const error = await finish({ state: again['state'] ?? '', error: 'Call +1 555 now!' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ detail: expect.not.stringContaining('555') });
  });
});

describe('access tokens', () => {
  test('are renewed once, also when two processes with twenty calls each need them at the same time', async () => {
    const id = await connected();
    passHour();
    const processes = [createCredentials(deps()), createCredentials(deps())];
    const opened = await Promise.all(processes.flatMap(({ open }) => Array.from({ length: 20 }, () => open(workspaceId, id))));
    expect(new Set(opened.map(({ secret }) => secret['token'])).size).toBe(1);
    expect(refreshes()).toBe(1);
  });

  test('are not used before the refresh token that came with them is committed', async () => {
    const id = await connected();
    passHour();
    // The commit is where it fails: a trigger that is looked at when the transaction ends.
    await pool.query(
      `create function refuse_once() returns trigger language plpgsql as $$ begin raise exception 'the disk is full'; end $$`,
    );
    await pool.query(
      `create constraint trigger refuse_tokens after update on credentials deferrable initially deferred for each row execute function refuse_once()`,
    );
    const { open } = createCredentials(deps());
    await expect(open(workspaceId, id)).rejects.toMatchObject({ code: 'database.unavailable' });
    await pool.query('drop trigger refuse_tokens on credentials');
    const { secret } = await open(workspaceId, id);
    expect(refreshes(), 'what was got is kept, not got again').toBe(1);
    passHour();
    const next = await createCredentials(deps()).open(workspaceId, id);
    expect(next.secret['token']).not.toBe(secret['token']);
  });

  test('come again when the connection was cut after the provider had rotated the refresh token', async () => {
    const id = await connected();
    passHour();
    provider.world.faults.push('cut-after');
    const { open } = createCredentials(deps());
    await expect(open(workspaceId, id)).rejects.toMatchObject({ meaning: { retry: 'ambiguous' } });
    expect((await stateOf(id)).state).toBe('ready');
    expect((await open(workspaceId, id)).secret['token']).toMatch(/^access-/);
  });

  test('need a person, who is told once, where the provider accepts no refresh token twice', async () => {
    provider.world.manner.grace = 'none';
    const id = await connected();
    passHour();
    provider.world.faults.push('cut-after');
    const { open } = createCredentials(deps());
    await expect(open(workspaceId, id)).rejects.toMatchObject({ code: 'upstream.ambiguous' });
    for (const { open: openThere } of [{ open }, createCredentials(deps())])
      await expect(openThere(workspaceId, id)).rejects.toMatchObject({
        code: 'credential.attention',
        detail: expect.stringContaining('invalid_grant'),
      });
    expect(await stateOf(id)).toMatchObject({ state: 'attention', problem: { code: 'credential.attention' } });
    const told = await pool.query(`select title from alerts where event = 'credential.broken' and subject = $1`, [id]);
    expect(told.rows).toEqual([{ title: '"Books" must be connected again' }]);
    await finish(await goThere(id));
    expect(await stateOf(id)).toEqual({ state: 'ready', problem: null });
    expect((await open(workspaceId, id)).secret['token']).toMatch(/^access-/);
  });

  test('that are still good are used while the provider has a bad moment', async () => {
    const id = await connected();
    const { open } = createCredentials(deps());
    const { secret } = await open(workspaceId, id);
    clock += 3_400_000;
    provider.world.faults.push('server-error', 'limited');
    expect((await open(workspaceId, id)).secret).toEqual(secret);
    expect((await open(workspaceId, id)).secret).toEqual(secret);
    expect((await open(workspaceId, id)).secret).not.toEqual(secret);
  });

  test('that were taken back before their time are replaced, and the call is made once more', async () => {
    const id = await connected();
    const { open } = createCredentials(deps());
    const request = async () => egress.request({ method: 'GET', url: '/me', resolvedCredential: await open(workspaceId, id) });
    expect((await request()).status).toBe(200);
    provider.spoilAccess();
    expect((await request()).status, 'a token that is a minute old would not get better').toBe(401);
    clock += 120_000;
    expect((await request()).status).toBe(200);
    expect(refreshes()).toBe(1);
  });

  test.each(['echo', 'nonsense', 'limited', 'server-error', 'cut-before'] as const)(
    'leave no secret in the error of an answer that is %s',
    async (fault) => {
      const id = await connected();
      passHour();
      provider.world.faults.push(fault);
      const error = await createCredentials(deps())
        .open(workspaceId, id)
        .catch((thrown: unknown) => thrown);
      const told = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String(error);
      expect(told).toContain('127.0.0.1');
      for (const secret of ['client-secret-1', 'refresh-', 'access-']) expect(told).not.toContain(secret);
    },
  );
});

describe('without a person', () => {
  test('an application gets a token with its own secret, and needs somebody when that is wrong', async () => {
    const id = await addOauth('client');
    const { open } = createCredentials(deps());
    await Promise.all([open(workspaceId, id), open(workspaceId, id)]);
    expect(provider.world.granted).toEqual(['client_credentials']);
    provider.world.clientSecret = 'another';
    passHour();
    await expect(open(workspaceId, id)).rejects.toMatchObject({
      code: 'credential.attention',
      detail: expect.stringContaining('invalid_client'),
    });
    provider.world.clientSecret = 'client-secret-1';
    await expect(open(workspaceId, id)).rejects.toMatchObject({ code: 'credential.attention' });
    expect((await createCredentials(deps()).openAnew(workspaceId, id)).secret['token'], 'Test asks anew').toMatch(/^access-/);
    expect((await stateOf(id)).state).toBe('ready');
  });

  test('a service account signs for a token, which is kept until shortly before its end', async () => {
    const key = JSON.stringify({
      type: 'service_account',
      client_email: 'bot@kelp.example',
      private_key: privateKey,
      private_key_id: 'k1',
    });
    const id = await add('google-service-account', {}, { key });
    const { open } = createCredentials(deps());
    const first = await open(workspaceId, id);
    clock += 3_200_000;
    expect((await open(workspaceId, id)).secret).toEqual(first.secret);
    clock += 200_000;
    expect((await open(workspaceId, id)).secret).not.toEqual(first.secret);
    expect(provider.world.granted).toHaveLength(2);
  });
});

test('a database behind a proxy has its way when it is opened, and is an account of its own', async () => {
  const id = await add('postgresql', { host: 'db.internal', database: 'erp' }, { password: 'x' });
  const proxy = { kind: 'proxy' as const, url: 'socks5://gate.example:1080', username: 'ann' };
  const way = { proxy, agentId: null, ...secrets.seal('proxy-pass'), keepsSecret: false };
  await setCredentialWay(pool, { workspaceId, id, way });
  expect(await createCredentials(deps()).open(workspaceId, id)).toMatchObject({
    provider: 'postgresql:db.internal:5432/erp@gate.example:1080',
    via: { ...proxy, password: 'proxy-pass' },
  });
});
