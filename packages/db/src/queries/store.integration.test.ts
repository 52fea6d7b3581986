import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { transaction } from '../pool.ts';
import { eraseContact, forgetOldMessages } from './forget.ts';
import { listStoredMessages, saveRetention, type MessageFilter } from './store.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
  await fill();
});
afterAll(() => database.close());

const filter = (given: Partial<MessageFilter> = {}): MessageFilter => ({
  workspaceId: 'ws_1',
  conversationId: null,
  channelId: null,
  channelKind: null,
  contactId: null,
  runId: null,
  author: null,
  search: null,
  from: null,
  to: null,
  ...given,
});
const found = async (given: Partial<MessageFilter>): Promise<string[]> =>
  (await listStoredMessages(database.pool, filter(given), { order: 'oldest', after: null, limit: 50 })).map((message) => message.id);

/** Two contacts on two channels; Ana's conversation has a run, a file of hers and one of ours, a handoff with its alert. */
async function fill(): Promise<void> {
  await database.pool.query(`
    insert into workspaces (id, name, slug) values ('ws_1', 'One', 'one'), ('ws_2', 'Two', 'two');
    insert into channels (id, workspace_id, kind, name) values ('chan_1', 'ws_1', 'telegram', 'Bot'), ('chan_2', 'ws_1', 'email', 'Mail'), ('chan_3', 'ws_2', 'email', 'Mail');
    insert into contacts (id, workspace_id, name) values ('ana', 'ws_1', 'Ana'), ('bo', 'ws_1', 'Bo'), ('eve', 'ws_2', 'Eve');
    insert into identities (id, workspace_id, contact_id, channel_kind, address) values ('iden_1', 'ws_1', 'ana', 'telegram', '1'), ('iden_2', 'ws_1', 'ana', 'telegram', 'é_Аня[.](1)*\\^x');
    insert into conversations (id, workspace_id, channel_id, contact_id, address)
      values ('conv_1', 'ws_1', 'chan_1', 'ana', '1'), ('conv_2', 'ws_1', 'chan_2', 'bo', 'bo@example.com'), ('conv_3', 'ws_2', 'chan_3', 'eve', 'e@example.com');
    insert into flows (id, workspace_id, name, draft) values ('flow_1', 'ws_1', 'Flow', '{}');
    insert into runs (id, workspace_id, flow_id, version_id, trigger_node_id, lane, source, input, conversation_id, contact_id, status, ended_at)
      values ('run_1', 'ws_1', 'flow_1', 'v', 'start', 'ended', 'channel', '{"text": "secret"}', 'conv_1', 'ana', 'ended', now()),
             ('run_2', 'ws_1', 'flow_1', 'v', 'start', 'ended', 'channel', '{}', 'conv_2', 'bo', 'ended', now() - interval '40 days');
    insert into journal (run_id, workspace_id, kind, epoch, entry) values ('run_1', 'ws_1', 'run-started', 1, '{"input": "secret"}');
    insert into files (id, workspace_id, name, mime_type, size_bytes, sha256, content)
      values ('file_hers', 'ws_1', 'x', 'image/png', 1, '', ''), ('file_ours', 'ws_1', 'y', 'image/png', 1, '', ''), ('file_old', 'ws_1', 'z', 'image/png', 1, '', '');
    insert into messages (id, workspace_id, conversation_id, direction, author, text, status, run_id, content, created_at) values
      ('m1', 'ws_1', 'conv_1', 'in', 'customer', 'Where is my order A-1001? Dónde está', 'received', 'run_1', '{"attachments": [{"kind": "image", "fileId": "file_hers"}]}', now() - interval '3 h'),
      ('m2', 'ws_1', 'conv_1', 'out', 'bot', 'It is on its way 🚚', 'accepted', 'run_1', '{"attachments": [{"kind": "image", "fileId": "file_ours"}]}', now() - interval '2 h'),
      ('m3', 'ws_1', 'conv_2', 'in', 'customer', 'Another order', 'received', null, '{}', now() - interval '1 h'),
      ('m4', 'ws_1', 'conv_2', 'in', 'customer', 'An old one', 'received', null, '{"attachments": [{"kind": "image", "fileId": "file_old"}]}', now() - interval '40 days'),
      ('m5', 'ws_2', 'conv_3', 'in', 'customer', 'Another firm''s order', 'received', null, '{}', now());
    insert into inbox (id, workspace_id, channel_id, event_id, kind, conversation_id, message_id, payload, state) values ('in_1', 'ws_1', 'chan_1', '1', 'message', 'conv_1', 'm1', '{"text": "secret"}', 'consumed');
    insert into inbox (id, workspace_id, channel_id, event_id, kind, payload, state, received_at) values
      ('in_2', 'ws_1', 'chan_1', '2', 'edit', '{"raw": {"chat": {"id": 1}, "text": "secret"}}', 'parked', now()),
      ('in_3', 'ws_1', 'chan_1', '3', 'edit', '{"raw": {"chat": {"id": 11}, "text": "not hers"}}', 'parked', now()),
      ('in_4', 'ws_1', 'chan_2', '4', 'reaction', '{"raw": {}}', 'consumed', now() - interval '40 days');
    insert into consents (workspace_id, channel_kind, address, purpose, source) values ('ws_1', 'telegram', '1', 'marketing', 'staff'), ('ws_1', 'telegram', '11', 'marketing', 'staff');
    insert into suppressions (workspace_id, channel_kind, address, reason) values ('ws_1', 'telegram', '1', 'bounced');
    insert into opt_outs (workspace_id, channel_kind, address, purpose, source) values ('ws_1', 'telegram', '1', 'service', 'keyword');
    insert into kept_calls (id, workspace_id, provider, run_id, step_id, what, is_repeatable, state)
      values ('kept_ana', 'ws_1', 'http:erp', 'run_1', 's', 'POST /customers/Ana', true, 'stopped'), ('kept_bo', 'ws_1', 'http:erp', 'run_2', 's', 'POST /bo', true, 'waiting');
    insert into alerts (id, workspace_id, event, subject, title, detail, link)
      values ('alert_3', 'ws_1', 'provider.down', 'http:erp kept', 'A kept call', 'POST /customers/Ana: refused', ''), ('alert_4', 'ws_1', 'provider.down', 'http:erp kept', 'A kept call', 'POST /bo: refused', '');
    insert into handoffs (id, workspace_id, conversation_id, status, reason) values ('hand_1', 'ws_1', 'conv_1', 'closed', 'x');
    insert into alerts (id, workspace_id, event, subject, title, detail, link) values ('alert_1', 'ws_1', 'handoff.opened', 'hand_1', 'Ana needs a person', '', ''), ('alert_2', 'ws_1', 'run.attention', 'run_1', 'A run', 'Ana has no address', '');
  `);
}

test.each<[string, string[]]>([
  ['order', ['m1', 'm3']],
  ['ord A-100', ['m1']],
  ['dónde', ['m1']],
  ['order nothing', []],
  ['🚚', ['m2']],
  ["it's ' \\ & | ! :* (", []],
])('a search for %j finds %j', async (search, expected) => {
  expect(await found({ search, from: new Date(Date.now() - 86_400_000).toISOString() })).toEqual(expected);
});

test('channel, platform, contact, run, author and time narrow what is found, within one workspace', async () => {
  expect(await found({ channelId: 'chan_1' })).toEqual(['m1', 'm2']);
  expect(await found({ channelKind: 'email' })).toEqual(['m4', 'm3']);
  expect(await found({ contactId: 'bo', to: new Date(Date.now() - 86_400_000).toISOString() })).toEqual(['m4']);
  expect(await found({ runId: 'run_1', author: 'bot' })).toEqual(['m2']);
  expect(await found({ workspaceId: 'ws_2' })).toEqual(['m5']);
});

test('pages follow one another without a gap, also from the newest back', async () => {
  const first = await listStoredMessages(database.pool, filter(), { order: 'newest', after: null, limit: 3 });
  const last = first.at(-1);
  const rest = await listStoredMessages(database.pool, filter(), {
    order: 'newest',
    after: { at: last?.exactAt ?? '', id: last?.id ?? '' },
    limit: 3,
  });
  expect([...first, ...rest].map((message) => message.id)).toEqual(['m3', 'm2', 'm1', 'm4']);
});

test('a channel forgets what is older than it keeps: messages, customers’ files, ended runs; nothing else', async () => {
  expect(await forgetOldMessages(database.pool, 100)).toBe(0);
  await saveRetention(database.pool, { workspaceId: 'ws_1', channelId: 'chan_2', keepDays: 30 });
  expect(await forgetOldMessages(database.pool, 100)).toBe(2);
  expect(await found({})).toEqual(['m1', 'm2', 'm3']);
  expect((await database.pool.query('select id from files order by id')).rows.map((row) => row.id)).toEqual(['file_hers', 'file_ours']);
  // Whose the kept order is would be forgotten with its run: who erases Bo now must find it.
  const runs = async () => (await database.pool.query<{ id: string }>('select id from runs order by id')).rows.map(({ id }) => id);
  expect(await runs()).toEqual(['run_1', 'run_2']);
  await database.pool.query(`update kept_calls set state = 'delivered' where id = 'kept_bo'`);
  expect(await forgetOldMessages(database.pool, 100)).toBe(1);
  expect(await runs()).toEqual(['run_1']);
});

test('an erased contact is in no table any more, and nobody else is touched', async () => {
  // A colleague's answer, with a bill of hers.
  await database.pool.query(`
    insert into files (id, workspace_id, name, mime_type, size_bytes, sha256, content) values ('file_bill', 'ws_1', 'b', 'application/pdf', 1, '', '');
    insert into messages (id, workspace_id, conversation_id, direction, author, text, status, content)
      values ('m6', 'ws_1', 'conv_1', 'out', 'human', 'Your bill', 'sent', '{"attachments": [{"kind": "document", "fileId": "file_bill"}]}');
  `);
  const erase = (contactId: string) => transaction(database.pool, (client) => eraseContact(client, { workspaceId: 'ws_1', contactId }));
  expect(await erase('eve')).toBeNull();
  expect(await erase('ana')).toEqual({ conversations: 1, messages: 3, runs: 1, files: 2 });
  const { rows } = await database.pool.query<{ table: string }>(
    `select table_name as table from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  for (const { table } of rows) {
    const left = await database.pool.query(
      `select t::text as row from "${table}" t where t::text ~ '(\\mana\\M|Ana|conv_1|secret|file_hers|file_bill)'`,
    );
    expect(left.rows, table).toEqual([]);
  }
  expect(await found({})).toEqual(['m3']);
  expect((await database.pool.query('select id from inbox')).rows).toEqual([{ id: 'in_3' }]);
  const left = `select 'consent' as what, address from consents union select 'suppression', address from suppressions union select 'opt-out', address from opt_outs order by 1`;
  expect((await database.pool.query(left)).rows).toEqual([
    { what: 'consent', address: '11' },
    { what: 'opt-out', address: '1' },
  ]);
});
