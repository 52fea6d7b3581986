import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

export interface SameReply {
  workspaceId: string;
  channelId: string;
  channel: string;
  channelKind: string;
  config: JsonObject;
  /** How it begins. */
  text: string;
  people: number;
}

/** What the bot said word by word to at least so many people on a channel within the last hour, the most frequent of each channel. Reads that hour's messages. */
export async function listSameReplies(db: Queryable, atLeast: number): Promise<SameReply[]> {
  const { rows } = await db.query<SameReply>(
    `select distinct on (same."channelId") same.*, c.name as channel, c.kind as "channelKind", c.config from (
        select m.workspace_id as "workspaceId", v.channel_id as "channelId", left(min(m.text), 80) as text, count(distinct m.conversation_id)::int as people
          from workspaces w join messages m on m.workspace_id = w.id and m.created_at > now() - interval '1 hour' join conversations v on v.id = m.conversation_id
          where m.author = 'bot' and m.direction = 'out' and length(m.text) >= 20 and m.status in ('sent', 'delivered', 'read')
          group by 1, 2, md5(lower(m.text)) having count(distinct m.conversation_id) >= $1) same
      join channels c on c.id = same."channelId" order by same."channelId", people desc`,
    [atLeast],
  );
  return rows;
}
