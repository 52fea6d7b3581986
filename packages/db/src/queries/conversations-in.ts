import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

// Profiles on two channels rarely agree; the first one stays, or the name would change with every message.
const others = 'exists (select 1 from identities o where o.contact_id = c.id and o.id <> i.id)';

/** The contact behind an address, made when unknown. Names and languages are kept when the event has none, when staff wrote them, and when the contact has several addresses. */
export async function upsertContact(
  db: Queryable,
  given: {
    contactId: string;
    identityId: string;
    workspaceId: string;
    channelKind: string;
    address: string;
    name: string;
    language: string;
  },
): Promise<string> {
  const found = await db.query<{ contact_id: string }>({
    name: 'find-identity',
    text: `update contacts c set name = case when $4 = '' or 'name' = any (c.own_fields) or (c.name <> '' and ${others}) then c.name else $4 end,
        language = case when $5 = '' or 'language' = any (c.own_fields) or (c.language <> '' and ${others}) then c.language else $5 end
      from identities i where i.workspace_id = $1 and i.channel_kind = $2 and i.address = $3 and c.id = i.contact_id and c.workspace_id = $1 returning c.id as contact_id`,
    values: [given.workspaceId, given.channelKind, given.address, given.name, given.language],
  });
  if (found.rows[0]) return found.rows[0].contact_id;
  const made = await db.query<{ contact_id: string }>({
    name: 'insert-identity',
    // Two first messages at once: the identity's unique key decides, the loser reads the winner's contact.
    text: `with contact as (
        insert into contacts (id, workspace_id, name, language) values ($1, $3, $6, $7) returning id
      ), identity as (
        insert into identities (id, workspace_id, contact_id, channel_kind, address) select $2, $3, contact.id, $4, $5 from contact
        on conflict (workspace_id, channel_kind, address) do update set address = excluded.address returning contact_id
      ) select contact_id from identity`,
    values: [given.contactId, given.identityId, given.workspaceId, given.channelKind, given.address, given.name, given.language],
  });
  const row = made.rows[0];
  if (!row) throw new Error('An identity was neither found nor made.');
  return row.contact_id;
}

export interface IngestedConversation {
  id: string;
  isNew: boolean;
  heldBy: string;
  /** Burst window of its active run's flow, as a duration text. */
  activeBurst: string | null;
}

/** The conversation of an address on a channel, locked for the rest of the transaction. */
export async function upsertConversation(
  db: Queryable,
  given: { id: string; workspaceId: string; channelId: string; contactId: string; address: string; isGroup: boolean },
): Promise<IngestedConversation> {
  const result = await db.query<IngestedConversation>({
    name: 'upsert-conversation',
    text: `with found as (
        insert into conversations (id, workspace_id, channel_id, contact_id, address, is_group) values ($1, $2, $3, $4, $5, $6)
        on conflict (channel_id, address) do update set last_message_at = now() returning id, held_by, active_run_id
      )
      select found.id, found.id = $1 as "isNew", found.held_by as "heldBy",
        (select v.file -> 'settings' ->> 'mergeBurst' from runs r join versions v on v.flow_id = r.flow_id and v.id = r.version_id
          where r.id = found.active_run_id and r.status <> 'ended') as "activeBurst"
      from found`,
    values: [given.id, given.workspaceId, given.channelId, given.contactId, given.address, given.isGroup],
  });
  const row = result.rows[0];
  if (!row) throw new Error('A conversation was neither found nor made.');
  return row;
}

/**
 * READY: least(last message + burst window, first pending + 10 s); a message that came first and is committed last takes nothing off it. With what the customer's message opens: the window for free answers, and its thread.
 */
export async function setConversationReady(
  db: Queryable,
  id: string,
  burstMs: number,
  opens: { windowUntil: string | null; thread: JsonObject | null },
): Promise<Date> {
  const result = await db.query<{ ready_at: Date }>({
    name: 'set-conversation-ready',
    text: `update conversations set first_pending_at = coalesce(first_pending_at, now()), last_message_at = greatest(last_message_at, now()), last_in_at = greatest(last_in_at, now()),
        unreachable = null,
        window_until = greatest(window_until, $3), thread = coalesce($4, thread),
        ready_at = least(greatest(last_in_at, now()) + make_interval(secs => $2 / 1000.0), coalesce(first_pending_at, now()) + interval '10 s')
      where id = $1 returning ready_at`,
    values: [id, burstMs, opens.windowUntil, opens.thread === null ? null : JSON.stringify(opens.thread)],
  });
  return result.rows[0]?.ready_at ?? new Date();
}

/** Null when the conversation has this message already (the provider's id is unique in it). */
export async function insertInboundMessage(
  db: Queryable,
  message: {
    id: string;
    workspaceId: string;
    conversationId: string;
    text: string;
    content: JsonObject;
    providerMessageId: string | null;
    sentAt: string;
    metadata: JsonObject;
  },
): Promise<string | null> {
  const result = await db.query<{ id: string }>({
    name: 'insert-inbound-message',
    text: `insert into messages (id, workspace_id, conversation_id, direction, author, text, content, status, provider_message_id, sent_at, metadata)
      values ($1, $2, $3, 'in', 'customer', $4, $5, 'received', $6, $7, $8)
      on conflict (conversation_id, provider_message_id) where provider_message_id is not null and direction = 'in' do nothing returning id`,
    values: [
      message.id,
      message.workspaceId,
      message.conversationId,
      message.text,
      JSON.stringify(message.content),
      message.providerMessageId,
      message.sentAt,
      JSON.stringify(message.metadata),
    ],
  });
  return result.rows[0]?.id ?? null;
}

/** Answers the message's id, or null when we never had it. */
export async function editInboundMessage(
  db: Queryable,
  edit: { conversationId: string; providerMessageId: string; text: string; editedAt: string },
): Promise<string | null> {
  const result = await db.query<{ id: string }>(
    `update messages set text = $3, edited_at = $4, metadata = metadata || jsonb_build_object('before', coalesce(metadata -> 'before', '[]'::jsonb) || to_jsonb(text))
      where conversation_id = $1 and provider_message_id = $2 and direction = 'in' returning id`,
    [edit.conversationId, edit.providerMessageId, edit.text, edit.editedAt],
  );
  return result.rows[0]?.id ?? null;
}

/** A group that became a supergroup keeps its conversation under its new address; nothing moves when that address has one already. */
export async function moveConversation(
  db: Queryable,
  move: { workspaceId: string; channelId: string; channelKind: string; from: string; to: string },
): Promise<boolean> {
  const result = await db.query(
    `with moved as (
        update conversations set address = $4 where workspace_id = $1 and channel_id = $2 and address = $3
        and not exists (select 1 from conversations o where o.channel_id = $2 and o.address = $4) returning id
      ), identity as (
        update identities set address = $4 where workspace_id = $1 and channel_kind = $5 and address = $3
        and not exists (select 1 from identities o where o.workspace_id = $1 and o.channel_kind = $5 and o.address = $4)
      ) select id from moved`,
    [move.workspaceId, move.channelId, move.from, move.to, move.channelKind],
  );
  return (result.rowCount ?? 0) > 0;
}

/** Why the bot may not write there any more; null when it may again. */
export async function setConversationReachable(db: Queryable, channelId: string, address: string, unreachable: JsonValue): Promise<void> {
  await db.query('update conversations set unreachable = $3 where channel_id = $1 and address = $2', [
    channelId,
    address,
    unreachable === null ? null : JSON.stringify(unreachable),
  ]);
}

/** The conversation of an address, locked for the rest of the transaction; null when there is none. */
export async function lockConversationAt(db: Queryable, channelId: string, address: string): Promise<string | null> {
  const result = await db.query<{ id: string }>('select id from conversations where channel_id = $1 and address = $2 for no key update', [
    channelId,
    address,
  ]);
  return result.rows[0]?.id ?? null;
}

/** Starts a conversation over: its runs become another one's past, its handoffs close, what was said is forgotten. */
export async function forgetConversation(db: Queryable, id: string, byUserId: string): Promise<void> {
  await db.query(
    `with handed as (
        update handoffs set status = 'closed', ended_by = $2, ended_at = now() where conversation_id = $1 and status in ('open', 'claimed')
      ), unread as (
        update inbox set state = 'set-aside' where conversation_id = $1 and state = 'pending'
      ), past as (
        update runs set conversation_id = null where conversation_id = $1 and status <> 'ended'
      ), said as (
        delete from messages where conversation_id = $1
      )
      update conversations set held_by = 'bot', holder_user_id = null, active_run_id = null, ready_at = null, first_pending_at = null where id = $1`,
    [id, byUserId],
  );
}
