import { createEgress, type Egress } from '@holdfast/egress';
import type { HoldfastError } from '@holdfast/errors';
import { startTwilioFake, type TwilioFake } from '@holdfast/test-kit/fakes';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ChannelAccount, PieceSend } from '../channel-adapter.ts';
import { explainStatus } from './explain-refusal.ts';
import { createSmsAdapter } from './sms-adapter.ts';

let egress: Egress;
let fake: TwilioFake;
beforeAll(() => {
  egress = createEgress({ limits: { connectMs: 60_000 } });
});
afterAll(() => egress.close());
beforeEach(async () => {
  fake = await startTwilioFake({ queueLimit: 24 });
});
afterEach(() => fake.close());

const ana = '+34600111222';
const account = (change: object = {}): ChannelAccount => ({
  id: 'ch_1',
  workspaceId: 'ws_1',
  kind: 'sms',
  name: 'SMS',
  config: {
    accountSid: fake.accountSid,
    from: fake.number,
    sendsMedia: true,
    webhookUrl: 'https://bots.example.com/hooks/channels/ch_1',
    ...change,
  },
  secret: fake.authToken,
});
const adapter = () => createSmsAdapter({ egress, apiUrls: { twilio: fake.url } });
const piece = (text: string) => ({ text, buttons: [], attachment: null });
const send = (change: Partial<PieceSend> = {}) =>
  adapter().send({
    account: account(),
    address: ana,
    key: 'step_1:',
    piece: piece('It left today.'),
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

describe('a text goes out', () => {
  test('from the number, with an address for its statuses that names our key', async () => {
    const { providerMessageId } = await send();
    expect(fake.accepted()).toMatchObject([
      {
        sid: providerMessageId,
        to: ana,
        from: fake.number,
        body: 'It left today.',
        statusCallback: 'https://bots.example.com/hooks/channels/ch_1?ref=step_1%3A',
      },
    ]);
  });

  test('through a messaging service', async () => {
    await send({ account: account({ from: '', messagingServiceSid: 'MG1' }) });
    expect(fake.accepted()).toHaveLength(1);
  });

  test('with a picture as MMS, or as a link where the number can’t', async () => {
    const picture = { text: 'Your bill', buttons: [], attachment: { kind: 'image' as const, fileId: 'file_1', name: 'bill.png' } };
    await send({ piece: picture });
    await send({ piece: picture, account: account({ sendsMedia: false }) });
    await send({ piece: { ...picture, text: '' }, account: account({ webhookUrl: '' }) });
    const link = /^https:\/\/bots\.example\.com\/hooks\/channels\/ch_1\?media=file_1&until=\d+&proof=[0-9a-f]{64}$/;
    const [mms, linked, bare] = fake.accepted();
    expect([mms?.body, mms?.mediaUrls.length]).toEqual(['Your bill', 1]);
    expect(mms?.mediaUrls[0]).toMatch(link);
    expect(linked?.body.split('\n')).toEqual(['Your bill', expect.stringMatching(link)]);
    expect(bare?.body).toBe('bill.png');
  });
});

describe('what Twilio says no with', () => {
  test.each([
    { code: 20003, becomes: 'channel.token' },
    { code: 20429, becomes: 'upstream.limited', after: 2_000 },
    { code: 20503, becomes: 'upstream.broken' },
    { code: 21211, becomes: 'send.suppressed' },
    { code: 21614, becomes: 'send.suppressed' },
    { code: 21408, becomes: 'channel.incomplete' },
    { code: 21606, becomes: 'channel.incomplete' },
    { code: 21608, becomes: 'channel.incomplete' },
    { code: 21610, becomes: 'send.opted-out' },
    { code: 21611, becomes: 'upstream.limited', after: 60_000 },
    { code: 21617, becomes: 'channel.content' },
    { code: 30001, becomes: 'upstream.limited', after: 60_000 },
    { code: 30002, becomes: 'channel.token' },
    { code: 30034, becomes: 'channel.incomplete' },
    { code: 63016, becomes: 'channel.content' },
  ])('$code means $becomes', async ({ code, becomes, after }) => {
    fake.fail({ kind: 'error', code });
    const error = await refusal(send());
    expect([error.code, error.retryAfterMs]).toEqual([becomes, after]);
    expect(error.detail).toContain(`(${code})`);
    expect(fake.accepted()).toEqual([]);
  });

  test.each([
    [30001, 'upstream.limited'],
    [30002, 'channel.token'],
    [30003, 'upstream.broken'],
    [30004, 'channel.blocked'],
    [30005, 'send.suppressed'],
    [30006, 'send.suppressed'],
    [30007, 'channel.content'],
    [30008, 'upstream.broken'],
    [30034, 'channel.incomplete'],
    [30036, 'upstream.broken'],
    [0, 'upstream.broken'],
  ])('%i as a later status means %s', (code, becomes) => expect(explainStatus(code, '').code).toBe(becomes));

  test('a full queue is told once more than ten hours of segments wait', async () => {
    // 24 segments, one of which leaves with every second.
    await send({ piece: piece('я'.repeat(1_600)) });
    expect(await refusal(send({ piece: piece('я'.repeat(1_600)) }))).toMatchObject({
      code: 'upstream.limited',
      extra: { scope: 'account' },
    });
  });

  test('a person who wrote STOP gets nothing', async () => {
    await fake.say(ana, 'stop');
    expect((await refusal(send())).code).toBe('send.opted-out');
  });
});

describe('an answer that is lost', () => {
  test.each(['cut-after', 'garbage'] as const)('by %s leaves open what happened, and Twilio’s list may say it', async (kind) => {
    fake.fail({ kind });
    const sentAt = new Date().toISOString();
    expect((await refusal(send())).code).toBe('upstream.ambiguous');
    const known = { account: account(), address: ana, key: 'step_1:', piece: piece('It left today.'), sentAt };
    expect(await adapter().reconcile?.(known)).toEqual({ providerMessageId: fake.accepted()[0]?.sid });
    expect(await adapter().reconcile?.({ ...known, piece: piece('Something else') })).toBeNull();
    expect(await adapter().reconcile?.({ ...known, sentAt: new Date(Date.now() - 600_000).toISOString() })).toBeNull();
    // Two alike: nobody can tell which of them it is.
    await send({ key: 'step_2:' });
    expect(await adapter().reconcile?.(known)).toBeNull();
  });

  test.each([
    ['cut-before', 'upstream.ambiguous'],
    ['server-error', 'upstream.ambiguous'],
    ['gateway', 'upstream.ambiguous'],
  ] as const)('by %s is %s, and nothing is in the list', async (kind, code) => {
    fake.fail({ kind });
    expect((await refusal(send())).code).toBe(code);
    const known = { account: account(), address: ana, key: 'step_1:', piece: piece('It left today.'), sentAt: new Date().toISOString() };
    expect(await adapter().reconcile?.(known)).toBeNull();
  });

  test('by a closed port means that nothing was sent', async () => {
    const gone = createSmsAdapter({ egress, apiUrls: { twilio: 'http://127.0.0.1:1' } });
    expect((await refusal(gone.send({ account: account(), address: ana, piece: piece('x'), loadFile: async () => null }))).code).toBe(
      'upstream.unreachable',
    );
  });
});
