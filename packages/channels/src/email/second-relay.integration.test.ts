import { createEgress, type Egress } from '@holdfast/egress';
import type { HoldfastError } from '@holdfast/errors';
import { smtpLogin, startSmtpSink, type SmtpSink } from '@holdfast/test-kit/mail';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ChannelAccount, PieceSend } from '../channel-adapter.ts';
import { createEmailAdapter } from './email-adapter.ts';
import { makeMailId } from './mail-ids.ts';
import { readMail } from './read-mail.ts';

let egress: Egress;
let sink: SmtpSink;
let second: SmtpSink;
beforeAll(() => {
  egress = createEgress({ allow: '127.0.0.0/8', limits: { connectMs: 60_000 } });
});
afterAll(() => egress.close());
beforeEach(async () => {
  [sink, second] = await Promise.all([startSmtpSink(), startSmtpSink()]);
});
afterEach(async () => {
  await Promise.all([sink.close(), second.close()]);
});

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
    piece: { text: 'It left today.', buttons: [], attachment: null },
    thread: { subject: 'Order A-117', ids: ['m1@example.com'] },
    loadFile: async () => null,
    ...change,
  });
const refusal = async (sending: Promise<unknown>): Promise<HoldfastError> => {
  const thrown: unknown = await sending.then(
    () => 'it was sent',
    (error: unknown) => error,
  );
  return thrown as HoldfastError; // what every test below looks into
};

const both = (change: object = {}) => ({ relay: { ...server(second.port), ...change } });
const secrets = { password: smtpLogin.password, relayPassword: smtpLogin.password };
const sendBy = (change: Partial<PieceSend> = {}, relay: object = {}) => send({ account: account(both(relay), secrets), ...change });
const id = makeMailId('step_1:', '3f2a9c1b7d4e', 'kelp.test');

test.each([
  ['recipient', 550, '5.7.1 Service unavailable; client host blocked using Spamhaus'],
  ['recipient', 554, 'Your access to this mail system has been rejected due to poor reputation'],
  ['data', 554, '5.7.1 Message rejected as spam by content filter'],
] as const)('takes what is blocked at the %s (%s %s), under the same id', async (at, code, text) => {
  sink.refuse(at, code, text);
  expect(await sendBy()).toMatchObject({ providerMessageId: id });
  expect([sink.taken.length, second.taken.length]).toEqual([0, 1]);
  expect(await readMail(Buffer.from(second.taken[0]?.source ?? '', 'latin1'))).toMatchObject({
    mailId: id,
    from: { address: 'support@kelp.test' },
  });
});

test.each([
  ['recipient', 450, '4.7.1 Greylisted', 'send.deferred'],
  ['recipient', 550, '5.1.1 User unknown', 'send.suppressed'],
  ['recipient', 550, '5.7.133 Not authorized to send to the recipient group', 'channel.content'],
  ['data', 552, '5.3.4 Message too big', 'channel.content'],
  ['login', 535, '5.7.8 Bad credentials', 'channel.token'],
] as const)('is not asked when the %s is answered %s %s', async (at, code, text, becomes) => {
  sink.refuse(at, code, text);
  expect((await refusal(sendBy())).code).toBe(becomes);
  expect(second.logins).toEqual([]);
});

test('a second relay never gets what the first one may have taken', async () => {
  sink.cut('before-answer');
  expect((await refusal(sendBy())).code).toBe('upstream.ambiguous');
  expect(second.logins).toEqual([]);
});

test('a second relay says so when it blocks the mail too; and that it does not know when it is cut', async () => {
  sink.refuse('data', 554, '5.7.1 Spam');
  second.refuse('data', 554, '5.7.1 No thanks');
  const refused = await refusal(sendBy());
  expect(refused.code).toBe('send.blocked');
  expect(refused.detail).toMatch(/Spam.*The second relay:.*No thanks/s);
  sink.refuse('data', 554, '5.7.1 Spam');
  second.cut('before-answer');
  expect((await refusal(sendBy())).code).toBe('upstream.ambiguous');
});

test('a second relay with a wrong password stops nothing that the first one takes', async () => {
  const at = account(both(), { password: smtpLogin.password, relayPassword: 'wrong' });
  await send({ account: at });
  sink.refuse('data', 554, '5.7.1 Spam');
  expect(await refusal(send({ account: at }))).toMatchObject({
    code: 'send.blocked',
    detail: expect.stringContaining('refused the password'),
  });
});

test('a second relay sends as who it may, and answers still come to us', async () => {
  sink.refuse('data', 554, '5.7.1 Spam');
  await sendBy({}, { from: 'kelp@relay.example' });
  expect(second.taken[0]?.from).toBe('kelp@relay.example');
  expect(second.taken[0]?.source).toMatch(/^Reply-To: .*support@kelp\.test/m);
});

test('a second relay gets at once what came back blocked, and both are known by name to whom guards them', async () => {
  const keys: string[] = [];
  const adapter = createEmailAdapter({
    egress,
    guard: (call, perform) => {
      keys.push(call.key);
      return perform();
    },
  });
  const given = {
    address: 'ana@example.com#3f2a9c1b7d4e',
    piece: { text: 'Hi', buttons: [], attachment: null },
    loadFile: async () => null,
  };
  const at = account(both({ user: 'other@relay.example' }), { ...secrets });
  second.refuse('login', 454, '4.7.0 Later');
  expect((await refusal(adapter.send({ ...given, account: at, key: 'step_1:~2' }))).code).toBe('upstream.unreachable');
  await adapter.send({ ...given, account: account(both(), secrets), key: 'step_1:~2' });
  expect([sink.taken.length, second.taken.length]).toEqual([0, 1]);
  expect(second.taken[0]?.source).toContain(`<${id}>`);
  expect(keys).toEqual(['smtp:other@relay.example (127.0.0.1)', 'smtp:support@kelp.test (127.0.0.1)']);
});
