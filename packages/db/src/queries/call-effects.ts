import type { JsonValue } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';
import { settlingQuery } from './call-settlements.ts';
import { addEntries, journalColumns, type Append, type Hold } from './journal.ts';
import { messageStatus } from './send-ledger.ts';

/** A non-idempotent call in the ledger. */
export interface CallEffect {
  key: string;
  state: 'planned' | 'dispatching' | 'accepted' | 'rejected' | 'unknown' | 'cancelled';
  attempt: number;
  payloadHash: string;
  result: JsonValue;
  problem: JsonValue;
}

export interface CallAttempt {
  key: string;
  stepId: string;
  part: string;
  attempt: number;
  payloadHash: string;
}

/**
 * EFFECT tx1 for a call, in one statement: GUARD, the journal so far, planned → dispatching. `isMine` says that this attempt
 * may write its bytes now; otherwise the row says what an earlier try at it came to. Not held: the journal moved on, or the owner changed.
 */
export async function dispatchCall(
  db: Queryable,
  { hold, known, entries, ...news }: Append,
  call: CallAttempt,
): Promise<{ isHeld: boolean; isMine: boolean }> {
  const result = await db.query<{ is_held: boolean; is_mine: boolean }>(
    settlingQuery(news, {
      name: 'dispatch-call',
      values: [
        hold.runId,
        hold.epoch,
        hold.owner,
        known,
        ...journalColumns(entries),
        call.key,
        call.stepId,
        call.part,
        call.attempt,
        call.payloadHash,
      ],
      text: (settled) => `with held as (
        update runs set entries = entries + cardinality($5::text[]) where id = $1 and epoch = $2 and owner = $3 and entries = $4 returning id, workspace_id
      ), added as (${addEntries('$2', 5)})${settled}, mine as (
        insert into effects (key, workspace_id, kind, run_id, step_id, part, epoch, attempt, state, payload_hash, dispatched_at)
        select $9, held.workspace_id, 'call', held.id, $10, $11, $2, $12, 'dispatching', $13, now() from held
        on conflict (key) do update set state = 'dispatching', epoch = excluded.epoch, attempt = excluded.attempt, payload_hash = excluded.payload_hash,
          dispatched_at = now(), settled_at = null, result = null, problem = null
        where effects.attempt < excluded.attempt or (effects.state = 'planned' and effects.payload_hash = excluded.payload_hash)
        returning key
      )
      select exists (select 1 from held) as is_held, exists (select 1 from mine) as is_mine`,
    }),
  );
  const row = result.rows[0];
  return { isHeld: row?.is_held ?? false, isMine: row?.is_mine ?? false };
}

export async function findCallEffect(db: Queryable, key: string): Promise<CallEffect | null> {
  const result = await db.query<CallEffect>({
    name: 'find-call-effect',
    text: `select key, state, attempt, payload_hash as "payloadHash", result, problem from effects where key = $1 and kind = 'call'`,
    values: [key],
  });
  return result.rows[0] ?? null;
}

/** Whether an attempt of a step has a call of which only its process knew what came of it. */
export async function hasLostCall(
  db: Queryable,
  { runId, stepId, attempt }: { runId: string; stepId: string; attempt: number },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'has-lost-call',
    text: `select 1 from effects where run_id = $1 and step_id = $2 and attempt = $3 and kind = 'call' and state = 'dispatching' limit 1`,
    values: [runId, stepId, attempt],
  });
  return rowCount === 1;
}

/** Whether an attempt of a step has made a call that must not be made twice, unless it is known that nothing came of it. */
export async function hasCallGoneOut(
  db: Queryable,
  { runId, stepId, attempt }: { runId: string; stepId: string; attempt: number },
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'has-call-gone-out',
    text: `select 1 from effects where run_id = $1 and step_id = $2 and attempt = $3 and kind = 'call' and state in ('dispatching', 'accepted', 'unknown') limit 1`,
    values: [runId, stepId, attempt],
  });
  return rowCount === 1;
}

/** A call that was written down as dispatching and then came too late to be made: planned again, if the run is still ours. Nothing was sent. */
export async function takeBackCall(db: Queryable, hold: Hold, { key, attempt }: { key: string; attempt: number }): Promise<boolean> {
  const result = await db.query({
    name: 'take-back-call',
    text: `with held as (select id from runs where id = $1 and epoch = $2 and owner = $3 for share)
      update effects set state = 'planned' from held where effects.key = $4 and effects.attempt = $5 and effects.state = 'dispatching'`,
    values: [hold.runId, hold.epoch, hold.owner, key, attempt],
  });
  return result.rowCount === 1;
}

/** What a step that is skipped, ended or jumped away from had only planned does not leave any more, and its message says so. */
export async function cancelPlannedEffects(db: Queryable, runId: string, stepIds: readonly string[]): Promise<void> {
  await db.query(
    `with gone as (update effects set state = 'cancelled', settled_at = now() where run_id = $1 and step_id = any($2) and state = 'planned' returning key, message_id),
      p as (select e.message_id, case when e.key in (select key from gone) then 'cancelled' else e.state end as state, e.status from effects e where e.message_id in (select message_id from gone)),
      now_is as (select p.message_id, ${messageStatus} as status from p group by p.message_id)
      update messages m set status = now_is.status from now_is where m.id = now_is.message_id`,
    [runId, stepIds],
  );
}
