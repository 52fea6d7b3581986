import type { Queryable } from '../pool.ts';
import { searchTerms } from './search-terms.ts';
import { messageColumns, type MessageView } from './talk-views.ts';

/** Which messages; null leaves a field open. */
export interface MessageFilter {
  workspaceId: string;
  conversationId: string | null;
  channelId: string | null;
  channelKind: string | null;
  contactId: string | null;
  runId: string | null;
  author: 'customer' | 'bot' | 'human' | null;
  /** Every word must be in the message, its last letters may be missing. */
  search: string | null;
  from: string | null;
  to: string | null;
}

export type StoredMessage = MessageView & {
  workspaceId: string;
  channel: string;
  channelKind: string;
  contact: string;
  contactId: string;
  address: string;
  providerMessageId: string | null;
  /** To the microsecond, for the next page. */
  exactAt: string;
};

const storedColumns = `${messageColumns}, m.workspace_id as "workspaceId", ch.name as channel, ch.kind as "channelKind", ct.name as contact, ct.id as "contactId", split_part(k.address, '#', 1) as address,
  m.provider_message_id as "providerMessageId", m.created_at::text as "exactAt"`;
const storedTables =
  'messages m join conversations k on k.id = m.conversation_id join channels ch on ch.id = k.channel_id join contacts ct on ct.id = k.contact_id';
const matches = `m.workspace_id = $1 and ($2::text is null or m.conversation_id = $2) and ($3::text is null or k.channel_id = $3)
  and ($4::text is null or ch.kind = $4) and ($5::text is null or k.contact_id = $5) and ($6::text is null or m.run_id = $6)
  and ($7::text is null or m.author = $7) and ($8::text is null or m.words @@ to_tsquery('simple', $8)) and ($9::text is null or m.text ilike $9)
  and ($10::timestamptz is null or m.created_at >= $10) and ($11::timestamptz is null or m.created_at < $11)`;

/** Pages of messages: oldest first for exports, newest first to read. `after` is the last row of the page before. */
export async function listStoredMessages(
  db: Queryable,
  filter: MessageFilter,
  page: { order: 'oldest' | 'newest'; after: { at: string; id: string } | null; limit: number },
): Promise<StoredMessage[]> {
  const [compare, direction] = page.order === 'oldest' ? ['>', ''] : ['<', 'desc'];
  const { words, pattern } = searchTerms(filter.search);
  const { rows } = await db.query<StoredMessage>(
    `select ${storedColumns} from ${storedTables}
      where ${matches} and ($12::text is null or (m.created_at, m.id) ${compare} ($12::timestamptz, $13))
      order by m.created_at ${direction}, m.id ${direction} limit $14`,
    [
      filter.workspaceId,
      filter.conversationId,
      filter.channelId,
      filter.channelKind,
      filter.contactId,
      filter.runId,
      filter.author,
      words,
      pattern,
      filter.from,
      filter.to,
      page.after?.at ?? null,
      page.after?.id ?? '',
      page.limit,
    ],
  );
  return rows;
}

/** Null: for ever. */
export async function loadRetention(
  db: Queryable,
  args: { workspaceId: string; channelId: string },
): Promise<{ keepDays: number | null } | null> {
  const { rows } = await db.query<{ keepDays: number | null }>(
    'select keep_days as "keepDays" from channels where workspace_id = $1 and id = $2',
    [args.workspaceId, args.channelId],
  );
  return rows[0] ?? null;
}

export async function saveRetention(
  db: Queryable,
  args: { workspaceId: string; channelId: string; keepDays: number | null },
): Promise<void> {
  await db.query('update channels set keep_days = $3 where workspace_id = $1 and id = $2', [
    args.workspaceId,
    args.channelId,
    args.keepDays,
  ]);
}
