import type { Queryable } from '../pool.ts';

/** How a channel stands with its provider, and what it has cost. */
export interface ChannelSending {
  channelId: string;
  quality: string | null;
  /** People a day whom the provider lets it write to first; -1: any; null: it never said. */
  peoplePerDay: number | null;
  automationPaused: { reason: string; at: string } | null;
  /** Conversations in which free text may be sent now. */
  openWindows: number;
  /** Of this calendar month (UTC), as far as prices are known; millionths. */
  costs: { currency: string; micro: number }[];
  /** Of the messages of the last 24 hours: how many the provider took, and how many of them came back or failed. */
  recent: { taken: number; failed: number };
}

/** Of all channels of a workspace, or of one. */
export async function listChannelSending(
  db: Queryable,
  args: { workspaceId: string; channelId: string | null },
): Promise<Map<string, ChannelSending>> {
  const { rows } = await db.query<ChannelSending>(
    `select c.id as "channelId", c.quality, c.messaging_limit as "peoplePerDay",
        case when c.automation_paused is not null then jsonb_build_object('reason', coalesce(c.automation_paused ->> 'reason', ''), 'at', coalesce(c.automation_paused ->> 'at', iso(now()))) end as "automationPaused",
        (select count(*)::int from conversations v where v.channel_id = c.id and v.window_until > now()) as "openWindows",
        coalesce((select jsonb_agg(jsonb_build_object('currency', p.price_currency, 'micro', p.micro) order by p.price_currency) from (
          select e.price_currency, sum(e.price_micro) as micro from effects e
           where e.channel_id = c.id and e.price_currency is not null and e.price_micro is not null and e.created_at >= date_trunc('month', now() at time zone 'UTC') at time zone 'UTC'
           group by e.price_currency) p), '[]') as costs,
        (select jsonb_build_object('taken', count(*), 'failed', count(*) filter (where e.status = 'failed')) from effects e
          where e.channel_id = c.id and e.provider_message_id is not null and e.created_at > now() - interval '24 hours') as recent
       from channels c where c.workspace_id = $1 and ($2::text is null or c.id = $2)`,
    [args.workspaceId, args.channelId],
  );
  return new Map(rows.map((row) => [row.channelId, row]));
}

/** Whether free text may be sent to an address now, on channels that take it only for a time after the customer wrote. */
export async function isWindowOpen(db: Queryable, args: { workspaceId: string; channelId: string; address: string }): Promise<boolean> {
  const { rows } = await db.query<{ isOpen: boolean }>(
    `select window_until > now() as "isOpen" from conversations where workspace_id = $1 and channel_id = $2 and address = $3`,
    [args.workspaceId, args.channelId, args.address],
  );
  return rows[0]?.isOpen ?? false;
}
