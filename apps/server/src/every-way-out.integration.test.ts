import { createDatabases } from '@holdfast/databases';
import { ensureProvider, insertKept, listKeptCalls, newId, type NewKeptCall } from '@holdfast/db';
import { agentProtocol, createCarrier } from '@holdfast/egress';
import { createProviders, startDeliverer } from '@holdfast/providers';
import { createCredentials } from '@holdfast/secrets';
import { startCanary, startHttpService, startSocks5Proxy, type Canary, type FakeProxy, type HttpService } from '@holdfast/test-kit/fakes';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { probeCredential } from './probes/test-credential.ts';
import { startTestServer, type Client, type TestServer } from './test/test-server.ts';

// S1 and S3 of the checks, on every way that a builder has out of the house: judged by a listener that nobody may touch.

let server: TestServer;
let builder: Client;
let canary: Canary;
/** Plays a public host: it alone is on the list. */
let outside: HttpService;
let proxy: FakeProxy;
let flow: string;
/** Places inside: this machine by two names, and where cloud machines keep their keys. */
let inside: string[];

beforeAll(async () => {
  [canary, outside, proxy] = await Promise.all([startCanary(), startHttpService(), startSocks5Proxy()]);
  server = await startTestServer({ environment: { HOLDFAST_EGRESS_ALLOW: `${outside.host}:${outside.port}` } });
  builder = await server.withSession('builder');
  inside = [canary.url, `http://localhost:${canary.port}`, 'http://169.254.169.254'];
  flow = (await builder.call('POST', '/api/flows', { name: 'Out' })).body.id;
  outside.on('/away', { status: 302, headers: { location: `${canary.url}/` } });
  outside.on('/list', { body: [1], headers: { link: `<${canary.url}/next>; rel="next"` } });
});
afterEach(() => expect([canary.touches, canary.heard]).toEqual([0, '']));
afterAll(() => Promise.all([server.close(), canary.close(), outside.close(), proxy.close()]));

/** One step, tried by a builder with the product's own egress: why it failed. */
async function step(type: string, config: object, trigger: object = {}): Promise<{ code: string; detail: string }> {
  const node = { id: 'it', type, typeVersion: 1, name: 'It', config, position: { x: 0, y: 0 } };
  const file = { format: 'holdfast.flow/1', name: 'Out', nodes: [node], edges: [] };
  const { status, body } = await builder.call('POST', `/api/flows/${flow}/try`, { file, node: 'it', scope: { trigger } });
  expect(status, JSON.stringify(body)).toBe(200);
  return body.problem ?? { code: `left by ${body.port}`, detail: '' };
}
const codeOf = async (...given: Parameters<typeof step>) => (await step(...given)).code;
const make = (given: object, by: Client = builder) => by.call('POST', '/api/credentials', { name: 'Mine', settings: {}, ...given });
const made = async (given: object, by?: Client): Promise<string> => {
  const { status, body } = await make(given, by);
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id;
};
const blocked = { code: 'egress.blocked' };

/** Tried by the button, and by ourselves. */
async function probe(id: string) {
  const { egress, secrets } = server.composed.deps;
  const providers = createProviders({ pool: server.pool, egress });
  const databases = createDatabases(egress);
  const deps = { credentials: createCredentials({ pool: server.pool, secrets, egress }), egress, databases, providers };
  const tried = await probeCredential({ ...deps, baseUrls: { groq: undefined, claude: undefined } }, server.workspaceId, id);
  const bySelf = { ...tried, detail: String(tried.detail) };
  await Promise.all([providers.close(), databases.close()]);
  return [(await builder.call('POST', `/api/credentials/${id}/test`)).body, bySelf];
}

describe('calls of steps', () => {
  test('an address, a value in it, a redirect, a next page, and a credential that names the place', async () => {
    for (const url of inside) {
      expect(await codeOf('api-call', { method: 'GET', url })).toBe('egress.blocked');
      expect(await codeOf('api-call', { method: 'POST', url: '{{ trigger.to }}', bodyKind: 'text', text: 'x' }, { to: url })).toBe(
        'egress.blocked',
      );
      const credential = await made({ kind: 'bearer', secret: { token: 'x' }, allowedHosts: [new URL(url).host] });
      expect(await codeOf('api-call', { method: 'GET', url, credential })).toBe('egress.blocked');
    }
    expect(await codeOf('api-call', { method: 'GET', url: `${outside.url}/away` })).toBe('egress.blocked');
    expect(await codeOf('api-call', { method: 'POST', url: `${outside.url}/away` })).toBe('upstream.ambiguous');
    expect(await codeOf('api-call', { method: 'GET', url: `${outside.url}/list`, pages: 'link' })).toBe('egress.blocked');
    const both = await made({ kind: 'bearer', secret: { token: 'x' }, allowedHosts: ['127.0.0.1'] });
    expect(await codeOf('api-call', { method: 'GET', url: `${outside.url}/list`, pages: 'link', credential: both })).toBe('egress.blocked');
    outside.on('/down', { status: 503 });
    expect(await codeOf('api-call', { method: 'GET', url: `${outside.url}/down`, secondUrl: canary.url })).toMatch(/^(egress|upstream)\./);
  });

  const openapi = (url: string) => ({
    openapi: '3.0.3',
    info: { title: 'Inside', version: '1' },
    servers: [{ url }],
    paths: {
      '/x/{id}': { get: { operationId: 'x', parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }] } },
    },
  });
  const wsdl = (
    address: string,
  ) => `<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:t="urn:t" targetNamespace="urn:t">
    <types><x:schema xmlns:x="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t"><x:element name="Ask"><x:complexType><x:sequence/></x:complexType></x:element></x:schema></types>
    <message name="m"><part name="p" element="t:Ask"/></message>
    <portType name="Desk"><operation name="Ask"><input message="t:m"/><output message="t:m"/></operation></portType>
    <binding name="B" type="t:Desk"><s:binding transport="http://schemas.xmlsoap.org/soap/http"/><operation name="Ask"><s:operation soapAction="ask"/><input><s:body use="literal"/></input><output><s:body use="literal"/></output></operation></binding>
    <service name="Desk"><port name="P" binding="t:B"><s:address location="${address}"/></port></service></definitions>`;
  const imported = async (document: string, operation: string) => {
    const bytes = new TextEncoder().encode(document);
    const { status, body } = await builder.call('POST', '/api/services', bytes, { 'content-type': 'application/octet-stream' });
    expect(status, JSON.stringify(body)).toBe(201);
    return (await builder.call('GET', `/api/services/${body.id}/operations/${operation}`)).body.node;
  };

  test('operations of imported services: where their document says, and where a value leads', async () => {
    const { config } = await imported(JSON.stringify(openapi(canary.url)), 'x');
    expect(config.server).toContain(canary.url);
    const led = (server: string, { id = '1', to = '' } = {}) =>
      codeOf('api-operation', { ...config, server, values: { 'path.id': id } }, { to });
    expect(await led(config.server)).toBe('egress.blocked');
    for (const to of inside) expect(await led('{{ trigger.to }}', { to })).toBe('egress.blocked');
    expect(await led(outside.url, { id: `@127.0.0.1:${canary.port}/` })).toBe('left by refused');
  });

  test('SOAP services: their own address, a value, and a redirect', async () => {
    const { type, config } = await imported(wsdl(`${canary.url}/soap`), 'Desk.Ask');
    expect(await codeOf(type, config)).toBe('egress.blocked');
    for (const to of inside) expect(await codeOf('soap', { ...config, server: '{{ trigger.to }}' }, { to })).toBe('egress.blocked');
    expect(await codeOf('soap', { ...config, server: `${outside.url}/away` })).toBe('upstream.ambiguous');
  });

  test('a service’s document: where it is fetched, again, and after a redirect', async () => {
    outside.on('/openapi.json', { body: openapi('https://api.example.com') });
    const { body } = await builder.call('POST', '/api/services/from-address', { url: `${outside.url}/openapi.json` });
    for (const url of [...inside, `${outside.url}/away`]) {
      expect((await builder.call('POST', '/api/services/from-address', { url })).body).toMatchObject(blocked);
      expect((await builder.call('POST', `/api/services/${body.id}/fetch`, { url, apply: true })).body).toMatchObject(blocked);
    }
  });
});

describe('connections', () => {
  test('databases: both kinds, tried and asked', async () => {
    const settings = { host: '127.0.0.1', port: String(canary.port), database: 'x', user: 'x', writing: 'refused', network: 'outside' };
    for (const kind of ['postgresql', 'oracle'] as const)
      for (const [host, tls] of [
        ['127.0.0.1', 'off'],
        ['localhost', 'require'],
        ['169.254.169.254', 'verify-full'],
      ]) {
        const credential = await made({ kind, settings: { ...settings, host, tls }, secret: { password: 'x' } });
        const [pressed, bySelf] = await probe(credential);
        expect(pressed).toMatchObject({ ok: false, detail: expect.stringContaining('public addresses only') });
        expect(bySelf).toMatchObject({ state: 'failed', detail: expect.stringContaining('public addresses only') });
        expect(await codeOf('database', { credential, sql: 'select 1 from dual' })).toBe('egress.blocked');
      }
    // What would lead Oracle’s driver elsewhere is no name of a server.
    for (const change of [
      { host: `x)(address=(host=127.0.0.1)(port=${canary.port}))` },
      { host: '127.0.0.1,127.0.0.2' },
      { host: '/tmp' },
      { database: `x)(host=127.0.0.1` },
      { port: `1/(port=${canary.port})` },
    ])
      expect((await make({ kind: 'oracle', settings: { ...settings, tls: 'off', ...change }, secret: { password: 'x' } })).status).toBe(
        400,
      );
  });

  test('a token’s address, whatever asks for it', async () => {
    for (const url of [...inside, `${outside.url}/away`]) {
      const settings = { grant: 'client', tokenUrl: `${url}${url.endsWith('/away') ? '' : '/token'}`, clientId: 'x', clientAuth: 'header' };
      const credential = await made({ kind: 'oauth2', settings, secret: { clientSecret: 'x' }, allowedHosts: [new URL(outside.url).host] });
      for (const tried of await probe(credential)) expect(tried.ok === true || tried.state === 'ok').toBe(false);
      expect(await codeOf('api-call', { method: 'GET', url: `${outside.url}/x`, credential })).toMatch(/^(egress|upstream)\./);
    }
  });

  const databaseAt = (host: string, port = 1) => ({
    host,
    port: String(port),
    database: 'x',
    user: 'x',
    tls: 'off',
    writing: 'refused',
    network: 'outside',
  });

  test('what would be trusted inside is an administrator’s to set: addresses, ways, databases inside; hosts alone open nothing', async () => {
    const kinds = [
      { kind: 'bearer', secret: { token: 'x' } },
      { kind: 'openai-compatible', secret: { apiKey: 'x' } },
      { kind: 'claude', secret: { apiKey: 'x' } },
      { kind: 's3', settings: { region: 'eu-1', bucket: 'b-1', addressing: 'path', accessKeyId: 'x' }, secret: { secretAccessKey: 'x' } },
      {
        kind: 'soap-username',
        settings: { passwordType: 'text', timestamp: 'no', mustUnderstand: 'no' },
        secret: { username: 'x', password: 'x' },
      },
      { kind: 'postgresql', settings: databaseAt('db.test'), secret: { password: 'x' } },
      { kind: 'oracle', settings: databaseAt('db.test'), secret: { password: 'x' } },
    ];
    for (const kind of kinds) {
      expect((await make({ ...kind, baseUrl: canary.url })).status, kind.kind).toBe(403);
      expect((await make({ ...kind, via: { kind: 'proxy', url: proxy.url } })).status, kind.kind).toBe(403);
      expect((await make({ ...kind, via: { kind: 'proxy', url: canary.url.replace('http', 'socks5') } })).status, kind.kind).toBe(403);
    }
    const database = { ...databaseAt('127.0.0.1'), network: 'inside' };
    expect((await make({ kind: 'postgresql', settings: database, secret: { password: 'x' } })).status).toBe(403);
    const s3 = { region: 'x/@127.0.0.1', bucket: 'b-1', addressing: 'path', accessKeyId: 'x' };
    expect((await make({ kind: 's3', settings: s3, secret: { secretAccessKey: 'x' } })).status).toBe(400);
    // Nor by changing what an administrator made.
    const theirs = { name: 'Theirs', kind: 'bearer', settings: {}, secret: { token: 'x' } };
    const plain = await made(theirs, server.owner);
    for (const change of [{ baseUrl: canary.url }, { via: { kind: 'proxy', url: proxy.url } }, { via: { kind: 'agent', agent: 'agt_x' } }])
      expect((await builder.call('PUT', `/api/credentials/${plain}`, { ...theirs, ...change })).status).toBe(403);
    const led = await made({ ...theirs, allowedHosts: ['erp.test'], via: { kind: 'proxy', url: proxy.url } }, server.owner);
    for (const change of [{ allowedHosts: ['127.0.0.1'], via: { kind: 'proxy', url: proxy.url } }, { via: null }, {}])
      expect((await builder.call('PUT', `/api/credentials/${led}`, { ...theirs, ...change })).status).toBe(403);
  });

  test('a proxy is asked for what its connection is bound to, and for nothing else', async () => {
    const hosts = ['erp.test', `127.0.0.1:${outside.port}`];
    const via = { kind: 'proxy', url: proxy.url };
    const credential = await made({ kind: 'bearer', secret: { token: 'x' }, allowedHosts: hosts, via }, server.owner);
    for (const url of inside) expect(await codeOf('api-call', { method: 'GET', url, credential })).toBe('credential.host');
    expect(await codeOf('api-call', { method: 'GET', url: `${outside.url}/away`, credential })).toBe('credential.host');
    expect(await codeOf('api-call', { method: 'GET', url: `${outside.url}/list`, pages: 'link', credential })).toBe('credential.host');
    expect(new Set(proxy.asked.map(({ port }) => port))).toEqual(new Set([outside.port]));
  });

  test('a database’s proxy is asked for its own server, which is no web address to anybody', async () => {
    const own = await startSocks5Proxy({ names: { 'db.test': `127.0.0.1:${outside.port}` } });
    const via = { kind: 'proxy', url: own.url };
    for (const kind of ['postgresql', 'oracle']) {
      const theirs = { kind, settings: databaseAt('db.test', outside.port), secret: { password: 'x' }, via };
      const credential = await made(theirs, server.owner);
      expect(await codeOf('database', { credential, sql: 'select 1 from dual' })).toMatch(/^upstream\./);
      expect(await codeOf('api-call', { method: 'GET', url: canary.url, credential })).toMatch(/^(?:credential|egress)\./);
      const led = { name: 'Mine', ...theirs, settings: databaseAt('127.0.0.1', canary.port) };
      expect((await builder.call('PUT', `/api/credentials/${credential}`, led)).status).toBe(403);
      expect((await make({ ...theirs, via: { kind: 'agent', agent: 'agt_x' } }, server.owner)).status).toBe(400);
    }
    expect(new Set(own.asked.map(({ host, port }) => `${host}:${port}`))).toEqual(new Set([`db.test:${outside.port}`]));
    await own.close();
  });

  test('an agent is asked for what the server’s list and the connection allow, and goes where its own list does', async () => {
    const { body: agent } = await server.owner.call('POST', '/api/agents', { name: 'Plant', allowedHosts: ['erp.test:8080'] });
    const asks = {
      protocol: agentProtocol,
      instance: 'i',
      boot: 1,
      process: 'p',
      machine: 'm',
      version: '1',
      allow: ['erp.test:8080'],
      room: 0,
      running: 0,
      known: [],
    };
    const heard = await server.anonymous.call(
      'POST',
      '/hooks/agents/work',
      { ...asks, turn: 1 },
      { authorization: `Bearer ${agent.token}` },
    );
    expect(heard.status).toBe(200);
    const host = new URL(canary.url).host;
    const via = { kind: 'agent', agent: agent.id };
    const bound = await made({ kind: 'bearer', secret: { token: 'x' }, allowedHosts: ['erp.test'], via }, server.owner);
    const wide = await made({ kind: 'bearer', secret: { token: 'x' }, allowedHosts: [host], via }, server.owner);
    for (const credential of [bound, wide])
      expect(await codeOf('api-call', { method: 'GET', url: canary.url, credential })).toBe('credential.host');
    const database = { kind: 'postgresql', settings: databaseAt('127.0.0.1', canary.port), secret: { password: 'x' }, via };
    expect(await codeOf('database', { credential: await made(database, server.owner), sql: 'select 1' })).toBe('credential.host');
    expect((await server.pool.query('select 1 from agent_calls')).rows).toEqual([]);
    // Whatever a server that was taken over asks for.
    const limits = {
      connectMs: 30_000,
      headersMs: 30_000,
      idleMs: 30_000,
      totalMs: 30_000,
      bodyBytes: 1_000,
      headerBytes: 16_000,
      redirects: 5,
    };
    const call = { method: 'GET', headers: {}, secretHeaders: {}, body: null, isIdempotent: true, limits };
    const carrier = createCarrier([`127.0.0.1:${outside.port}`]);
    const ends = [
      await carrier.carryOut({ ...call, url: canary.url, hosts: [host] }),
      await carrier.carryOut({ ...call, url: `${outside.url}/x`, hosts: [host] }),
      await carrier.carryOut({ ...call, url: `${outside.url}/away`, hosts: [host, `127.0.0.1:${outside.port}`] }),
    ];
    await carrier.close();
    expect(ends).toMatchObject(ends.map(() => ({ state: 'failed', code: 'credential.host' })));
  });

  test('mailboxes, for administrators too: both servers, the second relay, and where their tokens come from', async () => {
    const at = (port: number) => ({ host: '127.0.0.1', port, security: 'none', user: 'x' });
    const mail = { kind: 'email', name: 'Mail', address: 'a@example.com', imap: at(canary.port), smtp: at(canary.port), password: 'x' };
    expect((await builder.call('POST', '/api/channels', mail)).status).toBe(403);
    expect((await server.owner.call('POST', '/api/channels', mail)).body.detail).toContain('public addresses only');
    // Through a proxy: an administrator's word, and for its own servers alone.
    const own = await startSocks5Proxy({ names: { 'mail.test': `127.0.0.1:${outside.port}` } });
    const there = { host: 'mail.test', port: outside.port, security: 'none', user: 'x' };
    const led = { ...mail, imap: there, smtp: there, via: { kind: 'proxy', url: own.url } };
    expect((await builder.call('POST', '/api/channels', led)).status).toBe(403);
    expect((await server.owner.call('POST', '/api/channels', { ...led, via: { kind: 'agent', agent: 'agt_x' } })).status).toBe(400);
    expect((await server.owner.call('POST', '/api/channels', led)).status).toBeGreaterThanOrEqual(400);
    expect(new Set(own.asked.map(({ host, port }) => `${host}:${port}`))).toEqual(new Set([`mail.test:${outside.port}`]));
    await own.close();
    const account = { id: 'ch_1', workspaceId: server.workspaceId, kind: 'email', name: 'Mail' };
    const config = { address: mail.address, imap: mail.imap, smtp: mail.smtp, relay: at(canary.port) };
    const secret = JSON.stringify({ password: 'x', relayPassword: 'x' });
    const piece = { text: 'x', buttons: [], attachment: null };
    for (const key of ['step_1:', 'step_1:~1'])
      await expect(
        server.composed.deps.adapters('email')?.send({
          account: { ...account, config, secret },
          address: 'ana@example.com#3f2a9c1b7d4e',
          key,
          piece,
          thread: { subject: '', ids: [] },
          loadFile: () => Promise.resolve(null),
        }),
      ).rejects.toMatchObject(blocked);
    const oauth = { tokenUrl: `${canary.url}/token`, clientId: 'x', refreshToken: 'x' };
    expect((await server.owner.call('POST', '/api/channels', { ...mail, password: undefined, oauth })).status).toBeGreaterThanOrEqual(400);
  });
});

test('calls that are kept for later go by the same rules, when they go', async () => {
  const { egress } = server.composed.deps;
  const providers = createProviders({ pool: server.pool, egress });
  const calls = [...inside, `${outside.url}/away`].map((url): NewKeptCall => ({
    id: newId('keptCall'),
    provider: `http:${new URL(url).host}`,
    stepId: 'step_1',
    orderKey: '',
    what: `POST ${url}`,
    request: { method: 'POST', url },
    body: null,
    isRepeatable: false,
  }));
  for (const { provider } of calls)
    await ensureProvider(server.pool, { workspaceId: server.workspaceId, key: provider, kind: 'http', name: provider });
  await server.pool.query(`with held as (select null::text as id, $1::text as workspace_id)${insertKept(2)} select 1`, [
    server.workspaceId,
    JSON.stringify(calls),
  ]);
  await server.pool.query(`insert into leases (process, kind, seen_at) values ('deliverer', 'worker', now() + interval '1 hour')`);
  const deliverer = startDeliverer({
    pool: server.pool,
    gate: providers,
    process: 'deliverer',
    isAlive: () => true,
    openCredential: () => Promise.reject(new Error('No credential is used here.')),
    carryOut: () => Promise.reject(new Error('No step is kept here.')),
    log: { warn: () => undefined },
    lookEveryMs: 50,
  });
  const problems = async () =>
    (
      await Promise.all(calls.map(({ provider: key }) => listKeptCalls(server.pool, { workspaceId: server.workspaceId, key, limit: 10 })))
    ).map(({ items }) => items[0]?.problem?.code);
  await expect.poll(problems).toEqual(['egress.blocked', 'egress.blocked', 'egress.blocked', 'upstream.ambiguous']);
  await deliverer.stop();
  await providers.close();
});
