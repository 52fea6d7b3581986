import { createAdapters } from '@holdfast/channels';
import { newId } from '@holdfast/db';
import { createEgress, type Egress } from '@holdfast/egress';
import type { JsonObject, OutgoingMessage } from '@holdfast/node-kit';
import { startTwilioFake, startWhatsAppFake, type TwilioFake, type WhatsAppFake } from '@holdfast/test-kit/fakes';
import { smtpLogin, startSmtpSink, type SmtpSink } from '@holdfast/test-kit/mail';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { applyStatuses, sendStatusOf } from './apply-statuses.ts';
import type { Delivery } from './step-send.ts';
import { openWorld, token, type World } from './test/test-world.ts';

// The provider reference's tables, row by row: the fake answers it, and this is what the product does: with the message, with the next one to the same person, with
// everybody else, and with the channel.

/** A provider that says for how long says so here: nothing that stands still outlasts it. */
const retryAfter = 300;

let world: World;
let egress: Egress;
let whatsapp: WhatsAppFake;
let twilio: TwilioFake;
let smtp: SmtpSink;
let delivery: Delivery;
let channelId: string;
let nth = 0;

beforeAll(async () => {
  world = await openWorld();
  egress = createEgress({ allow: '127.0.0.0/8', limits: { connectMs: 60_000 } });
  [whatsapp, twilio, smtp] = await Promise.all([startWhatsAppFake(), startTwilioFake(), startSmtpSink()]);
  const apiUrls = { telegram: world.fake.url, whatsapp: whatsapp.url, twilio: twilio.url };
  delivery = world.newDelivery({ maxWaitMs: 30_000, adapters: createAdapters({ egress, apiUrls }) });
});
afterAll(async () => {
  await egress.close();
  await Promise.all([whatsapp.close(), twilio.close(), smtp.close()]);
  await world.close();
});

const rows = async (sql: string, values: unknown[]) => (await world.pool.query(sql, values)).rows;
const adapters = () => createAdapters({ egress });

async function newChannel(kind: string, config: object, secret: string): Promise<void> {
  nth += 1;
  channelId = newId('channel');
  await world.pool.query(
    `insert into channels (id, workspace_id, kind, name, config, secret, key_id) values ($1, 'ws_1', $2, 'Shop', $3, $4, 'k')`,
    // Fast enough that nothing but the provider's own words makes anybody wait.
    [
      channelId,
      kind,
      JSON.stringify({ limits: { perSecond: 500, chatBurst: 50, consent: 'not-required' }, ...config }),
      Buffer.from(secret),
    ],
  );
}

let people = 0;
/** Somebody who has just written, with an address of their own. */
async function person(address?: string): Promise<string> {
  people += 1;
  const id = newId('conversation');
  await world.pool.query(
    `insert into conversations (id, workspace_id, channel_id, contact_id, address, last_in_at, window_until) values ($1, 'ws_1', $2, 'cont_1', $3, now(), now() + interval '24 hours')`,
    [id, channelId, address ?? `+2547${String(10_000_000 + people)}`],
  );
  return id;
}

async function send(
  conversation: string,
  message: Partial<OutgoingMessage> = {},
): Promise<{ state: string; code?: string; messageId?: string }> {
  const run = await world.newRun(conversation);
  return delivery
    .sendForStep(world.send(run, conversation, { text: 'hello', ...message }))
    .catch((error: { code: string }) => ({ state: 'thrown', code: error.code }));
}
const outcome = async (conversation: string, message?: Partial<OutgoingMessage>): Promise<string> => {
  const { state, code } = await send(conversation, message);
  return code === undefined ? state : `${state} ${code}`;
};

/** What is known afterwards; what is as it always was is left out. */
async function learned(conversation: string): Promise<object> {
  const [row] = await rows(
    `select c.status as channel, c.automation_paused is not null as paused, v.unreachable ->> 'code' as unreachable, v.capped_until > now() as capped, v.window_until <= now() as closed,
        (select o.purpose from opt_outs o where o.address = v.address) as "optedOut", (select s.reason from suppressions s where s.address = split_part(v.address, '#', 1)) as suppressed,
        (select t.status from message_templates t where t.channel_id = c.id) as template, (select count(*)::int from alerts a where a.subject = c.id) as alerts
       from conversations v join channels c on c.id = v.channel_id where v.id = $1`,
    [conversation],
  );
  const usual: Record<string, unknown> = {
    channel: 'active',
    paused: false,
    closed: false,
    capped: false,
    template: 'approved',
    alerts: 0,
  };
  return Object.fromEntries(Object.entries(row ?? {}).filter(([name, value]) => value !== null && value !== usual[name]));
}

interface Expected {
  first: string;
  again: string;
  others: string;
  learned: object;
}
const refused = (code: string, more: Partial<Expected> = {}): Expected => ({
  first: `refused ${code}`,
  again: 'accepted',
  others: 'accepted',
  learned: {},
  ...more,
});
const stopped = (code: string): Expected => ({
  first: `later ${code}`,
  again: `later ${code}`,
  others: `later ${code}`,
  learned: { channel: 'broken', alerts: 1 },
});
const waits = (others: string): Expected => ({ first: 'later upstream.limited', again: 'later upstream.limited', others, learned: {} });
const tried: Expected = { first: 'thrown upstream.broken', again: 'accepted', others: 'accepted', learned: {} };

/** What the product does: with this message, then with the next to the same person, then with somebody else's. */
async function rowOf(
  conversation: string,
  { message, another }: { message?: Partial<OutgoingMessage>; another?: string } = {},
): Promise<Expected> {
  const found = { first: await outcome(conversation, message), learned: await learned(conversation) };
  return { ...found, again: await outcome(conversation, message), others: await outcome(another ?? (await person())) };
}

const template = { name: 'left', language: 'en', parameters: { '1': 'Ana' } };
async function withTemplate(conversation: string): Promise<void> {
  await world.pool.query(`update conversations set window_until = now() - interval '1 minute' where id = $1`, [conversation]);
}

describe('WhatsApp (§1.6)', () => {
  beforeEach(async () => {
    const number = whatsapp.addNumber({
      phoneNumberId: String(1_000_000_000_000 + nth),
      wabaId: String(2_000_000_000_000 + nth),
      token: `EAA-${nth}`,
    });
    const components = [{ type: 'BODY', text: 'Hello {{1}}' }];
    number.templates = [
      { id: '1', name: 'left', language: 'en', category: 'UTILITY', status: 'APPROVED', parameter_format: 'POSITIONAL', components },
    ];
    const { phoneNumberId, wabaId, token: access, appSecret } = number;
    await newChannel('whatsapp', { phoneNumberId, wabaId }, JSON.stringify({ token: access, appSecret }));
    await world.pool.query(
      `insert into message_templates (workspace_id, channel_id, name, language, provider_id, category, status, components) values ('ws_1', $1, 'left', 'en', '1', 'utility', 'approved', $2)`,
      [channelId, JSON.stringify(components)],
    );
    fail = (code) => whatsapp.fail({ kind: 'error', code, more: limited.includes(code) ? { retryAfter } : {} }, phoneNumberId);
    takenIds = () => number.accepted.map(({ id }) => id);
    number.lastInboundAt.get = () => Date.now();
  });
  const limited = [4, 80007, 130429, 131057, 131056];
  let fail: (code: number) => void;
  let takenIds: () => string[];

  const table: [number, Expected][] = [
    ...[0, 190, 3, 10, 200, 299, 131031, 368, 133010, 133016].map((code): [number, Expected] => [code, stopped('channel.token')]),
    ...[4, 80007, 130429, 131057].map((code): [number, Expected] => [code, waits('later upstream.limited')]),
    [131056, waits('accepted')],
    ...[131000, 131016, 1, 2].map((code): [number, Expected] => [code, tried]),
    [
      131048,
      {
        first: 'thrown send.quality',
        again: 'later send.quality',
        others: 'later send.quality',
        learned: { paused: true, alerts: 1 },
      },
    ],
    [131049, refused('channel.capped', { learned: { capped: true } })],
    [130472, refused('channel.capped', { learned: { capped: true } })],
    [131050, refused('send.opted-out', { learned: { optedOut: 'marketing' } })],
    [131047, refused('send.window', { again: 'refused send.window', learned: { closed: true } })],
    [131026, refused('channel.unreachable')],
    ...[131051, 131052, 131053, 131008, 131009, 100].map((code): [number, Expected] => [code, refused('channel.content')]),
    [130497, refused('channel.refused', { learned: { alerts: 1 } })],
  ];
  test.each(table)('%i as the answer to a send', async (code, expected) => {
    fail(code);
    expect(await rowOf(await person())).toEqual(expected);
  });

  test.each([
    [132000, refused('send.template', { learned: { closed: true } })],
    [132005, refused('send.template', { learned: { closed: true } })],
    [132007, refused('send.template', { learned: { closed: true } })],
    [132012, refused('send.template', { learned: { closed: true } })],
    [132001, refused('send.template', { again: 'refused send.template', learned: { closed: true, template: 'deleted', alerts: 1 } })],
    [132015, refused('send.template', { again: 'refused send.template', learned: { closed: true, template: 'paused', alerts: 1 } })],
    [132016, refused('send.template', { again: 'refused send.template', learned: { closed: true, template: 'disabled', alerts: 1 } })],
  ])('%i to a template', async (code, expected) => {
    const conversation = await person();
    await withTemplate(conversation);
    fail(code);
    expect(await rowOf(conversation, { message: { template } })).toEqual(expected);
  });

  /** Meta takes it and fails later, by a status. */
  async function failLater(conversation: string, code: number): Promise<void> {
    const before = takenIds().length;
    expect(await outcome(conversation)).toBe('accepted');
    const [id] = takenIds().slice(before);
    const status = { id, status: 'failed', timestamp: '1795392060', recipient_id: '1', errors: [{ code, title: 'no' }] };
    const value = { messaging_product: 'whatsapp', metadata: { phone_number_id: '1' }, statuses: [status] };
    const envelope = { object: 'whatsapp_business_account', entry: [{ id: '1', changes: [{ field: 'messages', value }] }] };
    const events = adapters()('whatsapp')?.parseUpdate(envelope as unknown as JsonObject, { config: {} }) ?? []; // written as JSON
    await applyStatuses(
      world.pool,
      events.flatMap((event) => {
        const report = sendStatusOf({ id: channelId, workspaceId: 'ws_1' }, event);
        return report
          ? [{ ...report, problem: { ...report.problem, ...(limited.includes(code) ? { retryAfterMs: retryAfter * 1_000 } : {}) } }]
          : [];
      }),
    );
  }
  test.each<[number, Omit<Expected, 'first'>]>([
    [131031, { again: 'later channel.token', others: 'later channel.token', learned: { channel: 'broken', alerts: 1 } }],
    [130429, { again: 'later upstream.limited', others: 'later upstream.limited', learned: {} }],
    [131056, { again: 'later upstream.limited', others: 'accepted', learned: {} }],
    [131048, { again: 'later send.quality', others: 'later send.quality', learned: { paused: true, alerts: 1 } }],
    [131049, { again: 'accepted', others: 'accepted', learned: { capped: true } }],
    [131050, { again: 'accepted', others: 'accepted', learned: { optedOut: 'marketing' } }],
    [131047, { again: 'refused send.window', others: 'accepted', learned: { closed: true } }],
    [131026, { again: 'accepted', others: 'accepted', learned: {} }],
    [131053, { again: 'accepted', others: 'accepted', learned: {} }],
    [131000, { again: 'accepted', others: 'accepted', learned: {} }],
  ])('%i as a later status', async (code, expected) => {
    const conversation = await person();
    await failLater(conversation, code);
    const found = { learned: await learned(conversation) };
    expect({ ...found, again: await outcome(conversation), others: await outcome(await person()) }).toEqual(expected);
  });

  test('131026 is believed the third time in a row, and forgotten when they write', async () => {
    const conversation = await person();
    fail(131026);
    expect(await outcome(conversation)).toBe('refused channel.unreachable');
    await failLater(conversation, 131026);
    expect(await learned(conversation)).toEqual({});
    fail(131026);
    expect(await outcome(conversation)).toBe('refused channel.unreachable');
    expect(await learned(conversation)).toEqual({ unreachable: 'channel.unreachable' });
    const taken = takenIds().length;
    expect(await outcome(conversation)).toBe('refused channel.unreachable');
    expect(takenIds()).toHaveLength(taken);
  });

  test.each([131049, 130472])('%i keeps marketing from this person for a day, without asking Meta again', async (code) => {
    const conversation = await person();
    fail(code);
    expect(await outcome(conversation, { purpose: 'marketing' })).toBe('refused channel.capped');
    expect(await outcome(conversation, { purpose: 'marketing' })).toBe('refused channel.capped');
    expect(takenIds()).toEqual([]);
    expect(await outcome(await person(), { purpose: 'marketing' })).toBe('accepted');
  });
});

describe('Telegram (§2.2)', () => {
  let chat: string;
  beforeEach(async () => {
    await newChannel('telegram', {}, token);
    chat = String(700_000 + (people += 1));
    for (const id of [chat, `${chat}1`]) world.fake.bot(token).chats.set(id, { isGroup: false });
  });
  const gone = (code: string): Expected => refused(code, { again: `refused ${code}`, learned: { unreachable: code } });
  test.each<[string, Expected]>([
    ['Forbidden: bot was blocked by the user', gone('channel.blocked')],
    ['Forbidden: user is deactivated', gone('channel.blocked')],
    ['Forbidden: bot was kicked from the group chat', gone('channel.unreachable')],
    ['Forbidden: bot was kicked from the supergroup chat', gone('channel.unreachable')],
    ['Forbidden: bot was kicked from the channel chat', gone('channel.unreachable')],
    ['Forbidden: bot is not a member of the supergroup chat', gone('channel.unreachable')],
    ['Forbidden: the group chat was deleted', gone('channel.unreachable')],
    ['Bad Request: chat not found', gone('channel.unreachable')],
    ['Bad Request: message is too long', refused('channel.content')],
    ['Bad Request: message is not modified: nothing new', { first: 'accepted', again: 'accepted', others: 'accepted', learned: {} }],
    ['Unauthorized', stopped('channel.token')],
  ])('%s', async (description, expected) => {
    world.fake.fail(token, { kind: 'refused', description, chat });
    expect(await rowOf(await person(chat), { another: await person(`${chat}1`) })).toEqual(expected);
  });
  test('429 holds that chat for as long as Telegram asks, and nobody else', async () => {
    world.fake.fail(token, { kind: 'limited', retryAfter, chat });
    expect(await rowOf(await person(chat), { another: await person(`${chat}1`) })).toEqual(waits('accepted'));
  });
  test('500 is worth another try', async () => {
    world.fake.fail(token, { kind: 'server-error', chat });
    expect(await rowOf(await person(chat), { another: await person(`${chat}1`) })).toEqual(tried);
  });
  test('a text that Telegram can’t read goes out without its formatting', async () => {
    world.fake.fail(token, { kind: 'refused', description: "Bad Request: can't parse entities: odd", chat });
    const conversation = await person(chat);
    expect(await outcome(conversation, { text: '**hello**', format: 'rich' })).toBe('accepted');
    expect(world.fake.accepted(token).find((one) => one.chat === chat)?.payload).not.toHaveProperty('entities');
  });
});

describe('Twilio (§4)', () => {
  beforeEach(async () => {
    const { accountSid, number: from } = twilio;
    await newChannel('sms', { accountSid, from, sendsMedia: true, webhookUrl: 'https://bots.example.com/h' }, twilio.authToken);
  });
  const dead = refused('send.suppressed', { again: 'refused send.suppressed', learned: { suppressed: 'bounced' } });
  test.each<[number, Expected]>([
    [20429, waits('later upstream.limited')],
    [21211, dead],
    [21614, dead],
    [21608, refused('channel.incomplete')],
    [21610, refused('send.opted-out', { again: 'refused send.opted-out', learned: { optedOut: 'service' } })],
    [21611, waits('later upstream.limited')],
    [30001, waits('later upstream.limited')],
    [30002, stopped('channel.token')],
    [30003, tried],
    [30004, refused('channel.blocked', { again: 'refused channel.blocked', learned: { unreachable: 'channel.blocked' } })],
    [30005, dead],
    [30006, dead],
    [30007, refused('channel.content')],
    [30008, tried],
    [30034, refused('channel.incomplete')],
    [30036, tried],
    [20003, stopped('channel.token')],
    [63016, refused('channel.content')],
  ])('%i', async (code, expected) => {
    twilio.fail({ kind: 'error', code, ...([20429, 21611, 30001].includes(code) ? { retryAfter } : {}) });
    expect(await rowOf(await person())).toEqual(expected);
  });
});

describe('email (§3)', () => {
  let mailbox: string;
  beforeEach(async () => {
    const server = { host: '127.0.0.1', security: 'none', user: smtpLogin.user };
    const config = { address: 'support@kelp.test', imap: { ...server, port: 1 }, smtp: { ...server, port: smtp.port } };
    await newChannel('email', config, JSON.stringify({ password: smtpLogin.password }));
    mailbox = `ana${(people += 1)}@example.com`;
  });
  // One mail of one person is put off, and nothing else.
  const deferred: Expected = { first: 'later send.deferred', again: 'accepted', others: 'accepted', learned: {} };
  const dead = refused('send.suppressed', { again: 'refused send.suppressed', learned: { suppressed: 'bounced' } });
  test.each<['recipient' | 'data' | 'sender' | 'login', number, string, Expected]>([
    ['recipient', 450, '4.7.1 Greylisted, try again', deferred],
    ['data', 452, '4.3.1 Insufficient storage', deferred],
    ['sender', 421, '4.7.0 Too many messages', waits('later upstream.limited')],
    ['recipient', 550, '5.1.1 User unknown', dead],
    ['recipient', 550, 'Mailbox not found', dead],
    ['recipient', 554, '5.7.1 Rejected by policy', refused('send.blocked')],
    ['data', 552, '5.3.4 Message too big', refused('channel.content')],
    ['sender', 553, '5.7.1 Sender address rejected: not owned by user', refused('channel.incomplete')],
    ['login', 535, '5.7.8 Bad credentials', stopped('channel.token')],
  ])('at the %s: %i %s', async (at, code, text, expected) => {
    smtp.refuse(at, code, text);
    expect(await rowOf(await person(mailbox), { another: await person(`b${mailbox}`) })).toEqual(expected);
  });

  /** A bounce (RFC 3464) of the mail that was just taken, as the mailbox reads it. */
  async function bounce(conversation: string, code: string): Promise<void> {
    const { messageId = '' } = await send(conversation);
    const [{ id }] = await rows('select provider_message_id as id from messages where id = $1', [messageId]);
    await applyStatuses(world.pool, [
      {
        workspaceId: 'ws_1',
        channelId,
        providerMessageId: id,
        reference: null,
        status: 'failed',
        at: new Date().toISOString(),
        problem: { code, detail: 'The mail came back.' },
        price: null,
      },
    ]);
  }
  test('a bounce that says that nobody is there (5.1.1) ends the address', async () => {
    const conversation = await person(mailbox);
    await bounce(conversation, 'send.suppressed');
    expect(await learned(conversation)).toEqual({ suppressed: 'bounced' });
    expect(await outcome(conversation)).toBe('refused send.suppressed');
  });
  test('another bounce (5.2.2, 4.4.7) is counted over all threads with the address, and ends it the third time', async () => {
    const [one, two] = [await person(mailbox), await person(`${mailbox}#3f2a9c1b7d4e`)];
    for (const thread of [one, two]) await bounce(thread, 'channel.unreachable');
    expect(await learned(one)).toEqual({});
    await bounce(one, 'channel.unreachable');
    expect(await learned(two)).toEqual({ suppressed: 'unreachable' });
    expect(await outcome(two)).toBe('refused send.suppressed');
  });
});

describe('what failed on its way for a reason that passes', () => {
  beforeEach(async () => {
    const { accountSid, number: from } = twilio;
    await newChannel('sms', { accountSid, from, sendsMedia: true, webhookUrl: 'https://bots.example.com/h' }, twilio.authToken);
  });
  const report = (messageSid: string, status: 'failed' | 'delivered') => ({
    workspaceId: 'ws_1',
    channelId,
    providerMessageId: messageSid,
    reference: null,
    status,
    at: new Date().toISOString(),
    problem: status === 'failed' ? { code: 'upstream.broken', detail: 'The phone is switched off or out of reach. (30003)' } : null,
    price: null,
  });
  const message = async (id: string) =>
    (await rows('select status, problem ->> $2 as problem from messages where id = $1', [id, 'code']))[0];
  const sids = (from: number) =>
    twilio
      .accepted()
      .slice(from)
      .map(({ sid }) => sid);
  /** Its time has come. */
  const hurry = () => world.pool.query(`update effects set not_before = now() where channel_id = $1 and state = 'planned'`, [channelId]);

  test('is sent again by itself, three times, each a new message; then it has failed', async () => {
    const from = twilio.accepted().length;
    const { messageId = '' } = await send(await person());
    const dispatcher = delivery.startDispatcher();
    try {
      for (const tries of [1, 2, 3]) {
        await applyStatuses(world.pool, [report(sids(from).at(-1) ?? '', 'failed')]);
        expect(await message(messageId)).toEqual({ status: 'planned', problem: 'upstream.broken' });
        await hurry();
        await expect.poll(() => sids(from).length, { timeout: 30_000 }).toBe(tries + 1);
        await expect.poll(async () => (await message(messageId)).status, { timeout: 30_000 }).toBe('sent');
      }
      await applyStatuses(world.pool, [report(sids(from).at(-1) ?? '', 'failed')]);
      expect(await message(messageId)).toEqual({ status: 'failed', problem: 'upstream.broken' });
      expect(await rows(`select 1 from effects where channel_id = $1 and state = 'planned'`, [channelId])).toEqual([]);
    } finally {
      await dispatcher.stop();
    }
  });

  test('keeps nobody from writing in that conversation meanwhile', async () => {
    const from = twilio.accepted().length;
    const conversation = await person();
    await send(conversation);
    await applyStatuses(world.pool, [report(sids(from)[0] ?? '', 'failed')]);
    const dispatcher = delivery.startDispatcher();
    try {
      await world.reply(conversation, 'Ana here: can you hear us?');
      dispatcher.ring();
      await expect.poll(() => twilio.accepted().at(-1)?.body, { timeout: 30_000 }).toBe('Ana here: can you hear us?');
    } finally {
      await dispatcher.stop();
    }
  });

  test('is not sent again when it turns out to have come', async () => {
    const from = twilio.accepted().length;
    const { messageId = '' } = await send(await person());
    const [sid = ''] = sids(from);
    await applyStatuses(world.pool, [report(sid, 'failed'), report(sid, 'delivered')]);
    expect(await message(messageId)).toEqual({ status: 'delivered', problem: null });
    expect(await rows(`select 1 from effects where channel_id = $1 and state = 'planned'`, [channelId])).toEqual([]);
  });

  test('is checked like any other: whoever wrote STOP meanwhile gets nothing', async () => {
    const from = twilio.accepted().length;
    const conversation = await person();
    const { messageId = '' } = await send(conversation);
    await applyStatuses(world.pool, [report(sids(from)[0] ?? '', 'failed')]);
    await world.pool.query(
      `insert into opt_outs (workspace_id, channel_kind, address, purpose, source) select 'ws_1', 'sms', address, 'service', 'keyword' from conversations where id = $1`,
      [conversation],
    );
    const dispatcher = delivery.startDispatcher();
    try {
      await hurry();
      await expect.poll(() => message(messageId), { timeout: 30_000 }).toEqual({ status: 'failed', problem: 'send.opted-out' });
      expect(sids(from)).toHaveLength(1);
    } finally {
      await dispatcher.stop();
    }
  });
});
