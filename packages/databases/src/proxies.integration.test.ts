import { connect, createServer, type Server, type Socket } from 'node:net';
import { createSecureContext, createServer as createTlsServer, getCACertificates, setDefaultCACertificates, TLSSocket } from 'node:tls';
import { createEgress, type Egress } from '@holdfast/egress';
import type { HoldfastError } from '@holdfast/errors';
import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import {
  failureWithout,
  startCanary,
  startHttpProxy,
  startRelay,
  startSocks5Proxy,
  type Canary,
  type FakeProxy,
  type ProxyOptions,
  type Relay,
} from '@holdfast/test-kit/fakes';
import pg from 'pg';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { DatabaseCredential } from './access.ts';
import { createDatabases, type Databases } from './create-databases.ts';

const password = 'proxy-pass-41aa';
let database: TestDatabase;
let admin: pg.Client;
let egress: Egress;
let databases: Databases;
let canary: Canary;
let relay: Relay;
let certificate: { private: string; cert: string };
/** Names that this machine was asked for: those behind a proxy are none of its business. */
const looked: string[] = [];
const sockets = new Set<Socket>();
const open: { close: () => Promise<void> }[] = [];
const keep = <T extends { close: () => Promise<void> }>(one: T): T => (open.push(one), one);
const servers: Server[] = [];

beforeAll(async () => {
  database = await testDatabase();
  admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  await admin.query('create table kept (number text primary key)');
  const resolve = (host: string) => (looked.push(host), Promise.resolve([]));
  egress = createEgress({ resolve, limits: { connectMs: 60_000 } });
  databases = createDatabases(egress);
  canary = await startCanary();
  const { hostname, port } = new URL(database.url);
  relay = await startRelay({ host: hostname, port: Number(port) });
  certificate = await generate([{ name: 'commonName', value: 'db.internal' }], {
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'db.internal' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  expect([looked, canary.touches]).toEqual([[], 0]);
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  await databases.close();
  await Promise.all([admin.end(), egress.close(), relay.close(), canary.close()]);
  await database.close();
});

async function listen(answer: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    answer(socket);
  });
  return listening(server);
}
async function listening(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

/** PostgreSQL with TLS before it: the embedded one has none. */
const tlsBeforePostgres = () =>
  listen((socket) => {
    socket.once('data', () => {
      socket.write('S');
      const secureContext = createSecureContext({ key: certificate.private, cert: certificate.cert });
      const plain = new TLSSocket(socket, { isServer: true, secureContext }).on('error', () => undefined);
      const upstream = connect(relay.port, '127.0.0.1');
      sockets.add(upstream.on('error', () => undefined).on('close', () => plain.destroy()));
      plain.on('close', () => upstream.destroy());
      plain.pipe(upstream).pipe(plain);
    });
  });

describe.each([
  ['SOCKS 5', startSocks5Proxy],
  ['HTTP', startHttpProxy],
])('a database behind a proxy by %s', (_name, start) => {
  const proxyWith = async (names: ProxyOptions['names'] = {}): Promise<FakeProxy> =>
    keep(await start({ login: { username: 'ann', password }, names: { 'db.internal:5432': `127.0.0.1:${relay.port}`, ...names } }));
  const credential = (proxy: FakeProxy, settings: Record<string, string> = {}, via: object = {}): DatabaseCredential => {
    const { pathname, username, password: own } = new URL(database.url);
    return {
      kind: 'postgresql',
      name: 'ERP',
      settings: {
        host: 'db.internal',
        database: pathname.slice(1),
        user: decodeURIComponent(username),
        tls: 'off',
        writing: 'allowed',
        network: 'outside',
        ...settings,
      },
      secret: { password: decodeURIComponent(own) },
      via: { kind: 'proxy', url: proxy.url, username: 'ann', password, ...via },
    };
  };
  const ask = (
    given: DatabaseCredential,
    sql: string,
    { operation = 'query' as 'query' | 'change', signal = undefined as AbortSignal | undefined } = {},
  ) =>
    databases.query({
      workspaceId: 'ws_1',
      credential: given,
      request: { operation, sql, values: [], mostRows: 100, timeoutMs: 60_000, isRepeatable: false },
      signal,
    });
  const failure = (asked: Promise<unknown>): Promise<HoldfastError> => failureWithout(password, asked);

  test('is asked by a name that only the proxy knows, and nothing else is asked of the proxy', async () => {
    const proxy = await proxyWith();
    const erp = credential(proxy);
    expect(await databases.test({ credential: erp })).toMatch(/^PostgreSQL .* at db\.internal answers\.$/);
    expect((await ask(erp, 'select 1 as one')).rows).toEqual([{ one: 1 }]);
    expect((await ask(erp, `insert into kept values ('${proxy.url}')`, { operation: 'change' })).rowCount).toBe(1);
    expect(new Set(proxy.asked.map(({ host, port, username }) => `${username}@${host}:${port}`))).toEqual(
      new Set(['ann@db.internal:5432']),
    );
  });

  test('the leg that failed is named, and a wrong password of the proxy is the connection’s', async () => {
    const proxy = await proxyWith();
    const legs: [object, object, string, string][] = [
      [{}, { url: `${new URL(proxy.url).protocol}//127.0.0.1:1` }, 'upstream.unreachable', 'The proxy 127.0.0.1:1 could not be reached'],
      [{}, { password: 'wrong' }, 'credential.attention', 'did not accept our user name and password'],
      [{ host: 'other.internal' }, {}, 'upstream.unreachable', 'could not reach other.internal:5432 behind it'],
      [{ database: 'no_such_db' }, {}, 'upstream.refused', 'no database "no_such_db" at db.internal:5432'],
    ];
    for (const [settings, via, code, words] of legs) {
      const error = await failure(databases.test({ credential: credential(proxy, { ...settings }, via) }));
      expect(error, words).toMatchObject({ code, detail: expect.stringContaining(words) });
    }
    for (const [fault, code] of [
      ['refuse', 'upstream.refused'],
      ['down', 'upstream.unreachable'],
      ['cut-opening', 'upstream.unreachable'],
      ['cut-before', 'upstream.unreachable'],
      ['cut-after', 'upstream.unreachable'],
    ] as const) {
      proxy.misbehave(fault);
      expect(await failure(databases.test({ credential: credential(proxy) })), fault).toMatchObject({ code });
    }
  });

  test('a server is verified by its own name from end to end', async () => {
    const secured = await tlsBeforePostgres();
    const proxy = await proxyWith({ 'db.internal:5432': secured, 'other.internal:5432': secured });
    const tls = { tls: 'verify-full', certificates: certificate.cert };
    expect(await databases.test({ credential: credential(proxy, tls) })).toContain('at db.internal answers');
    for (const settings of [{ tls: 'verify-full' }, { ...tls, host: 'other.internal' }])
      expect(await failure(databases.test({ credential: credential(proxy, settings) }))).toMatchObject({
        code: 'upstream.refused',
        detail: expect.stringContaining('could not be verified'),
      });
  });

  test('a statement that nobody waits for is stopped by the same way', async () => {
    const proxy = await proxyWith();
    const gone = new AbortController();
    const text = `select pg_sleep(600), '${proxy.port}'`;
    const thrown = failure(ask(credential(proxy), text, { signal: gone.signal }));
    const running = async () =>
      (await admin.query("select 1 from pg_stat_activity where state = 'active' and query = $1", [text])).rowCount;
    await expect.poll(running, { timeout: 30_000 }).toBe(1);
    gone.abort();
    expect(await thrown).toMatchObject({ code: 'upstream.timeout' });
    await expect.poll(running, { timeout: 30_000 }).toBe(0);
    expect(proxy.asked.length).toBe(2);
  });

  test('Oracle goes the same way, its name looked up behind it, and is led nowhere else', async () => {
    const to = `(address=(protocol=tcp)(host=127.0.0.1)(port=${canary.port}))`;
    const elsewhere = await listen((socket) => socket.once('data', () => socket.write(redirect(to))));
    const proxy = await proxyWith({ 'ora.internal:1521': elsewhere });
    const oracle = (settings: Record<string, string>) => ({ ...credential(proxy, { host: 'ora.internal', ...settings }), kind: 'oracle' });
    expect(await failure(databases.test({ credential: oracle({ tls: 'off' }) }))).toMatchObject({ code: 'egress.blocked' });
    expect(await failure(databases.test({ credential: oracle({ tls: 'verify-full' }) }))).toMatchObject({
      code: 'upstream.unreachable',
      detail: expect.stringContaining('could not reach ora.internal:2484 behind it'),
    });
    expect(proxy.asked.map(({ host, port }) => `${host}:${port}`)).toEqual(['ora.internal:1521', 'ora.internal:2484']);
  });
});

test('a proxy that is spoken to by TLS carries TLS', async () => {
  const trusted = getCACertificates('default');
  const secured = await tlsBeforePostgres();
  const proxy = keep(await startHttpProxy({ login: { username: 'ann', password }, names: { 'db.internal:5432': secured } }));
  const front = createTlsServer({ key: certificate.private, cert: certificate.cert }, (near) => {
    const far = connect(proxy.port, '127.0.0.1');
    for (const socket of [near, far]) sockets.add(socket.on('error', () => undefined).on('close', () => (near.destroy(), far.destroy())));
    near.pipe(far).pipe(near);
  });
  setDefaultCACertificates([...trusted, certificate.cert]);
  try {
    const via = { kind: 'proxy' as const, url: `https://${await listening(front)}`, username: 'ann', password };
    const { pathname, username, password: own } = new URL(database.url);
    const settings = { host: 'db.internal', database: pathname.slice(1), user: decodeURIComponent(username), tls: 'verify-full' };
    const credential = { kind: 'postgresql', settings, secret: { password: decodeURIComponent(own) }, via };
    expect(await databases.test({ credential })).toContain('at db.internal answers');
  } finally {
    setDefaultCACertificates(trusted);
  }
});

test('a change that was being kept when the way broke leaves open what came of it', async () => {
  const proxy = keep(await startSocks5Proxy());
  await admin.query(`create function wait_long() returns trigger language plpgsql as $$ begin perform pg_sleep(600); return null; end $$`);
  await admin.query(`create table slow (number text)`);
  await admin.query(
    `create constraint trigger slow_commit after insert on slow deferrable initially deferred for each row execute function wait_long()`,
  );
  const { hostname, port, pathname, username, password: own } = new URL(database.url);
  const settings = {
    host: hostname,
    port,
    database: pathname.slice(1),
    user: decodeURIComponent(username),
    tls: 'off',
    writing: 'allowed',
  };
  const thrown = databases
    .query({
      workspaceId: 'ws_1',
      credential: { kind: 'postgresql', settings, secret: { password: decodeURIComponent(own) }, via: { kind: 'proxy', url: proxy.url } },
      request: {
        operation: 'change',
        sql: `insert into slow values ('F-1')`,
        values: [],
        mostRows: 1,
        timeoutMs: 60_000,
        isRepeatable: false,
      },
    })
    .catch((error: unknown) => error);
  const keeping = `from pg_stat_activity where state = 'active' and query = 'commit' and datname = current_database()`;
  await expect.poll(async () => (await admin.query(`select 1 ${keeping}`)).rowCount, { timeout: 30_000 }).toBe(1);
  await proxy.close();
  expect(await thrown).toMatchObject({ code: 'upstream.ambiguous' });
  await admin.query(`select pg_terminate_backend(pid) ${keeping}`);
});

/** A listener's packet that sends the driver to another address. */
function redirect(to: string): Buffer {
  const packet = Buffer.alloc(10 + to.length);
  packet.writeUInt16BE(packet.length, 0);
  packet.writeUInt8(5, 4);
  packet.writeUInt16BE(to.length, 8);
  packet.write(to, 10);
  return packet;
}
