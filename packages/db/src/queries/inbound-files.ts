import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';
import type { ChannelSecret } from './channels.ts';

/** A run reads a message without its file rather than let its customer wait longer. */
const holdSeconds = 20;

/** Files of a message that are to be fetched from its provider. `isRead`: a run will read the message, so it waits for them a moment. */
export async function insertInboundFiles(
  db: Queryable,
  given: {
    messageId: string;
    workspaceId: string;
    channelId: string;
    conversationId: string;
    isRead: boolean;
    files: readonly { position: number; providerFileId: string }[];
  },
): Promise<void> {
  await db.query({
    name: 'insert-inbound-files',
    text: `insert into inbound_files (message_id, position, workspace_id, channel_id, conversation_id, provider_file_id, hold_until)
      select $1, f.position, $2, $3, $4, f.id, case when $5 then clock_timestamp() + make_interval(secs => $6) end
      from unnest($7::int[], $8::text[]) as f (position, id)`,
    values: [
      given.messageId,
      given.workspaceId,
      given.channelId,
      given.conversationId,
      given.isRead,
      holdSeconds,
      given.files.map(({ position }) => position),
      given.files.map(({ providerFileId }) => providerFileId),
    ],
  });
}

export interface DueFile {
  messageId: string;
  position: number;
  conversationId: string;
  providerFileId: string;
  /** This one counted. */
  attempt: number;
  ageMs: number;
  /** As it stands in the message: kind, name, type. Null when the message has no such attachment. */
  attachment: JsonObject | null;
  channel: ChannelSecret;
}

/** Takes files that are due; nobody else gets them within `leaseMs`. */
export async function takeDueFiles(db: Queryable, args: { limit: number; leaseMs: number }): Promise<DueFile[]> {
  const { rows } = await db.query<DueFile & ChannelSecret>({
    name: 'take-due-files',
    text: `with due as (
        select message_id, position from inbound_files where due_at <= now() order by due_at limit $1 for update skip locked
      ), taken as (
        update inbound_files f set attempt = attempt + 1, due_at = now() + make_interval(secs => $2 / 1000.0) from due
        where f.message_id = due.message_id and f.position = due.position returning f.*
      )
      select t.message_id as "messageId", t.position, t.conversation_id as "conversationId", t.provider_file_id as "providerFileId", t.attempt,
        (extract(epoch from now() - t.received_at) * 1000)::float8 as "ageMs", m.content -> 'attachments' -> t.position as attachment,
        c.id, c.workspace_id as "workspaceId", c.kind, c.name, c.status, c.config, c.secret, c.key_id as "keyId"
      from taken t join channels c on c.id = t.channel_id join messages m on m.id = t.message_id`,
    values: [args.limit, args.leaseMs],
  });
  return rows.map(({ id, workspaceId, kind, name, status, config, secret, keyId, ...file }) => ({
    ...file,
    channel: { id, workspaceId, kind, name, status, config, secret, keyId },
  }));
}

type At = Pick<DueFile, 'messageId' | 'position'>;

/** Nothing is to be fetched any more. False: the message is gone, or somebody else was faster. */
export async function endInboundFile(db: Queryable, { messageId, position }: At): Promise<boolean> {
  const { rowCount } = await db.query('delete from inbound_files where message_id = $1 and position = $2', [messageId, position]);
  return rowCount === 1;
}

/** The message says where its file is. The caller holds the conversation's lock. */
export async function attachInboundFile(db: Queryable, { messageId, position }: At, file: JsonObject): Promise<void> {
  const path = ['attachments', String(position)];
  const given = [messageId, path, JSON.stringify(file)];
  await db.query('update messages set content = jsonb_set(content, $2, (content #> $2) || $3::jsonb) where id = $1', given);
  await db.query(
    `update inbox set payload = jsonb_set(payload, $2, (payload #> $2) || $3::jsonb) where message_id = $1 and payload #> $2 is not null`,
    given,
  );
}

/** Tried again in `forMs`; when that is later than its message may be held, the message is read without it. */
export async function postponeInboundFile(db: Queryable, { messageId, position }: At, forMs: number): Promise<void> {
  await db.query(
    `update inbound_files set due_at = now() + make_interval(secs => $3 / 1000.0),
        hold_until = case when hold_until > now() + make_interval(secs => $3 / 1000.0) then hold_until end
      where message_id = $1 and position = $2`,
    [messageId, position, forMs],
  );
}

/** Nothing is held any more: what waited can be claimed. In how many milliseconds; null while another file is missing, or nothing waits. */
export async function wakeAfterFiles(db: Queryable, conversationId: string): Promise<number | null> {
  const { rows } = await db.query<{ inMs: number }>(
    `update conversations c set ready_at = coalesce(c.ready_at, now()) where c.id = $1
        and exists (select 1 from inbox i where i.conversation_id = $1 and i.state = 'pending')
        and not exists (select 1 from inbound_files f where f.conversation_id = $1 and f.hold_until > now())
      returning greatest(0, extract(epoch from c.ready_at - now()) * 1000)::float8 as "inMs"`,
    [conversationId],
  );
  return rows[0]?.inMs ?? null;
}
