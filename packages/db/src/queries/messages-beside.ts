import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

/** What staff wrote with the provider's own app: said already, by nobody we know. Answers null for one that is stored. */
export async function insertEcho(
  db: Queryable,
  echo: {
    id: string;
    workspaceId: string;
    conversationId: string;
    text: string;
    content: JsonObject;
    providerMessageId: string;
    sentAt: string;
  },
): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>(
    `insert into messages (id, workspace_id, conversation_id, direction, author, text, content, status, provider_message_id, sent_at, metadata)
     select $1, $2, $3, 'out', 'human', $4, $5, 'sent', $6, $7, '{"by": "provider-app"}'
      where not exists (select 1 from messages where conversation_id = $3 and provider_message_id = $6 and direction = 'out') returning id`,
    [echo.id, echo.workspaceId, echo.conversationId, echo.text, JSON.stringify(echo.content), echo.providerMessageId, echo.sentAt],
  );
  return rows[0]?.id ?? null;
}

/** An emoji that somebody put to a message of either side; null takes it back. Answers the message's id, or null when it is not known. */
export async function setReaction(
  db: Queryable,
  given: { conversationId: string; providerMessageId: string; by: string; emoji: string | null },
): Promise<string | null> {
  const { rows } = await db.query<{ id: string }>(
    `update messages set metadata = jsonb_set(metadata, '{reactions}', case when $4::text is null
              then coalesce(metadata -> 'reactions', '{}') - $3::text
              else coalesce(metadata -> 'reactions', '{}') || jsonb_build_object($3::text, $4::text) end)
      where conversation_id = $1 and provider_message_id = $2 returning id`,
    [given.conversationId, given.providerMessageId, given.by, given.emoji],
  );
  return rows[0]?.id ?? null;
}

/** The provider opened a window by itself, as for somebody who came by an advertisement. Never gets shorter. */
export async function openWindowAt(
  db: Queryable,
  given: { channelId: string; addresses: readonly string[]; until: string },
): Promise<void> {
  await db.query('update conversations set window_until = greatest(window_until, $3) where channel_id = $1 and address = any($2)', [
    given.channelId,
    given.addresses,
    given.until,
  ]);
}
