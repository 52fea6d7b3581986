import { onlyRow, type Queryable } from '../pool.ts';

/** A message waits because people paused its channel: it stands in the queue of that, as calls do. Answers for how long it has waited, and where. */
export async function holdSend(
  db: Queryable,
  { runId, stepId, conversationId, forMs }: { runId: string; stepId: string; conversationId: string; forMs: number },
): Promise<{ heldMs: number; provider: string }> {
  const { rows } = await db.query<{ heldMs: number; provider: string }>(
    `insert into held_calls (run_id, step_id, workspace_id, provider, code, until)
      select $1, $2, v.workspace_id, 'channel:' || v.channel_id, 'upstream.paused', now() + make_interval(secs => $4::float8 / 1000) from conversations v where v.id = $3
      on conflict (run_id, step_id) do update set provider = excluded.provider, code = excluded.code, until = excluded.until, ring_at = null
      returning provider, (1000 * extract(epoch from (now() - since)))::float8 as "heldMs"`,
    [runId, stepId, conversationId, forMs],
  );
  return onlyRow(rows);
}
