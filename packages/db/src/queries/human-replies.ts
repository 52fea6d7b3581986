import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

export interface NewHumanReply {
  messageId: string;
  workspaceId: string;
  conversationId: string;
  userId: string;
  text: string;
  content: JsonObject;
  payloadHash: string;
}

/** A person's message and its place in the delivery queue, in one statement. Answers false when the conversation is not theirs. */
export async function insertHumanReply(db: Queryable, reply: NewHumanReply): Promise<boolean> {
  const result = await db.query(
    `with conversation as (
        update conversations set last_message_at = now() where id = $2 and workspace_id = $3 returning id, channel_id
      ), message as (
        insert into messages (id, workspace_id, conversation_id, direction, author, author_user_id, text, content, status)
        select $1, $3, c.id, 'out', 'human', $4, $5, $6, 'planned' from conversation c returning id
      )
      insert into effects (key, workspace_id, kind, part, state, payload_hash, message_id, channel_id, conversation_id, author)
      select 'human:' || $1, $3, 'send', '', 'planned', $7, $1, c.channel_id, c.id, 'human' from conversation c`,
    [reply.messageId, reply.conversationId, reply.workspaceId, reply.userId, reply.text, JSON.stringify(reply.content), reply.payloadHash],
  );
  return result.rowCount === 1;
}
