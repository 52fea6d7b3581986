import { signatureOf, startWhatsAppFake, type FakeNumber, type WhatsAppFake } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../test/test-server.ts';

let fake: WhatsAppFake;
let number: FakeNumber;
let server: TestServer;
let id: string;
const details = () => ({
  kind: 'whatsapp',
  phoneNumberId: number.phoneNumberId,
  wabaId: number.wabaId,
  token: number.token,
  appSecret: number.appSecret,
});

beforeAll(async () => {
  fake = await startWhatsAppFake();
  number = fake.addNumber();
  server = await startTestServer({ environment: { HOLDFAST_WHATSAPP_API_URL: fake.url } });
  const made = await server.owner.call('POST', '/api/channels', { ...details(), publicUrl: server.url });
  expect(made).toMatchObject({ status: 201, body: { name: 'Fake Shop', status: 'active' } });
  id = made.body.id;
  number.callbackUrl = `${server.url}/hooks/channels/${id}`;
});
afterAll(async () => {
  await fake.close();
  await server.close();
});

const rows = async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> => (await server.pool.query<T>(sql, values)).rows;
const texts = async (address?: string): Promise<string[]> =>
  (
    await rows<{ text: string }>(
      `select m.text from messages m join conversations c on c.id = m.conversation_id where c.channel_id = $1 and ($2::text is null or c.address = $2) order by m.created_at, m.id`,
      [id, address ?? null],
    )
  ).map(({ text }) => text);
const count = async (table: string, where = 'true'): Promise<number> =>
  (await rows<{ count: number }>(`select count(*)::int as count from ${table} where ${where}`))[0]?.count ?? 0;
const channel = async () => (await server.owner.call('GET', '/api/channels')).body.items.find((one: { id: string }) => one.id === id);

describe('connecting WhatsApp', () => {
  const attempt = (change: object) =>
    server.owner.call('POST', '/api/channels', { ...details(), phoneNumberId: '1000000000009', ...change });
  test.each([
    ['a token that Meta does not know', { token: 'EAA-somebody-elses-token' }, 'channel.token', 'token'],
    ['a number that is not there', {}, 'channel.incomplete', 'phoneNumberId'],
    ['another’s business account', { wabaId: '2000000000009' }, 'channel.incomplete', 'phoneNumberId'],
  ])('names what is wrong: %s', async (_name, change, code, path) => {
    expect((await attempt(change)).body).toMatchObject({ code, path });
  });
  test('names the app secret of another app, and an account that does not hold the number', async () => {
    const second = fake.addNumber({ phoneNumberId: '1000000000002', wabaId: '2000000000002' });
    expect((await attempt({ phoneNumberId: second.phoneNumberId, wabaId: second.wabaId, appSecret: 'e'.repeat(32) })).body).toMatchObject({
      code: 'channel.token',
      path: 'appSecret',
    });
    expect((await attempt({ phoneNumberId: second.phoneNumberId })).body).toMatchObject({ code: 'channel.incomplete', path: 'wabaId' });
  });
  test('twice is refused, and nothing of it is stored', async () => {
    expect((await server.owner.call('POST', '/api/channels', details())).status).toBe(409);
    expect(await count('channels', "kind = 'whatsapp'")).toBe(1);
  });
  test('subscribes the account, and never shows a secret', async () => {
    expect(number.isSubscribed).toBe(true);
    const seen = JSON.stringify([
      await channel(),
      (await server.owner.call('GET', '/api/audit')).body,
      await rows('select config, health from channels'),
    ]);
    expect(seen).not.toContain(number.token);
    expect(seen).not.toContain(number.appSecret);
  });
  test('without the app secret can’t be active, and takes nothing in', async () => {
    const third = fake.addNumber({ phoneNumberId: '1000000000003', wabaId: '2000000000003' });
    const made = await server.owner.call('POST', '/api/channels', {
      kind: 'whatsapp',
      phoneNumberId: third.phoneNumberId,
      wabaId: third.wabaId,
      token: third.token,
    });
    expect(made.body).toMatchObject({ status: 'paused' });
    const path = `/api/channels/${made.body.id}`;
    expect(await server.owner.call('PATCH', path, { status: 'active' })).toMatchObject({
      status: 409,
      body: { code: 'channel.incomplete', path: 'appSecret' },
    });
    const unsigned = { 'x-hub-signature-256': signatureOf('', Buffer.from('{}')) };
    expect((await server.anonymous.call('POST', `/hooks/channels/${made.body.id}`, '{}', unsigned)).status).toBe(401);
    const healed = await server.owner.call('PATCH', path, { status: 'active', secrets: { appSecret: third.appSecret } });
    expect(healed.body).toMatchObject({ status: 'active' });
    expect((await server.owner.call('PATCH', path, { secrets: { nonsense: 'x' } })).body).toMatchObject({ path: 'secrets.nonsense' });
    expect((await server.owner.call('DELETE', path)).status).toBe(200);
  });
  test('pressing Check tells what Meta says now; a token that is taken again rings the messages that waited for it', async () => {
    number.isTokenExpired = true;
    expect((await server.owner.call('POST', `/api/channels/${id}/test`)).body).toMatchObject({
      status: 'broken',
      health: { problem: { code: 'channel.token' } },
    });
    // A message of a run that is not needed here.
    await server.pool.query(`begin; set local session_replication_role = replica;
      insert into runs (id, workspace_id, flow_id, version_id, trigger_node_id, source, input, status, lane)
        select 'run_waits', workspace_id, 'flow_1', 'v', 'start', 'manual', '{}', 'waiting', 'temporal' from channels where id = '${id}';
      insert into held_calls (run_id, step_id, workspace_id, provider, code, until)
        select 'run_waits', 'step_1', workspace_id, 'channel:' || id, 'channel.token', now() + interval '5 minutes' from channels where id = '${id}'; commit`);
    const rung = async () => (await rows<{ isRung: boolean }>(`select ring_at is not null as "isRung" from held_calls`))[0]?.isRung;
    expect(await rung()).toBe(false);
    number.isTokenExpired = false;
    expect((await server.owner.call('POST', `/api/channels/${id}/test`)).body).toMatchObject({
      status: 'active',
      health: { problem: null, facts: { quality: 'GREEN', tier: 'TIER_2K' } },
    });
    expect(await rung()).toBe(true);
    await server.pool.query(`delete from held_calls; delete from runs where id = 'run_waits'`);
  });
});

describe('Meta’s call', () => {
  const post = (body: string, signature?: string) =>
    server.anonymous.call('POST', `/hooks/channels/${id}`, body, signature === undefined ? {} : { 'x-hub-signature-256': signature });
  const hello = '{"object":"whatsapp_business_account","entry":[]}';

  test('to verify the address is answered with its own challenge, and only with the right verify token', async () => {
    const { url, verifyToken } = (await server.owner.call('GET', `/api/channels/${id}/webhook`)).body;
    expect(url).toBe(number.callbackUrl);
    const ask = (token: string) =>
      server.anonymous.call('GET', `/hooks/channels/${id}?hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`);
    expect(await ask(verifyToken)).toMatchObject({ status: 200, body: '1158201444' });
    expect((await ask('guess')).status).toBe(401);
    expect((await channel()).health.facts.verifiedAt).toEqual(expect.any(String));
  });

  test.each([
    ['no signature', undefined],
    ['a wrong one', `sha256=${'0'.repeat(64)}`],
    ['the right key over other bytes', 'other'],
  ])('with %s leaves nothing but a note', async (_name, given) => {
    const before = [await count('inbox'), await count('runs'), await count('audit', "action = 'hook.refused'")];
    const answer = await post(hello, given === 'other' ? signatureOf(number.appSecret, Buffer.from(`${hello} `)) : given);
    expect(answer).toMatchObject({ status: 401, body: { code: 'auth.signature' } });
    expect([await count('inbox'), await count('runs'), await count('audit', "action = 'hook.refused'")]).toEqual([
      before[0],
      before[1],
      (before[2] ?? 0) + 1,
    ]);
  });

  test('is taken whether it writes an emoji as an escape or as it is, with any spacing', async () => {
    const value = (nth: number) => ({
      metadata: { phone_number_id: number.phoneNumberId },
      contacts: [{ wa_id: '254700000002' }],
      messages: [
        {
          from: '254700000002',
          id: `wamid.emoji-${nth}`,
          timestamp: String(1_795_392_000 + nth),
          type: 'text',
          text: { body: `wave ${nth} 🌊` },
        },
      ],
    });
    await fake.push([{ field: 'messages', value: value(1) }]);
    const raw = await fake.push([{ field: 'messages', value: value(2) }], { write: (body) => `  ${JSON.stringify(body, null, 3)}\r\n` });
    expect(raw.statuses.at(-1)).toBe(200);
    expect(await texts('+254700000002')).toEqual(['wave 1 🌊', 'wave 2 🌊']);
  });

  test('with 3 entries of 4 messages and 6 statuses is taken in once, though it comes 10 times at once', async () => {
    const change = (entry: number) => ({
      field: 'messages',
      value: {
        metadata: { phone_number_id: number.phoneNumberId },
        contacts: [{ wa_id: '254700000003' }],
        messages: [1, 2, 3, 4].map((nth) => ({
          from: '254700000003',
          id: `wamid.b-${entry}-${nth}`,
          timestamp: '1795392000',
          type: 'text',
          text: { body: `b${entry}${nth}` },
        })),
        statuses: [1, 2].map((nth) => ({
          id: `wamid.unknown-${entry}-${nth}`,
          status: 'delivered',
          timestamp: '1795392000',
          recipient_id: '254700000003',
        })),
      },
    });
    const all = await Promise.all(Array.from({ length: 10 }, () => fake.push([change(1), change(2), change(3)])));
    // A machine under load may say "later" first; then Meta comes again.
    expect(all.map(({ statuses }) => statuses.at(-1))).toEqual(Array.from({ length: 10 }, () => 200));
    expect((await texts('+254700000003')).toSorted()).toEqual([
      'b11',
      'b12',
      'b13',
      'b14',
      'b21',
      'b22',
      'b23',
      'b24',
      'b31',
      'b32',
      'b33',
      'b34',
    ]);
    // What became of our own messages is no event that a run could start from.
    expect(await count('inbox', `event_id like 'wamid.unknown-%'`)).toBe(0);
  });

  test('answers 5xx while nothing can be committed, and what Meta brings again is taken', async () => {
    const url = number.callbackUrl;
    number.callbackUrl = null;
    const { body } = await fake.say({ from: '254700000004' }, 'later');
    number.callbackUrl = url;
    const bring = () => post(body.toString(), signatureOf(number.appSecret, body));
    await server.pool.query('alter table inbox rename to inbox_away');
    try {
      expect((await bring()).status).toBeGreaterThanOrEqual(500);
    } finally {
      await server.pool.query('alter table inbox_away rename to inbox');
    }
    expect((await bring()).status).toBe(200);
    expect(await texts('+254700000004')).toEqual(['later']);
  });

  test.each([
    '{',
    '[]',
    'null',
    '{"object":"page"}',
    '{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"messages":[{}]}}]}]}',
  ])('that holds %s is never answered with our failure', async (body) => {
    expect((await post(body, signatureOf(number.appSecret, Buffer.from(body)))).status).toBeLessThan(500);
  });

  test('about a number of nobody here is left, about a sister channel reaches it', async () => {
    const sister = fake.addNumber({ phoneNumberId: '1000000000005' });
    const made = (await server.owner.call('POST', '/api/channels', { ...details(), phoneNumberId: sister.phoneNumberId })).body;
    const message = (phone: string) => ({
      field: 'messages',
      value: {
        metadata: { phone_number_id: phone },
        messages: [{ from: '254700000006', id: `wamid.to-${phone}`, timestamp: '1795392000', type: 'text', text: { body: phone } }],
      },
    });
    expect((await fake.push([message('1000000000005'), message('1999999999999')])).statuses.at(-1)).toBe(200);
    expect(
      (await rows<{ channel_id: string }>(`select channel_id from inbox where event_id like 'wamid.to-%'`)).map((row) => row.channel_id),
    ).toEqual([made.id]);
    await server.owner.call('DELETE', `/api/channels/${made.id}`);
    fake.forget(sister.phoneNumberId);
  });
});

describe('a customer', () => {
  test('without a phone is the same contact once their phone is learned, and when it is hidden again', async () => {
    await fake.say({ userId: 'KE.84XyZ', name: 'Amina' }, 'first, hidden');
    await fake.say({ userId: 'KE.84XyZ', from: '254700000010', name: 'Amina' }, 'second, shown');
    await fake.say({ userId: 'KE.84XyZ', name: 'Amina' }, 'third, hidden');
    await fake.say({ from: '254700000010', name: 'Amina' }, 'fourth, from an old phone');
    const found = await rows<{ contacts: number; conversations: number; texts: number }>(
      `select count(distinct v.contact_id)::int as contacts, count(distinct v.id)::int as conversations, count(*)::int as texts
         from messages m join conversations v on v.id = m.conversation_id where m.text ~ '^(first|second|third|fourth),'`,
    );
    expect(found).toEqual([{ contacts: 1, conversations: 1, texts: 4 }]);
    expect(
      (
        await rows<{ address: string }>(
          `select address from identities where contact_id = (select contact_id from identities where address = 'KE.84XyZ') order by address`,
        )
      ).map(({ address }) => address),
    ).toEqual(['+254700000010', 'KE.84XyZ']);
  });
  test('opens the window for a day with each message', async () => {
    await fake.say({ from: '254700000011' }, 'hello');
    const [row] = await rows<{ hours: number }>(
      `select extract(epoch from window_until - now()) / 3600 as hours from conversations where address = '+254700000011'`,
    );
    expect(Number(row?.hours)).toBeGreaterThan(23.9);
    expect(Number(row?.hours)).toBeLessThanOrEqual(24);
  });
  test('who sends a picture is taken in before it is fetched; then it is stored, and one that can’t be fetched does not lose the message', async () => {
    const bytes = Buffer.from('a picture of a broken cup');
    const media = fake.addMedia({ mimeType: 'image/jpeg', bytes });
    // Meta’s own answer about the file never comes: our answer to Meta’s call does not hang on it.
    fake.fail({ kind: 'hang', call: 'object' });
    await fake.say({ from: '254700000011' }, { type: 'image', image: { id: media, mime_type: 'image/jpeg', caption: 'slow' } });
    expect(await count('inbound_files')).toBe(1);
    await fake.say({ from: '254700000012' }, { type: 'image', image: { id: media, mime_type: 'image/jpeg', caption: 'broken' } });
    await fake.say({ from: '254700000012' }, { type: 'image', image: { id: '7', mime_type: 'image/jpeg', caption: 'gone' } });
    expect(await texts('+254700000012')).toEqual(['broken', 'gone']);
    const stored = async () =>
      (
        await rows<{ content: Buffer }>(
          `select f.content from messages m join files f on f.id = m.content #>> '{attachments,0,fileId}' where m.text = 'broken'`,
        )
      ).map(({ content }) => content.toString());
    await expect.poll(stored, { timeout: 30_000 }).toEqual([bytes.toString()]);
  });
  test('who reacts, corrects, or takes back changes the message, not the conversation', async () => {
    const { body } = await fake.say({ from: '254700000013' }, 'one box');
    const wamid = JSON.parse(body.toString()).entry[0].changes[0].value.messages[0].id;
    await fake.say({ from: '254700000013' }, { type: 'reaction', reaction: { message_id: wamid, emoji: '👍' } });
    await fake.say(
      { from: '254700000013' },
      { type: 'edit', edit: { original_message_id: wamid, message: { type: 'text', text: { body: 'two boxes' } } } },
    );
    expect(await rows('select text, metadata from messages where provider_message_id = $1', [wamid])).toEqual([
      { text: 'two boxes', metadata: { before: ['one box'], reactions: { '+254700000013': '👍' } } },
    ]);
  });
  test('who stops marketing is on the list until they allow it again', async () => {
    const wish = (value: string) => [
      {
        field: 'user_preferences',
        value: {
          metadata: { phone_number_id: number.phoneNumberId },
          user_preferences: [{ wa_id: '254700000014', category: 'marketing_messages', value, timestamp: value === 'stop' ? 1 : 2 }],
        },
      },
    ];
    await fake.push(wish('stop'));
    expect(await rows('select purpose from opt_outs where address = $1', ['+254700000014'])).toEqual([{ purpose: 'marketing' }]);
    await fake.push(wish('resume'));
    expect(await count('opt_outs', `address = '+254700000014'`)).toBe(0);
  });
});

test('staff who answer on their phone silence the bot, as if they had taken the conversation over', async () => {
  await fake.say({ from: '254700000020' }, 'is anybody there?');
  const echo = {
    from: number.displayPhoneNumber,
    to: '254700000020',
    id: 'wamid.echo',
    timestamp: '1795392060',
    type: 'text',
    text: { body: 'Yes, I am' },
  };
  const value = { metadata: { phone_number_id: number.phoneNumberId }, message_echoes: [echo] };
  await fake.push([{ field: 'smb_message_echoes', value }]);
  await fake.push([{ field: 'smb_message_echoes', value }]);
  expect(await rows(`select direction, author, status, text from messages where provider_message_id = 'wamid.echo'`)).toEqual([
    { direction: 'out', author: 'human', status: 'sent', text: 'Yes, I am' },
  ]);
  expect(await rows(`select held_by from conversations where address = '+254700000020'`)).toEqual([{ held_by: 'person' }]);
  const queue = (await server.owner.call('GET', '/api/handoffs')).body.items;
  expect(queue.filter((one: { reason: string }) => one.reason.includes('phone'))).toHaveLength(1);
});

test('a test message goes to a phone that has written, and by template to any other', async () => {
  await fake.say({ from: '254700000030' }, 'hello');
  number.templates = [
    {
      id: '9',
      name: 'hello_world',
      language: 'en_US',
      category: 'UTILITY',
      status: 'APPROVED',
      parameter_format: 'POSITIONAL',
      components: [{ type: 'BODY', text: 'Hello' }],
    },
  ];
  const test = async (to: string, more: object = {}) =>
    (await server.owner.call('POST', `/api/channels/${id}/test-message`, { to, text: 'A test', ...more })).body.problem;
  expect(await test('+254 700 000030')).toBeNull();
  expect(await test('+254 700 000031')).toMatchObject({ code: 'send.window' });
  expect(await test('+254 700 000031', { template: { name: 'hello_world', language: 'en_US' } })).toBeNull();
  expect(await test('nobody')).toMatchObject({ code: 'send.address' });
  expect(number.accepted.map(({ to, type }) => [to, type])).toEqual([
    ['254700000030', 'text'],
    ['254700000031', 'template'],
  ]);
});

describe('templates', () => {
  const order = {
    id: '594425479261596',
    name: 'order_left',
    language: 'en_US',
    category: 'UTILITY',
    status: 'APPROVED',
    parameter_format: 'POSITIONAL' as const,
    components: [{ type: 'BODY', text: 'Hello {{1}}, your order left.', example: { body_text: [['Ana']] } }],
  };
  const known = async () => (await server.owner.call('GET', '/api/message-templates')).body.items;
  test('are fetched page by page, and one that Meta no longer lists is gone', async () => {
    number.templates = Array.from({ length: 450 }, (_, nth) => ({ ...order, id: String(nth), name: `filler_${nth}` }));
    expect((await server.owner.call('POST', `/api/channels/${id}/templates`)).body.items).toHaveLength(450);
    number.templates = [order];
    await server.owner.call('POST', `/api/channels/${id}/test`);
    expect(await known()).toMatchObject([{ channelId: id, name: 'order_left', category: 'utility', status: 'approved', isNamed: false }]);
  });
  test('change when Meta says so; one that it stops is told to people', async () => {
    const named = { message_template_id: 594425479261596, message_template_name: 'order_left', message_template_language: 'en_US' };
    await fake.push([
      { field: 'message_template_quality_update', value: { ...named, previous_quality_score: 'GREEN', new_quality_score: 'YELLOW' } },
    ]);
    expect(await known()).toMatchObject([{ status: 'approved', quality: 'yellow' }]);
    await fake.push([{ field: 'message_template_status_update', value: { ...named, event: 'PAUSED', reason: 'NONE' } }]);
    expect(await known()).toMatchObject([{ status: 'paused', quality: 'yellow', reason: null }]);
    expect(await count('alerts', `title like '%order_left%'`)).toBe(1);
  });
  test('that a flow names are looked up when it is checked', async () => {
    const made = (await server.owner.call('POST', '/api/flows', { name: 'Templates' })).body;
    let { revision } = made;
    const template = (values: object[], name = 'order_left') => ({ text: 'x', template: { name, language: 'en_US', values } });
    const say = (config: object) => ({ id: 'say', type: 'send-message', typeVersion: 1, name: 'Say', config, position: { x: 0, y: 0 } });
    const findings = async (config: object): Promise<string[]> => {
      const file = { ...made.draft, nodes: [say(config)], edges: [] };
      const answer = await server.owner.call('PUT', `/api/flows/${made.id}/draft`, { file, revision });
      revision = answer.body.revision;
      return answer.body.findings.flatMap((one: { reason: string; field?: string }) => (one.field === 'template' ? [one.reason] : []));
    };
    await server.owner.call('POST', `/api/channels/${id}/templates`);
    expect(await findings(template([], 'never_was'))).toEqual([expect.stringContaining('No channel has this template')]);
    expect(await findings(template([]))).toEqual([expect.stringContaining('has no value')]);
    expect(await findings(template([{ key: '1', value: '{{ contact.name }}' }]))).toEqual([]);
  });
});

describe('what Meta says of the account', () => {
  const notice = (field: string, value: object) => fake.push([{ field, value }]);
  test('pauses automation when its quality is flagged, and tells people once', async () => {
    const flagged = { display_phone_number: number.displayPhoneNumber, event: 'FLAGGED', current_limit: 'TIER_10K' };
    await notice('phone_number_quality_update', flagged);
    await notice('phone_number_quality_update', flagged);
    const [row] = await rows<object>('select quality, messaging_limit, automation_paused from channels where id = $1', [id]);
    expect(row).toMatchObject({ quality: 'red', messaging_limit: 10_000, automation_paused: { code: 'send.quality' } });
    expect(await count('alerts', `title like 'Automation is paused%'`)).toBe(1);
  });
  test('goes on when a person lets it', async () => {
    expect((await channel()).health.sending).toMatchObject({
      quality: 'red',
      automationPaused: { reason: expect.stringContaining('flagged') },
    });
    expect((await server.owner.call('POST', `/api/channels/${id}/resume`)).body.health.sending.automationPaused).toBeNull();
  });
  test('keeps how many people a day it may write to first', async () => {
    await notice('business_capability_update', { max_daily_conversations_per_business: -1 });
    expect(await rows('select messaging_limit from channels where id = $1', [id])).toEqual([{ messaging_limit: -1 }]);
  });
  test('stops the channel when the account is disabled', async () => {
    await notice('account_update', { event: 'DISABLED_UPDATE', ban_info: { waba_ban_state: 'DISABLE' } });
    expect(await channel()).toMatchObject({
      status: 'broken',
      health: { problem: { code: 'channel.token', detail: expect.stringContaining('DISABLED_UPDATE') } },
    });
    await server.owner.call('POST', `/api/channels/${id}/test`);
    expect((await channel()).status).toBe('active');
  });
});
