import { createEgress, type Egress } from '@holdfast/egress';
import type { HoldfastError } from '@holdfast/errors';
import { startHttpService } from '@holdfast/test-kit/fakes';
import {
  deliverMail,
  imapServers,
  mailToken,
  readMails,
  smtpLogin,
  startCuttingProxy,
  startSmtpSink,
  type ImapServer,
  type SmtpSink,
} from '@holdfast/test-kit/mail';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ChannelAccount, PieceSend } from '../channel-adapter.ts';
import { createEmailAdapter } from './email-adapter.ts';
import { createEmailService, type EmailConnection } from './email-service.ts';
import { makeMailId } from './mail-ids.ts';
import { readMail } from './read-mail.ts';

let egress: Egress;
let sink: SmtpSink;
beforeAll(() => {
  egress = createEgress({ allow: '127.0.0.0/8', limits: { connectMs: 60_000 } });
});
afterAll(() => egress.close());
beforeEach(async () => {
  sink = await startSmtpSink();
});
afterEach(() => sink.close());

const server = (port: number) => ({ host: '127.0.0.1', port, security: 'none' as const, user: smtpLogin.user });
const account = (change: object = {}, secret: object = { password: smtpLogin.password }): ChannelAccount => ({
  id: 'ch_1',
  workspaceId: 'ws_1',
  kind: 'email',
  name: 'Support',
  config: { address: 'support@kelp.test', fromName: 'Kelp Shop', imap: server(1), smtp: server(sink.port), ...change },
  secret: JSON.stringify(secret),
});
const send = (change: Partial<PieceSend> = {}) =>
  createEmailAdapter({ egress }).send({
    account: account(),
    address: 'ana@example.com#3f2a9c1b7d4e',
    key: 'step_1:',
    piece: { text: 'It left today.', html: '<p>It left <b>today</b>.</p>', buttons: [], attachment: null },
    thread: { subject: 'Order A-117', ids: ['m1@example.com', 'm2@example.com'] },
    loadFile: async () => ({ name: 'bill.pdf', mimeType: 'application/pdf', content: Buffer.from('%PDF-') }),
    ...change,
  });
const refusal = async (sending: Promise<unknown>): Promise<HoldfastError> => {
  const thrown: unknown = await sending.then(
    () => 'it was sent',
    (error: unknown) => error,
  );
  return thrown as HoldfastError; // what every test below looks into
};
const taken = async (index = 0) => readMail(Buffer.from(sink.taken[index]?.source ?? '', 'latin1'));

describe('a mail goes out', () => {
  test('as text and HTML in its thread, with our own id, and says that a machine wrote it', async () => {
    const result = await send();
    const id = makeMailId('step_1:', '3f2a9c1b7d4e', 'kelp.test');
    expect(result).toEqual({ providerMessageId: id, thread: { subject: 'Order A-117', ids: ['m1@example.com', 'm2@example.com', id] } });
    expect(sink.taken[0]).toMatchObject({ from: 'support@kelp.test', to: ['ana@example.com'] });
    const mail = await taken();
    expect(mail).toMatchObject({
      mailId: id,
      from: { address: 'support@kelp.test', name: 'Kelp Shop' },
      subject: 'Re: Order A-117',
      inReplyTo: ['m2@example.com'],
      references: ['m1@example.com', 'm2@example.com'],
      said: 'It left today.',
    });
    expect(mail.headers.get('auto-submitted')).toBe('auto-replied');
    expect(mail.headers.get('x-auto-response-suppress')).toBe('All');
    expect(sink.taken[0]?.source).toContain('<b>today</b>');
  });

  test('with a person’s words without the marks of a machine', async () => {
    await send({ author: 'human' });
    expect((await taken()).headers.has('auto-submitted')).toBe(false);
  });

  test('with its subject where we write first, and the next one answers it', async () => {
    const piece = { text: 'Your order left.', buttons: [], attachment: null };
    const first = await send({ address: 'ana@example.com', thread: {}, piece: { ...piece, subject: 'Order A-117' } });
    await send({ address: 'ana@example.com', key: 'step_2:', thread: first.thread ?? {}, piece });
    await send({ address: 'ana@example.com', key: 'step_3:', thread: first.thread ?? {}, piece: { ...piece, subject: 'Order A-118' } });
    const [one, two, three] = [await taken(0), await taken(1), await taken(2)];
    expect([one.subject, two.subject, three.subject]).toEqual(['Order A-117', 'Re: Order A-117', 'Order A-118']);
    expect([one.references, two.references, three.references]).toEqual([[], [one.mailId], []]);
    expect(one.headers.get('auto-submitted')).toBe('auto-generated');
  });

  test('with files', async () => {
    await send({
      piece: {
        text: 'Your bill.',
        buttons: [],
        attachment: null,
        attachments: [{ kind: 'document', fileId: 'file_1', name: 'Factura nº 1.pdf' }],
      },
    });
    expect((await taken()).files).toMatchObject([{ name: 'Factura nº 1.pdf', mimeType: 'application/pdf' }]);
  });

  test('and nothing in a subject or a name can add a header', async () => {
    await send({
      account: account({ fromName: 'Kelp\r\nBcc: eve@evil.example' }),
      thread: { subject: 'Hi\r\nBcc: eve@evil.example', ids: ['m1@example.com'] },
    });
    expect((await taken()).headers.has('bcc')).toBe(false);
    expect(sink.taken[0]?.to).toEqual(['ana@example.com']);
  });
});

describe('a server that says no', () => {
  test.each([
    { at: 'recipient', code: 450, text: '4.7.1 Greylisted, try again in 300 seconds', becomes: 'send.deferred', after: 300_000 },
    { at: 'recipient', code: 451, text: '4.7.1 Please retry after 00:10:00', becomes: 'send.deferred', after: 600_000 },
    { at: 'recipient', code: 451, text: 'Temporary failure', becomes: 'send.deferred', after: undefined },
    { at: 'data', code: 452, text: '4.3.1 Insufficient storage', becomes: 'send.deferred', after: undefined },
    { at: 'sender', code: 421, text: '4.7.0 Too many messages, slow down', becomes: 'upstream.limited', after: 60_000 },
    { at: 'recipient', code: 550, text: '5.1.1 User unknown', becomes: 'send.suppressed', after: undefined },
    { at: 'recipient', code: 550, text: 'Mailbox not found', becomes: 'send.suppressed', after: undefined },
    { at: 'recipient', code: 554, text: '5.7.1 Rejected by policy', becomes: 'send.blocked', after: undefined },
    { at: 'recipient', code: 550, text: '5.7.133 Sender not authenticated for group', becomes: 'channel.content', after: undefined },
    { at: 'data', code: 554, text: '5.7.1 Looks like spam', becomes: 'send.blocked', after: undefined },
    { at: 'data', code: 552, text: '5.3.4 Message too big', becomes: 'channel.content', after: undefined },
    { at: 'sender', code: 553, text: '5.7.1 Sender address rejected: not owned by user', becomes: 'channel.incomplete', after: undefined },
    { at: 'login', code: 535, text: '5.7.8 Bad credentials', becomes: 'channel.token', after: undefined },
    { at: 'login', code: 454, text: '4.7.0 Temporary authentication failure', becomes: 'upstream.unreachable', after: undefined },
  ] as const)('$code $text at the $at means $becomes', async ({ at, code, text, becomes, after }) => {
    sink.refuse(at, code, text);
    const error = await refusal(send());
    expect(error.code).toBe(becomes);
    expect(error.detail).toContain(text);
    expect(error.retryAfterMs).toBe(after);
    expect(sink.taken).toEqual([]);
  });

  test('a mail that is larger than it takes is not even offered', async () => {
    const big = async () => ({ name: 'film.mp4', mimeType: 'video/mp4', content: Buffer.alloc(21 * 1024 * 1024) });
    expect(
      (await refusal(send({ loadFile: big, piece: { text: '', buttons: [], attachment: { kind: 'video', fileId: 'file_1' } } }))).code,
    ).toBe('channel.content');
  });
});

test('a server that repeats the password, as it is or as it heard it, is not quoted with it', async () => {
  const { password } = smtpLogin;
  const heard = Buffer.from(`\0${smtpLogin.user}\0${password}`).toString('base64');
  for (const at of ['login', 'recipient'] as const) {
    sink.refuse(at, 535, `5.7.8 Bad line: AUTH PLAIN ${heard} (${password})`);
    const { detail } = await refusal(send());
    expect(detail).toContain('Bad line');
    for (const secret of [password, heard]) expect(detail).not.toContain(secret);
  }
});

describe('a connection that is lost', () => {
  test('before the mail is complete means that nothing was sent', async () => {
    sink.cut('within-data');
    const big = async () => ({ name: 'film.mp4', mimeType: 'video/mp4', content: Buffer.alloc(10 * 1024 * 1024, 7) });
    const error = await refusal(send({ loadFile: big, piece: { text: '', buttons: [], attachment: { kind: 'video', fileId: 'file_1' } } }));
    expect(error.code).toBe('upstream.unreachable');
  });

  test('after the mail was complete means that nobody knows, and the Sent folder may', async () => {
    const [kind] = await imapServers();
    const imap = await kind?.start();
    if (!imap) throw new Error('There is always one server.');
    try {
      sink.cut('before-answer');
      const at = account({ imap: server(imap.port) });
      const known = {
        account: at,
        address: 'ana@example.com#3f2a9c1b7d4e',
        key: 'step_1:',
        piece: { text: '', buttons: [], attachment: null },
        sentAt: '',
      };
      expect((await refusal(send({ account: at }))).code).toBe('upstream.ambiguous');
      const { reconcile } = createEmailAdapter({ egress });
      expect(await reconcile?.(known)).toBeNull();
      await deliverMail(imap, [sink.taken[0]?.source ?? ''], 'Sent');
      expect(await reconcile?.(known)).toEqual({ providerMessageId: makeMailId('step_1:', '3f2a9c1b7d4e', 'kelp.test') });
      expect(await reconcile?.({ ...known, key: 'step_2:' })).toBeNull();
    } finally {
      await imap.close();
    }
  });
});

describe('connecting a mailbox', () => {
  let imap: ImapServer;
  beforeEach(async () => {
    const [kind] = await imapServers();
    if (!kind) throw new Error('There is always one server.');
    imap = await kind.start();
  });
  afterEach(() => imap.close());
  const connection = (change: Partial<EmailConnection> = {}): EmailConnection => ({
    address: 'Support@kelp.test',
    imap: server(imap.port),
    smtp: server(sink.port),
    password: imap.password,
    ...change,
  });
  const context = { channelId: 'ch_1', webhookUrl: null, hookSecret: '', claim: async () => undefined };
  const connect = (change: Partial<EmailConnection> = {}, through = egress) =>
    createEmailService({ egress: through, askDns: async () => [] }).connect(connection(change), context);

  test('looks into it and tries to send before it is kept', async () => {
    const made = await connect({ afterReading: 'move', moveTo: 'Done' });
    expect(made).toMatchObject({ status: 'active', config: { address: 'support@kelp.test', savesSent: true }, facts: { idle: true } });
    expect(JSON.stringify(made.config)).not.toContain(imap.password);
    expect(await readMails(imap, 'Done')).toEqual([]);
  });

  test.each([
    {
      name: 'a wrong password',
      change: { password: 'wrong' },
      code: 'channel.token',
      says: 'The server 127.0.0.1 refused the password for support@kelp.test',
      path: 'password',
    },
    {
      name: 'a wrong password for sending',
      change: { smtpPassword: 'wrong' },
      code: 'channel.token',
      says: 'Reading works, sending does not.',
      path: 'smtpPassword',
    },
    {
      name: 'a folder that is not there',
      change: { folders: ['Help'] },
      code: 'channel.incomplete',
      says: 'The mailbox has no folder "Help".',
      path: 'folders',
    },
    {
      name: 'a port where nobody listens',
      change: { imap: server(1) },
      code: 'upstream.unreachable',
      says: 'Nothing answers on 127.0.0.1, port 1.',
      path: 'imap.port',
    },
  ])('names $name', async ({ change, code, says, path }) => {
    const error = await refusal(connect(change));
    expect(error).toMatchObject({ code, path });
    expect(error.detail).toContain(says);
  });

  test('names TLS where there is none, and no encryption where it is wanted', async () => {
    expect(await refusal(connect({ imap: { ...server(imap.port), security: 'tls' } }))).toMatchObject({
      code: 'upstream.unreachable',
      path: 'imap.security',
    });
    const plain = await refusal(connect({ smtp: { ...server(sink.port), security: 'starttls' } }));
    expect(plain).toMatchObject({ code: 'upstream.unreachable', path: 'smtp.security' });
    expect(plain.detail).toContain('offers no encryption');
    expect(sink.logins).toEqual([]);
  });

  test('reaches no address inside unless it is allowed', async () => {
    const canary = await startCuttingProxy(imap.port);
    const guarded = createEgress();
    try {
      expect(await refusal(connect({ imap: server(canary.port) }, guarded))).toMatchObject({ code: 'egress.blocked' });
      expect(canary.open()).toBe(0);
    } finally {
      await guarded.close();
      await canary.close();
    }
  });

  test('with OAuth2 asks for a token, once, and logs in with it', async () => {
    const tokens = await startHttpService();
    tokens.on('POST /token', { status: 200, body: { access_token: mailToken, expires_in: 3_600 } });
    const oauth = { tokenUrl: `${tokens.url}/token`, clientId: 'app', refreshToken: 'refresh-1' };
    try {
      const { config } = await connect({ oauth });
      expect(JSON.stringify(config)).not.toContain('refresh-1');
      const { refreshToken, ...shown } = oauth;
      await send({ account: account({ oauth: shown }, { refreshToken }) });
      expect(new Set(sink.logins)).toEqual(new Set([`${smtpLogin.user}:${mailToken}`]));
      expect(tokens.received.map(({ body }) => body)).toEqual(['grant_type=refresh_token&refresh_token=refresh-1&client_id=app']);
    } finally {
      await tokens.close();
    }
  });

  test('takes no refresh token to where the token’s address redirects', async () => {
    const tokens = await startHttpService();
    tokens.on('POST /token', { status: 307, headers: { location: `${tokens.url}/elsewhere` } });
    try {
      const oauth = { tokenUrl: `${tokens.url}/token`, clientId: 'other', refreshToken: 'refresh-2' };
      expect(await refusal(connect({ oauth }))).toMatchObject({ code: 'upstream.refused' });
      expect(tokens.received.map(({ path }) => path)).toEqual(['/token']);
    } finally {
      await tokens.close();
    }
  });
});

test('a copy goes into Sent where the server does not file by itself', async () => {
  const [kind] = await imapServers();
  const imap = await kind?.start();
  if (!imap) throw new Error('There is always one server.');
  try {
    await send({ account: account({ imap: server(imap.port), savesSent: true }) });
    await expect.poll(() => readMails(imap, 'Sent')).toMatchObject([{ flags: ['\\seen'] }]);
  } finally {
    await imap.close();
  }
});
