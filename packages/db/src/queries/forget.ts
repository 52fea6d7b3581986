import type { PoolClient, Queryable } from '../pool.ts';
import { forgetKeptAnswers } from './cached-answers.ts';

/** What customers and colleagues sent, or a run made, is of one person; what staff put into a flow is sent by many and stays. */
const filesOf = (messages: string) =>
  `delete from files f using (select distinct a ->> 'fileId' as id, workspace_id, author from ${messages} m, jsonb_array_elements(
     case jsonb_typeof(m.content -> 'attachments') when 'array' then m.content -> 'attachments' else '[]' end) a) gone
   where f.id = gone.id and f.workspace_id = gone.workspace_id and (gone.author <> 'bot' or f.run_id is not null)`;

export interface Erased {
  conversations: number;
  messages: number;
  runs: number;
  files: number;
}

/** What came in raw and belongs to no conversation: it could not be taken in, or came before there was one. By the addresses that stand in it. */
const rawOfStrangers = `delete from inbox i using channels c where i.workspace_id = $1 and i.conversation_id is null and c.id = i.channel_id and exists (
  select 1 from identities d where d.workspace_id = $1 and d.contact_id = $2 and d.channel_kind = c.kind
    and i.payload::text ~ ('(^|[^0-9A-Za-z])' || regexp_replace(ltrim(d.address, '+'), '([^0-9A-Za-z])', '\\\\\\1', 'g') || '($|[^0-9A-Za-z])'))`;

/** Alerts about what steps of these runs kept: each names it. */
const alertsOfKept = `delete from alerts a using kept_calls k where k.run_id = any ($2) and a.workspace_id = $1 and k.workspace_id = $1
  and a.subject in (k.provider || ' kept', k.provider || ' waits') and strpos(a.detail, k.what) > 0`;

/** What a repair that is over says of its runs' data; one that goes on has lost the run with its row. */
const blankRepairs = `update repairs p set about = p.about || '{"detail": ""}', note = null,
    act = case when p.act ? 'edit' then jsonb_set(p.act #- '{edit,from}', '{edit,to}', '""') else p.act end
  where p.workspace_id = $1 and p.ended_at is not null and exists (select 1 from repair_runs i join runs r on r.id = i.run_id
    where i.repair_id = p.id and (r.contact_id = $2 or r.conversation_id = any ($3)))`;

/**
 * Erases a contact: identities, conversations, messages, the files in them but the flows' own, what came in raw, handoffs, and every run about them with its
 * journal, effects and kept calls, their alerts, what they had allowed and what came back from their addresses. Kept: that an address asked us not to write, and the audit. Null: there is no such contact.
 */
export async function eraseContact(client: PoolClient, args: { workspaceId: string; contactId: string }): Promise<Erased | null> {
  const given = [args.workspaceId, args.contactId];
  const found = await client.query('select 1 from contacts where workspace_id = $1 and id = $2 for update', given);
  if (found.rowCount === 0) return null;
  // No message comes in between: ingest locks these rows too.
  const locked = await client.query<{ id: string }>(
    'select id from conversations where workspace_id = $1 and contact_id = $2 order by id for update',
    given,
  );
  const conversations = locked.rows.map((row) => row.id);
  // Nor does a step keep anything: it would outlive its run.
  const theirs = await client.query<{ id: string }>(
    'select id from runs where workspace_id = $1 and (contact_id = $2 or conversation_id = any ($3)) order by id for update',
    [...given, conversations],
  );
  const ids = theirs.rows.map(({ id }) => id);
  await client.query(alertsOfKept, [args.workspaceId, ids]);
  await client.query('delete from kept_calls where run_id = any ($1)', [ids]);
  await client.query(blankRepairs, [...given, conversations]);
  const runs = await client.query<{ id: string }>('delete from runs where id = any ($1) returning id', [ids]);
  const files = await client.query(`with m as (select * from messages where conversation_id = any ($1)) ${filesOf('m')}`, [conversations]);
  await client.query(
    `delete from alerts where workspace_id = $1 and (subject = any ($3) or subject in (select id from handoffs where conversation_id = any ($2)))`,
    [args.workspaceId, conversations, runs.rows.map(({ id }) => id)],
  );
  const messages = await client.query('delete from messages where conversation_id = any ($1)', [conversations]);
  await client.query('delete from inbox where conversation_id = any ($1)', [conversations]);
  await client.query(rawOfStrangers, given);
  for (const table of ['consents', 'suppressions'])
    await client.query(
      `delete from ${table} t using identities d where d.workspace_id = $1 and d.contact_id = $2 and t.workspace_id = $1 and t.channel_kind = d.channel_kind and t.address = d.address`,
      given,
    );
  await client.query('delete from effects where conversation_id = any ($1)', [conversations]);
  await client.query('delete from conversations where id = any ($1)', [conversations]);
  await forgetKeptAnswers(client, args.workspaceId);
  await client.query('delete from contacts where workspace_id = $1 and id = $2', given);
  return {
    conversations: conversations.length,
    messages: messages.rowCount ?? 0,
    runs: runs.rowCount ?? 0,
    files: files.rowCount ?? 0,
  };
}

/**
 * Deletes a page of messages that are older than their channel keeps them, with their files and what came in raw; and ended runs of such conversations with
 * their journals, but not before what they kept is delivered or given up: whose it is would be forgotten with them. Answers how many messages, runs and raw events went; ask again until none do.
 */
export async function forgetOldMessages(db: Queryable, limit: number): Promise<number> {
  const { rows } = await db.query<{ gone: number }>(
    `with old as (
        select m.id, m.workspace_id, m.author, m.content from messages m join conversations k on k.id = m.conversation_id join channels c on c.id = k.channel_id
          where c.keep_days is not null and m.created_at < now() - make_interval(days => c.keep_days) limit $1
      ), files_gone as (${filesOf('old')}),
      inbox_gone as (delete from inbox i using old where i.message_id = old.id),
      beside_gone as (
        delete from inbox where id in (
          select i.id from channels c join inbox i on i.channel_id = c.id
            where c.keep_days is not null and i.message_id is null and i.state <> 'pending' and i.received_at < now() - make_interval(days => c.keep_days) limit $1) returning 1
      ),
      effects_gone as (delete from effects e using old where e.message_id = old.id),
      messages_gone as (delete from messages m using old where m.id = old.id returning 1),
      runs_gone as (
        delete from runs where id in (
          select r.id from runs r join conversations k on k.id = r.conversation_id join channels c on c.id = k.channel_id
            where c.keep_days is not null and r.ended_at < now() - make_interval(days => c.keep_days)
              and not exists (select 1 from kept_calls o where o.run_id = r.id and o.state in ('waiting', 'dispatching', 'stopped')) limit $1) returning 1
      )
      select ((select count(*) from messages_gone) + (select count(*) from runs_gone) + (select count(*) from beside_gone))::int as gone`,
    [limit],
  );
  return rows[0]?.gone ?? 0;
}
