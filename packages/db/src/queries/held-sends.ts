import { onlyRow, type Queryable } from '../pool.ts';

interface HeldSend {
  runId: string;
  stepId: string;
  conversationId: string;
  code: string;
  /** When its run began: what its place is decided by. */
  turn: Date;
  /** In milliseconds from now. */
  forMs: number;
}

/** A message waits for its channel: it stands in the queue of that, as calls do. Answers for how long it has waited, and where. */
export async function holdSend(
  db: Queryable,
  { runId, stepId, conversationId, code, turn, forMs }: HeldSend,
): Promise<{ heldMs: number; provider: string }> {
  const { rows } = await db.query<{ heldMs: number; provider: string }>(
    `with channel as (select v.workspace_id, 'channel:' || v.channel_id as key, h.name from conversations v join channels h on h.id = v.channel_id where v.id = $3),
      known as (insert into providers (workspace_id, key, kind, name, changed_at) select workspace_id, key, 'channel', name, '-infinity' from channel on conflict do nothing)
      insert into held_calls (run_id, step_id, workspace_id, provider, code, until, turn)
        select $1, $2, workspace_id, key, $4, now() + make_interval(secs => $5::float8 / 1000), $6 from channel
        on conflict (run_id, step_id) do update set provider = excluded.provider, code = excluded.code, until = excluded.until, ring_at = null
      returning provider, (1000 * extract(epoch from (now() - since)))::float8 as "heldMs"`,
    [runId, stepId, conversationId, code, forMs, turn],
  );
  return onlyRow(rows);
}
