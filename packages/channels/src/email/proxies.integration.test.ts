import { connect as connectTcp, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createEgress, type Egress } from '@holdfast/egress';
import type { HoldfastError } from '@holdfast/errors';
import {
  failureWithout,
  startCanary,
  startHttpProxy,
  startHttpService,
  startSocks5Proxy,
  type Canary,
  type FakeProxy,
  type ProxyOptions,
} from '@holdfast/test-kit/fakes';
import { imapServers, mailToken, readMails, smtpLogin, startSmtpSink, type ImapServer, type SmtpSink } from '@holdfast/test-kit/mail';
import { generate } from 'selfsigned';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createEmailAdapter } from './email-adapter.ts';
import { createEmailService, type EmailConnection } from './email-service.ts';

const password = 'proxy-pass-5be2';
const trusted = getCACertificates('default');
let egress: Egress;
let imap: ImapServer;
let sink: SmtpSink;
let second: SmtpSink;
let canary: Canary;
let certificate: { private: string; cert: string };
/** Names that this machine was asked for: those behind a proxy are none of its business. */
const looked: string[] = [];
const servers: Server[] = [];
const sockets = new Set<Socket>();
const open: { close: () => Promise<void> }[] = [];
const keep = <T extends { close: () => Promise<void> }>(one: T): T => (open.push(one), one);

beforeAll(async () => {
  egress = createEgress({ resolve: (host) => (looked.push(host), Promise.resolve([])), limits: { connectMs: 60_000 } });
  canary = await startCanary();
  certificate = await generate([{ name: 'commonName', value: 'mail.internal' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'mail.internal' }] }],
  });
  const [kind] = await imapServers();
  if (!kind) throw new Error('There is always one server.');
  imap = await kind.start();
  setDefaultCACertificates([...trusted, certificate.cert]);
});
beforeEach(async () => {
  [sink, second] = await Promise.all([startSmtpSink(), startSmtpSink()]);
});
afterEach(async () => {
  await Promise.all([sink.close(), second.close(), ...open.splice(0).map((each) => each.close())]);
  expect([looked, canary.touches]).toEqual([[], 0]);
});
afterAll(async () => {
  setDefaultCACertificates(trusted);
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  await Promise.all([egress.close(), imap.close(), canary.close()]);
});

/** TLS before a server that has none. */
async function tlsBefore(port: number): Promise<string> {
  const server = createTlsServer({ key: certificate.private, cert: certificate.cert }, (plain) => {
    const upstream = connectTcp(port, '127.0.0.1');
    sockets.add(upstream.on('error', () => undefined).on('close', () => plain.destroy()));
    sockets.add(plain.on('error', () => undefined).on('close', () => upstream.destroy()));
    plain.pipe(upstream).pipe(plain);
  });
  servers.push(server.on('tlsClientError', () => undefined));
  return listening(server);
}
async function listening(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

const failure = (asked: Promise<unknown>): Promise<HoldfastError> => failureWithout(password, asked);

const at = (port: number, security: 'none' | 'tls' | 'starttls' = 'none') => ({
  host: 'mail.internal',
  port,
  security,
  user: smtpLogin.user,
});
const service = () => createEmailService({ egress, askDns: async () => [] });
const context = { channelId: 'ch_1', webhookUrl: null, hookSecret: '', claim: async () => undefined };

/** `mail.internal` reads mail at 143, takes it at 25; `other.internal` at 26 is its second relay. */
const proxyWith = async (start: typeof startSocks5Proxy, names: ProxyOptions['names'] = {}): Promise<FakeProxy> =>
  keep(
    await start({
      login: { username: 'ann', password },
      names: {
        'mail.internal:143': `127.0.0.1:${imap.port}`,
        'mail.internal:25': `127.0.0.1:${sink.port}`,
        'mail.internal:26': `127.0.0.1:${second.port}`,
        ...names,
      },
    }),
  );
const way = (proxy: FakeProxy, change: object = {}) => ({ kind: 'proxy' as const, url: proxy.url, username: 'ann', password, ...change });
const connect = (proxy: FakeProxy, change: Partial<EmailConnection> = {}) =>
  service().connect(
    { address: 'support@kelp.test', imap: at(143), smtp: at(25), password: imap.password, via: way(proxy), ...change },
    context,
  );
const account = async (proxy: FakeProxy, relay: object | null = null, more: Partial<EmailConnection> = {}) => {
  const { config, secret } = await connect(proxy, more);
  return {
    id: 'ch_1',
    workspaceId: 'ws_1',
    kind: 'email',
    name: 'Support',
    config: { ...config, ...(relay ? { relay: { ...at(26), ...relay } } : {}) },
    secret: JSON.stringify({ ...JSON.parse(secret), relayPassword: smtpLogin.password }),
  };
};
const send = (given: Awaited<ReturnType<typeof account>>) =>
  createEmailAdapter({ egress }).send({
    account: given,
    address: 'ana@example.com#3f2a9c1b7d4e',
    key: 'step_1:',
    piece: { text: 'It left today.', buttons: [], attachment: null },
    thread: { subject: 'Order A-117', ids: ['m1@example.com'] },
    loadFile: async () => null,
  });
const askedOf = (proxy: FakeProxy) => [...new Set(proxy.asked.map(({ host, port, username }) => `${username}@${host}:${port}`))].toSorted();

test('a mailbox behind a proxy is read, sent by and filed by names that only the proxy knows, by the second relay too', async () => {
  const proxy = await proxyWith(startSocks5Proxy);
  const known = await account(proxy, {}, { savesSent: true });
  expect(JSON.stringify(known.config)).not.toContain(password);
  sink.refuse('data', 554, '5.7.1 Spam');
  await send(known);
  expect([sink.taken.length, second.taken.length]).toEqual([0, 1]);
  const sent = async () => (await readMails(imap, 'Sent')).length;
  await expect.poll(sent, { timeout: 30_000 }).toBeGreaterThan(0);
  expect(askedOf(proxy)).toEqual(['ann@mail.internal:143', 'ann@mail.internal:25', 'ann@mail.internal:26']);
});

test('the leg that failed is named, at the field that it is about', async () => {
  const proxy = await proxyWith(startSocks5Proxy);
  const legs: [Partial<EmailConnection>, string, string, string][] = [
    [
      { via: way(proxy, { url: `${new URL(proxy.url).protocol}//127.0.0.1:1` }) },
      'upstream.unreachable',
      'via.url',
      'The proxy 127.0.0.1:1 could not be reached',
    ],
    [{ via: way(proxy, { password: 'wrong' }) }, 'channel.token', 'via.password', 'did not accept our user name and password'],
    [{ imap: at(993) }, 'upstream.unreachable', 'via.url', 'could not reach mail.internal:993 behind it'],
    [{ smtp: at(587) }, 'upstream.unreachable', 'via.url', 'could not reach mail.internal:587 behind it'],
    [{ password: 'wrong' }, 'channel.token', 'password', 'The server mail.internal refused the password'],
    [{ smtp: at(25, 'starttls') }, 'upstream.unreachable', 'smtp.security', 'offers no encryption on port 25'],
  ];
  for (const [change, code, path, words] of legs)
    expect(await failure(connect(proxy, change)), words).toMatchObject({ code, path, detail: expect.stringContaining(words) });
  for (const fault of ['refuse', 'down', 'cut-opening'] as const) {
    proxy.misbehave(fault);
    expect(await failure(connect(proxy)), fault).toMatchObject({ code: 'upstream.unreachable', path: 'via.url' });
  }
  expect(sink.taken).toEqual([]);
});

test('both servers are verified by their own name from end to end', async () => {
  const [reads, sends] = [await tlsBefore(imap.port), await tlsBefore(sink.port)];
  const names = { 'mail.internal:993': reads, 'other.internal:993': reads, 'mail.internal:465': sends, 'other.internal:465': sends };
  const proxy = await proxyWith(startHttpProxy, names);
  expect((await connect(proxy, { imap: at(993, 'tls'), smtp: at(465, 'tls') })).status).toBe('active');
  const other = (port: number) => ({ ...at(port, 'tls'), host: 'other.internal' });
  for (const change of [{ imap: other(993) }, { smtp: other(465) }])
    expect(await failure(connect(proxy, change))).toMatchObject({ detail: expect.stringContaining('it is for another name') });
});

test('what is upgraded on the way is verified too, and what was sent and not answered is left open', async () => {
  const secure = keep(await startSmtpSink({ disabledCommands: [], key: certificate.private, cert: certificate.cert }));
  const proxy = await proxyWith(startSocks5Proxy, {
    'mail.internal:587': `127.0.0.1:${secure.port}`,
    'other.internal:587': `127.0.0.1:${secure.port}`,
  });
  const known = await account(proxy, null, { smtp: at(587, 'starttls') });
  await send(known);
  expect(secure.taken.length).toBe(1);
  expect(await failure(connect(proxy, { smtp: { ...at(587, 'starttls'), host: 'other.internal' } }))).toMatchObject({
    detail: expect.stringContaining('it is for another name'),
  });
  secure.cut('before-answer');
  expect(await failure(send(known))).toMatchObject({ code: 'upstream.ambiguous' });
});
test('a greeting that comes with the proxy’s last word is read', async () => {
  const greeting = await listening(
    createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      // A proxy and a mail server in one: what it says comes in one piece.
      socket.once('data', () => {
        socket.write(Buffer.from([5, 0]));
        socket.once('data', () => socket.write(Buffer.concat([Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]), Buffer.from('220 here\r\n')])));
      });
    }),
  );
  const socket = await egress.dialThrough({ kind: 'proxy', url: `socks5://${greeting}` }, { host: 'mail.internal', port: 25 });
  const first = await new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())));
  socket.destroy();
  expect(first).toBe('220 here\r\n');
});

test('the second relay may stand outside of that network; a token comes by the way', async () => {
  const tokens = keep(await startHttpService());
  tokens.on('POST /token', { status: 200, body: { access_token: mailToken, expires_in: 3_600 } });
  const proxy = keep(
    await startSocks5Proxy({
      names: {
        'mail.internal:143': `127.0.0.1:${imap.port}`,
        'mail.internal:25': `127.0.0.1:${sink.port}`,
        'login.internal:80': `127.0.0.1:${tokens.port}`,
      },
    }),
  );
  const oauth = { tokenUrl: 'http://login.internal/token', clientId: 'app', refreshToken: crypto.randomUUID() };
  const via = { kind: 'proxy' as const, url: proxy.url };
  const made = await service().connect({ address: 'support@kelp.test', imap: at(143), smtp: at(25), oauth, via }, context);
  const relay = { ...at(second.port), host: '127.0.0.1', isStraight: true };
  const account = { id: 'ch_1', workspaceId: 'ws_1', kind: 'email', name: 'Support', config: made.config, secret: made.secret };
  const secrets = { relayPassword: smtpLogin.password };
  // As without a way: at public addresses only.
  expect(await failure(service().change(account, { settings: { relay }, secrets }))).toMatchObject({ code: 'egress.blocked' });
  const allowing = createEgress({ allow: `127.0.0.1:${second.port}`, limits: { connectMs: 60_000 } });
  await createEmailService({ egress: allowing, askDns: async () => [] }).change(account, { settings: { relay }, secrets });
  await allowing.close();
  expect(second.logins.length).toBe(1);
  expect(new Set(proxy.asked.map(({ host, port }) => `${host}:${port}`))).toEqual(
    new Set(['login.internal:80', 'mail.internal:143', 'mail.internal:25']),
  );
});

test('a new way needs the mailbox’s password again and forgets the proxy’s; the same one keeps it', async () => {
  const names = { 'mail.internal:143': `127.0.0.1:${imap.port}`, 'mail.internal:25': `127.0.0.1:${sink.port}` };
  const [one, other] = [
    keep(await startSocks5Proxy({ login: { username: 'ann', password }, names })),
    keep(await startSocks5Proxy({ login: { username: 'ann', password }, names })),
  ];
  const given = { address: 'support@kelp.test', imap: at(143), smtp: at(25), password: imap.password };
  const made = await service().connect({ ...given, via: { kind: 'proxy', url: `${one.url}/`, username: 'ann', password } }, context);
  const account = { id: 'ch_1', workspaceId: 'ws_1', kind: 'email', name: 'Support', config: made.config, secret: made.secret };
  const via = (url: string) => ({ settings: { via: { kind: 'proxy', url, username: 'ann' } } });
  expect((await service().change(account, via(one.url.toUpperCase()))).secret).toContain(password);
  for (const change of [via(other.url), { settings: { via: null } }])
    expect(await failure(service().change(account, change))).toMatchObject({ code: 'request.invalid', path: 'secrets.password' });
  const again = { password: imap.password };
  expect(await failure(service().change(account, { ...via(other.url), secrets: again }))).toMatchObject({ path: 'via.password' });
  expect((await service().change(account, { ...via(other.url), secrets: { ...again, proxyPassword: password } })).config).toMatchObject({
    via: { url: other.url },
  });
  expect(await failure(service().change(account, { settings: { via: { kind: 'agent', id: 'agt_1' } }, secrets: again }))).toMatchObject({
    code: 'request.invalid',
  });
});
