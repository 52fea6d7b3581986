import { createHmac } from 'node:crypto';
import { signTwilioCall, startTwilioFake, type TwilioFake } from '@holdfast/test-kit/fakes';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../test/test-server.ts';
import { waitUntil } from '../test/wait-until.ts';

let fake: TwilioFake;
let server: TestServer;
let id: string;
const service = `MG${'0'.repeat(31)}1`;
const publicUrl = 'https://bots.kelp.example/behind';
const ana = '+34600111222';
const details = () => ({ kind: 'sms', accountSid: fake.accountSid, authToken: fake.authToken, from: fake.number, publicUrl });

beforeAll(async () => {
  fake = await startTwilioFake();
  server = await startTestServer({ environment: { HOLDFAST_TWILIO_API_URL: fake.url } });
  const made = await server.owner.call('POST', '/api/channels', details());
  expect(made).toMatchObject({
    status: 201,
    body: { name: fake.number, status: 'active', health: { facts: { callsUs: true, sendsMedia: true } } },
  });
  id = made.body.id;
});
afterAll(async () => {
  await fake.close();
  await server.close();
});

const rows = async <T extends object>(sql: string, values: unknown[] = []): Promise<T[]> => (await server.pool.query<T>(sql, values)).rows;
const texts = async () => (await rows<{ text: string }>(`select text from messages order by created_at, id`)).map(({ text }) => text);
/** What stands between Twilio and us: it calls the public address, the proxy passes it on to ours. */
const proxied = (path: string, body: string, headers: Record<string, string>) =>
  server.anonymous.call('POST', path, body, { host: 'api:3000', 'x-forwarded-host': 'evil.example', ...headers });

function signed(url: string, parameters: Record<string, string>, as: 'form' | 'json' = 'form') {
  const call = signTwilioCall(fake.authToken, url, parameters, as);
  return { ...call, path: call.url.slice(publicUrl.length) };
}
const hook = () => `${publicUrl}/hooks/channels/${id}`;
const text = (sid: string, Body: string, more: Record<string, string> = {}) => ({
  MessageSid: sid,
  From: ana,
  To: fake.number,
  Body,
  NumMedia: '0',
  SmsStatus: 'received',
  ...more,
});

describe('connecting a number', () => {
  test.each([
    {
      name: 'a wrong token',
      change: { authToken: 'not-the-token-of-it', from: undefined, messagingServiceSid: service },
      code: 'channel.token',
      path: 'authToken',
    },
    { name: 'a number of somebody else', change: { from: '+15550009999' }, code: 'channel.incomplete', path: 'from' },
    { name: 'neither number nor service', change: { from: undefined }, code: 'request.invalid', path: 'from' },
  ])('names $name', async ({ change, code, path }) => {
    const { body } = await server.owner.call('POST', '/api/channels', { ...details(), ...change });
    expect(body).toMatchObject({ code });
    expect(JSON.stringify(body)).toContain(path);
  });

  test('tells Twilio where to call, with tries for a bad moment, and never shows the token', async () => {
    expect(fake.smsUrl()).toBe(`${hook()}#rc=5&rp=all`);
    const seen = JSON.stringify([
      (await server.owner.call('GET', '/api/channels')).body,
      await rows('select config, health from channels'),
    ]);
    expect(seen).not.toContain(fake.authToken);
  });

  test('without a public address can’t be active', async () => {
    const other = await startTwilioFake({ number: '+15550002222' });
    const lonely = await startTestServer({ environment: { HOLDFAST_TWILIO_API_URL: other.url } });
    try {
      const { publicUrl: _, ...without } = { ...details(), from: other.number };
      const made = await lonely.owner.call('POST', '/api/channels', without);
      expect(made.body).toMatchObject({ status: 'paused' });
      expect((await lonely.owner.call('PATCH', `/api/channels/${made.body.id}`, { status: 'active' })).body).toMatchObject({
        code: 'channel.incomplete',
        path: 'publicUrl',
      });
    } finally {
      await lonely.close();
      await other.close();
    }
  });
});

describe('W1 W4 a call', () => {
  test('signed for the public address is taken in, though it comes through a proxy', async () => {
    const call = signed(hook(), text('SM-a', 'through the proxy'));
    const answer = await proxied(call.path, call.body, call.headers);
    expect(answer).toMatchObject({ status: 200, body: expect.stringContaining('<Response/>') });
    expect(await texts()).toEqual(['through the proxy']);
  });

  test('signed for an address with a query, and as JSON over its bytes, is taken in', async () => {
    const query = signed(`${hook()}?x=1&name=O%27Brien`, text('SM-b', 'with a query'));
    expect((await proxied(query.path, query.body, query.headers)).status).toBe(200);
    const json = signed(hook(), text('SM-c', 'as JSON'), 'json');
    expect((await proxied(json.path, json.body, json.headers)).status).toBe(200);
    expect(await texts()).toEqual(['through the proxy', 'with a query', 'as JSON']);
  });

  test('that nobody signed, or that was changed, brings nothing in and is noted', async () => {
    const before = await texts();
    const good = signed(hook(), text('SM-x', 'pay me'));
    const json = signed(hook(), text('SM-y', 'pay me'), 'json');
    const calls = [
      proxied(good.path, good.body, { ...good.headers, 'x-twilio-signature': '' }),
      proxied(good.path, good.body.replace('pay', 'play'), good.headers),
      proxied(`${good.path}?x=1`, good.body, good.headers),
      proxied(json.path, json.body.replace('pay', 'play'), json.headers),
      proxied(good.path, good.body, { ...good.headers, 'x-twilio-signature': 'AAAA' }),
    ];
    for (const answer of await Promise.all(calls)) expect(answer.status).toBe(401);
    expect(await texts()).toEqual(before);
    expect(await rows(`select 1 from audit where action = 'hook.refused'`)).toHaveLength(5);
  });

  test('delivered fifty times at once is one message (W5)', async () => {
    const call = signed(hook(), text('SM-d', 'only once'));
    const answers = await Promise.all(Array.from({ length: 50 }, () => proxied(call.path, call.body, call.headers)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await texts()).filter((one) => one === 'only once')).toHaveLength(1);
  });
});

describe('what people write', () => {
  test('with a picture keeps it as a file of ours, fetched with the token', async () => {
    const MediaUrl0 = `${fake.url}/2010-04-01/Accounts/${fake.accountSid}/Messages/MM0/Media/ME0`;
    const call = signed(hook(), text('MM-e', 'look', { NumMedia: '1', MediaUrl0, MediaContentType0: 'image/png' }));
    expect((await proxied(call.path, call.body, call.headers)).status).toBe(200);
    // The fake knows no such file: the message counts more than its picture.
    expect(
      await rows(
        `select content->'attachments'->0->>'kind' as kind, content->'attachments'->0->>'fileId' as file from messages where text = 'look'`,
      ),
    ).toEqual([{ kind: 'image', file: null }]);
  });

  test('STOP is kept, opts them out, and starts nothing; START takes it back', async () => {
    const stop = signed(hook(), text('SM-f', 'STOP'));
    await proxied(stop.path, stop.body, stop.headers);
    expect(await rows('select channel_kind, address, purpose, source from opt_outs')).toEqual([
      { channel_kind: 'sms', address: ana, purpose: 'service', source: 'keyword' },
    ]);
    expect(
      await rows(
        `select i.state, m.metadata->>'automatic' as automatic from inbox i join messages m on m.id = i.message_id where m.text = 'STOP'`,
      ),
    ).toEqual([{ state: 'set-aside', automatic: 'stop-word' }]);
    const start = signed(hook(), text('SM-g', 'START'));
    await proxied(start.path, start.body, start.headers);
    expect(await rows('select 1 from opt_outs')).toEqual([]);
  });
});

describe('what became of a message', () => {
  const sends = async (key: string, sid: string | null, state: string) => {
    const conversation = (await rows<{ id: string }>('select id from conversations limit 1'))[0]?.id;
    const message = `msg_${key}`;
    await server.pool.query(
      `insert into messages (id, workspace_id, conversation_id, direction, author, text, status) values ($1, $2, $3, 'out', 'bot', 'x', 'sent')`,
      [message, server.workspaceId, conversation],
    );
    await server.pool.query(
      `insert into effects (key, workspace_id, kind, state, payload_hash, message_id, channel_id, conversation_id, author, provider_message_id) values ($1, $2, 'send', $6, 'h', $3, $4, $5, 'bot', $7)`,
      [key, server.workspaceId, message, id, conversation, state, sid],
    );
    return message;
  };
  const told = async (sid: string, MessageStatus: string, more: Record<string, string> = {}, ref = '') => {
    const call = signed(`${hook()}${ref}`, { MessageSid: sid, MessageStatus, To: ana, From: fake.number, ...more });
    expect((await proxied(call.path, call.body, call.headers)).status).toBe(200);
  };
  const status = async (message: string) =>
    (await rows<{ status: string }>('select status from messages where id = $1', [message]))[0]?.status;

  test('is shown however the reports are shuffled (W7)', async () => {
    const message = await sends('k1', 'SM-1', 'accepted');
    for (const one of ['delivered', 'sent', 'queued', 'delivered']) await told('SM-1', one);
    expect(await status(message)).toBe('delivered');
  });

  test('settles a send whose answer was lost, by the key that travelled along', async () => {
    const message = await sends('k2:', null, 'unknown');
    await told('SM-2', 'sent', {}, '?ref=k2%3A');
    expect(await status(message)).toBe('sent');
    expect(await rows(`select state, provider_message_id from effects where key = 'k2:'`)).toEqual([
      { state: 'accepted', provider_message_id: 'SM-2' },
    ]);
  });

  test('takes a number that is not in use off the list', async () => {
    const message = await sends('k3', 'SM-3', 'accepted');
    await told('SM-3', 'undelivered', { ErrorCode: '30005' });
    await waitUntil(async () => (await status(message)) === 'failed');
    await expect.poll(() => rows('select channel_kind, address from suppressions')).toEqual([{ channel_kind: 'sms', address: ana }]);
  });
});

test('a file is handed out to whoever holds its link, as what it is or as bytes, and to nobody else', async () => {
  const until = Date.now() + 3_600_000;
  await server.pool.query(
    `insert into files (id, workspace_id, name, mime_type, size_bytes, sha256, content) values ('file_p', $1, 'p.png', 'image/png', 3, '', 'png'), ('file_h', $1, 'h.html', 'text/html', 3, '', '<b>')`,
    [server.workspaceId],
  );
  const link = (file: string) => {
    const proof = createHmac('sha256', fake.authToken).update(`holdfast-media/${file}/${until}`).digest('hex');
    return `/hooks/channels/${id}?media=${file}&until=${until}&proof=${proof}`;
  };
  const picture = await server.anonymous.call('GET', link('file_p'));
  expect([picture.status, picture.body, picture.headers.get('content-type')]).toEqual([200, 'png', 'image/png']);
  expect((await server.anonymous.call('GET', link('file_h'))).headers.get('content-type')).toContain('application/octet-stream');
  for (const bad of [link('file_p').replace('file_p', 'file_h'), link('file_p').replace(/until=\d+/, 'until=1'), `/hooks/channels/${id}`])
    expect((await server.anonymous.call('GET', bad)).status).toBe(404);
});
