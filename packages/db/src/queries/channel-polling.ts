import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

const leaseSeconds = 10;

/** Takes or renews the lease of one poller per channel, also from a process that is known to be dead. Answers the next update to ask for; null: it is somebody else's, or no longer active. */
export async function holdPollingLease(
  db: Queryable,
  args: { channelId: string; process: string },
): Promise<{ offset: number | null } | null> {
  const { rows } = await db.query<{ offset: number | null }>({
    name: 'hold-polling-lease',
    text: `update channels c set lease_owner = $2, lease_until = now() + make_interval(secs => ${leaseSeconds})
      where c.id = $1 and c.status = 'active' and (c.lease_owner is null or c.lease_owner = $2 or c.lease_until is null or c.lease_until < now()
        or exists (select 1 from leases l where l.process = c.lease_owner and l.seen_at < now() - interval '5 s'))
      returning case when c.poll_offset_at > now() - interval '6 days' then c.poll_offset end as offset`,
    values: [args.channelId, args.process],
  });
  return rows[0] ?? null;
}

/** After the rows of a batch are committed: the next update to ask for. Never goes back, unless Telegram may have begun to count anew. */
export async function savePollOffset(db: Queryable, args: { channelId: string; process: string; offset: number }): Promise<void> {
  await db.query({
    name: 'save-poll-offset',
    text: `update channels set poll_offset = case when poll_offset_at > now() - interval '6 days' then greatest(poll_offset, $3) else $3 end, poll_offset_at = now() where id = $1 and lease_owner = $2`,
    values: [args.channelId, args.process, args.offset],
  });
}

export async function endPollingLease(db: Queryable, args: { channelId: string; process: string }): Promise<void> {
  await db.query('update channels set lease_owner = null, lease_until = null where id = $1 and lease_owner = $2', [
    args.channelId,
    args.process,
  ]);
}

/** Which of these events the inbox has already: nothing is downloaded twice for them. */
export async function knownEvents(db: Queryable, args: { channelId: string; eventIds: readonly string[] }): Promise<string[]> {
  const { rows } = await db.query<{ event_id: string }>({
    name: 'known-events',
    text: 'select event_id from inbox where channel_id = $1 and event_id = any($2)',
    values: [args.channelId, args.eventIds],
  });
  return rows.map((row) => row.event_id);
}

/** Keeps an event that can't be taken in, so that it is neither lost nor holds up what follows. */
export async function parkEvent(
  db: Queryable,
  event: { id: string; workspaceId: string; channelId: string; eventId: string; kind: string; payload: JsonObject; problem: JsonObject },
): Promise<void> {
  await db.query(
    `insert into inbox (id, workspace_id, channel_id, event_id, kind, payload, state, problem) values ($1, $2, $3, $4, $5, $6, 'parked', $7) on conflict (channel_id, event_id) do nothing`,
    [event.id, event.workspaceId, event.channelId, event.eventId, event.kind, JSON.stringify(event.payload), JSON.stringify(event.problem)],
  );
}
