import { agentProtocol } from '@holdfast/egress';
import { startHttpProxy, startHttpService, startSocks5Proxy, type FakeProxy, type HttpService } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startTestServer, type Client, type TestServer } from '../test/test-server.ts';

const password = 'proxy-pass-90cc1e';
let server: TestServer;
let builder: Client;
let erp: HttpService;
let socks: FakeProxy;
let web: FakeProxy;
beforeAll(async () => {
  server = await startTestServer();
  builder = await server.withSession('builder');
  erp = await startHttpService();
  erp.on('/api', { body: 'fine' });
  const options = { login: { username: 'ann', password }, names: { 'erp.internal:8080': `127.0.0.1:${erp.port}` } };
  [socks, web] = await Promise.all([startSocks5Proxy(options), startHttpProxy(options)]);
});
beforeEach(() => socks.misbehave(null));
afterAll(() => Promise.all([server.close(), erp.close(), socks.close(), web.close()]));

const body = (given: object = {}) => ({
  name: 'ERP',
  kind: 'bearer',
  baseUrl: 'http://erp.internal:8080/api',
  secret: { token: 'erp-token' },
  via: { kind: 'proxy', url: socks.url, username: 'ann', password },
  ...given,
});
const make = async (given: object = {}) => (await server.owner.call('POST', '/api/credentials', body(given))).body;
const tried = async (id: string) => (await server.owner.call('POST', `/api/credentials/${id}/test`)).body;

test('the test button goes the way, and says which leg failed', async () => {
  for (const [proxy, authority] of [
    [socks, 'SOCKS'],
    [web, 'HTTP'],
  ] as const) {
    const { id } = await make({ via: { kind: 'proxy', url: proxy.url, username: 'ann', password } });
    expect(await tried(id), authority).toMatchObject({ ok: true, detail: expect.stringContaining('erp.internal:8080 answered 200') });
    const wrong = await make({ via: { kind: 'proxy', url: proxy.url, username: 'ann', password: 'wrong' } });
    expect(await tried(wrong.id), authority).toMatchObject({
      ok: false,
      detail: expect.stringContaining('did not accept our user name and password'),
    });
    const gone = await make({ via: { kind: 'proxy', url: proxy.url.replace(/\d+$/, '1') } });
    expect(await tried(gone.id), authority).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/^The proxy .* could not be reached/),
    });
    const behind = await make({ baseUrl: 'http://elsewhere.internal/', via: { kind: 'proxy', url: proxy.url, username: 'ann', password } });
    expect(await tried(behind.id), authority).toMatchObject({
      ok: false,
      detail: expect.stringContaining('could not reach elsewhere.internal:80 behind it'),
    });
    const secure = await make({ baseUrl: 'https://erp.internal:8080/', via: { kind: 'proxy', url: proxy.url, username: 'ann', password } });
    expect(await tried(secure.id), authority).toMatchObject({
      ok: false,
      detail: expect.stringContaining('no secure connection came about'),
    });
  }
});

test('the password is shown to nobody, stands sealed, and stays as long as it goes to the same proxy', async () => {
  const made = await make();
  expect(made.via).toEqual({ kind: 'proxy', url: socks.url, username: 'ann', hasPassword: true });
  const same = { kind: 'proxy', url: `${socks.url}/`, username: 'ann' };
  const { secret: _, ...kept } = body({ name: 'ERP 2', via: same });
  expect((await server.owner.call('PUT', `/api/credentials/${made.id}`, kept)).body.via.hasPassword).toBe(true);
  expect(await tried(made.id)).toMatchObject({ ok: true });
  const other = { ...same, url: web.url };
  expect(await server.owner.call('PUT', `/api/credentials/${made.id}`, { ...kept, via: other })).toMatchObject({
    status: 400,
    body: { path: 'secret' },
  });
  const moved = await server.owner.call('PUT', `/api/credentials/${made.id}`, body({ via: other }));
  expect(moved.body.via).toMatchObject({ url: web.url, hasPassword: false });
  const { rows } = await server.pool.query<{ all: string }>(
    `select to_jsonb(c)::text || encode(coalesce(via_secret, ''), 'escape') as all from credentials c union all select to_jsonb(a)::text from audit a`,
  );
  expect(rows.map((row) => row.all).join('\n')).not.toContain(password);
});

test('only administrators set a way, or change a connection that has one', async () => {
  expect(await builder.call('POST', '/api/credentials', body({ baseUrl: null }))).toMatchObject({ status: 403, body: { path: 'via' } });
  const made = await make();
  for (const via of [{ kind: 'proxy', url: socks.url, username: 'ann' }, null])
    expect((await builder.call('PUT', `/api/credentials/${made.id}`, body({ via }))).status).toBe(403);
  expect((await builder.call('POST', '/api/agents', { name: 'x', allowedHosts: ['erp:80'] })).status).toBe(403);
});

test('an agent that connections go over is not removed, and what it may be asked for has a port', async () => {
  expect(await server.owner.call('POST', '/api/agents', { name: 'Bad', allowedHosts: ['erp.internal'] })).toMatchObject({ status: 400 });
  const agent = (await server.owner.call('POST', '/api/agents', { name: 'Plant', allowedHosts: ['ERP.internal:8080'] })).body;
  expect(agent).toMatchObject({ token: expect.stringMatching(/^hfa_/), allowedHosts: ['erp.internal:8080'], isHeard: false, seenAt: null });
  expect((await server.owner.call('POST', '/api/agents', { name: 'plant', allowedHosts: ['a:1'] })).status).toBe(409);
  const made = await make({ via: { kind: 'agent', agent: agent.id } });
  expect(made.via).toEqual({ kind: 'agent', agent: agent.id });
  expect(await server.owner.call('DELETE', `/api/agents/${agent.id}`)).toMatchObject({ status: 409 });
  expect(await tried(made.id)).toMatchObject({ ok: false, detail: expect.stringContaining('"Plant" has not been heard yet') });
  await server.owner.call('DELETE', `/api/credentials/${made.id}`);
  expect((await server.owner.call('DELETE', `/api/agents/${agent.id}`)).status).toBe(200);
  const question = { protocol: 7 };
  expect(await server.anonymous.call('POST', '/hooks/agents/work', question, { authorization: `Bearer ${agent.token}` })).toMatchObject({
    status: 401,
  });
});

test('an agent of another version is told who must be brought up to date', async () => {
  const { token } = (await server.owner.call('POST', '/api/agents', { name: 'Old', allowedHosts: ['erp:80'] })).body;
  const answer = await server.anonymous.call('POST', '/hooks/agents/work', { protocol: 7 }, { authorization: `Bearer ${token}` });
  expect(answer).toMatchObject({
    status: 415,
    body: { detail: expect.stringContaining('speaks protocol 7'), hint: expect.stringContaining('the server') },
  });
  const ask = (protocol: number) => server.anonymous.call('POST', '/hooks/agents/work', { protocol }, { authorization: `Bearer ${token}` });
  expect(await ask(agentProtocol - 1)).toMatchObject({ status: 415, body: { hint: expect.stringContaining('the agent') } });
  expect((await ask(agentProtocol)).status).toBe(400);
});
