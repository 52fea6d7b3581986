import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../test/test-server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
  await server.pool.query(
    `with ch as (insert into channels (id, workspace_id, kind, name) values ('chan_mail', $1, 'email', 'Kelp & Co'), ('chan_bot', $1, 'telegram', 'Bot') returning id),
       ct as (insert into contacts (id, workspace_id, name) values ('cont_ana', $1, 'Ana Muñoz') returning id),
       cv as (insert into conversations (id, workspace_id, channel_id, contact_id, address)
         values ('conv_mail', $1, 'chan_mail', 'cont_ana', 'ana@example.com'), ('conv_bot', $1, 'chan_bot', 'cont_ana', '77') returning id)
     insert into messages (id, workspace_id, conversation_id, direction, author, text, status, metadata, created_at) values
       ('msg_1', $1, 'conv_mail', 'in', 'customer', E'From the start: where is A-1?\\nFrom here.', 'received', '{"subject": "¿Pedido?", "mailId": "<a1@example.com>"}', '2026-11-01T10:00:00Z'),
       ('msg_2', $1, 'conv_mail', 'out', 'bot', 'On its way', 'accepted', '{"subject": "Re: ¿Pedido?"}', '2026-11-01T10:01:00Z'),
       ('msg_3', $1, 'conv_bot', 'in', 'customer', 'not a mail', 'received', '{}', '2026-11-01T10:02:00Z')`,
    [server.workspaceId],
  );
});
afterAll(() => server.close());

test('mails leave as an mbox of RFC 5322 messages that mail programs read, and chats stay out of it', async () => {
  const answer = await server.owner.call('GET', '/api/messages/export?format=mbox');
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/mbox']);
  const mails = String(answer.body)
    .split(/^From holdfast .*\n/m)
    .slice(1)
    .map((source) => source.replace(/^>(>*From )/gm, '$1'));
  const [first, second, ...others] = await Promise.all(mails.map((source) => simpleParser(source)));
  expect(others).toEqual([]);
  expect(first).toMatchObject({ subject: '¿Pedido?', messageId: '<a1@example.com>', date: new Date('2026-11-01T10:00:00Z') });
  expect(first?.from?.value).toEqual([{ name: 'Ana Muñoz', address: 'ana@example.com' }]);
  expect(first?.text?.trim()).toBe('From the start: where is A-1?\nFrom here.');
  expect(second?.from?.value[0]?.name).toBe('Kelp & Co');
});

test('the store is searched by words and by filter, a page at a time', async () => {
  const page = await server.owner.call('GET', '/api/messages?search=start%20wher&platform=email');
  expect(page.body).toMatchObject({
    items: [{ id: 'msg_1', platform: 'email', contact: 'Ana Muñoz', address: 'ana@example.com' }],
    next: null,
  });
  const first = await server.owner.call('GET', '/api/messages?contact=cont_ana&limit=2');
  const rest = await server.owner.call('GET', `/api/messages?contact=cont_ana&limit=2&cursor=${encodeURIComponent(first.body.next)}`);
  const ids = [...first.body.items, ...rest.body.items].map((message: { id: string }) => message.id);
  expect(ids).toEqual(['msg_3', 'msg_2', 'msg_1']);
});

test('how long a channel keeps its messages is set, shown and taken back', async () => {
  const path = '/api/channels/chan_mail/retention';
  expect((await server.owner.call('GET', path)).body).toEqual({ keepDays: null });
  expect((await server.owner.call('PUT', path, { keepDays: 0 })).status).toBe(400);
  expect((await server.owner.call('PUT', path, { keepDays: 90 })).body).toEqual({ keepDays: 90 });
  expect((await server.owner.call('GET', path)).body).toEqual({ keepDays: 90 });
});

test('only owners and admins erase a contact, and then nobody finds them', async () => {
  const builder = await server.withKey('builder');
  expect((await builder.call('POST', '/api/contacts/cont_ana/erase')).status).toBe(403);
  expect((await server.owner.call('POST', '/api/contacts/cont_ana/erase')).body).toEqual({
    conversations: 2,
    messages: 3,
    runs: 0,
    files: 0,
  });
  expect((await server.owner.call('POST', '/api/contacts/cont_ana/erase')).status).toBe(404);
  expect((await server.owner.call('GET', '/api/messages')).body.items).toEqual([]);
});
