import type { Queryable } from '../pool.ts';

/**
 * Notes which of Temporal's databases answered `agoMs` ago. True when it is another one than before: what ran there is lost. An id that
 * somebody confirmed within the last 3 s stays: a late answer, or a server pointed at another Temporal, must not turn it back and forth.
 */
export async function noteTemporalBirth(db: Queryable, namespaceId: string, agoMs: number): Promise<boolean> {
  const result = await db.query<{ isNew: boolean }>({
    name: 'note-temporal-birth',
    text: `with before as (select namespace_id from temporal_birth)
      insert into temporal_birth as b (namespace_id, seen_at) values ($1, now() - make_interval(secs => $2 / 1000.0))
      on conflict (one) do update set namespace_id = excluded.namespace_id, seen_at = greatest(b.seen_at, excluded.seen_at),
        lost_before = case when b.namespace_id <> excluded.namespace_id then b.seen_at else b.lost_before end,
        born_at = case when b.namespace_id <> excluded.namespace_id then now() else b.born_at end
      where b.namespace_id = excluded.namespace_id or b.seen_at < excluded.seen_at - interval '3 s'
      returning exists (select 1 from before where before.namespace_id <> b.namespace_id) as "isNew"`,
    values: [namespaceId, agoMs],
  });
  return result.rows[0]?.isNew ?? false;
}

/** LOST for all runs of a Temporal database that is gone, `limit` at a time: TAKEOVER in one statement. Due first: what was working, then what has a deadline soon; who writes to one of the others has it started at once. Answers how many. */
export async function takeOverLostRuns(db: Queryable, limit: number): Promise<number> {
  const result = await db.query({
    name: 'take-over-lost-runs',
    text: `with lost as (
        select id from runs where lane = 'temporal' and updated_at <= (select lost_before from temporal_birth) limit $1 for update skip locked
      ), taken as (
        update runs r set lane = 'handover', owner = null, epoch = epoch + 1, entries = entries + 1, ring_attempts = 0, updated_at = now(),
          ring_at = now() - case when status = 'running' then interval '1 minute' when wake_at < now() + interval '5 minutes' then interval '30 s' else interval '0' end
        from lost where r.id = lost.id returning r.id, r.workspace_id, r.epoch
      )
      insert into journal (run_id, workspace_id, kind, epoch, entry)
        select id, workspace_id, 'handed-over', epoch, jsonb_build_object('kind', 'handed-over', 'at', iso(now()), 'cause', 'temporal-lost') from taken`,
    values: [limit],
  });
  return result.rowCount ?? 0;
}

/** True for one process per `everyMs`: that one compares our runs with Temporal's list. Every 3 s in the first minute of a new database: what was touched between our last sight of the old one and its end is found so. */
export async function claimComparison(db: Queryable, everyMs: number): Promise<boolean> {
  const result = await db.query({
    name: 'claim-comparison',
    text: `update temporal_birth set compared_at = now() where compared_at < now() - case when born_at > now() - interval '1 minute' then interval '3 s' else make_interval(secs => $1 / 1000.0) end`,
    values: [everyMs],
  });
  return result.rowCount === 1;
}

/** Runs that Temporal should know and that were left alone for `idleMs`, a page in the order of their ids. */
export async function runsInTemporal(
  db: Queryable,
  { after, limit, idleMs }: { after: string; limit: number; idleMs: number },
): Promise<{ id: string; epoch: number }[]> {
  const result = await db.query<{ id: string; epoch: number }>({
    name: 'runs-in-temporal',
    text: `select id, epoch from runs where lane = 'temporal' and id > $1 and updated_at < now() - make_interval(secs => $3 / 1000.0) order by id limit $2`,
    values: [after, limit, idleMs],
  });
  return result.rows;
}
