import type { Queryable } from '../pool.ts';

export interface DueRun {
  id: string;
  epoch: number;
  attempts: number;
}

/**
 * Runs whose START is due, taken in turns from every flow that has any and within a flow in their order, so that a flow with thousands does not
 * keep another's one waiting. Their next ring is pushed back, 5 to 60 s by attempts, so that only one process starts each.
 */
export async function takeDueRuns(db: Queryable, limit: number): Promise<DueRun[]> {
  const result = await db.query<DueRun>({
    name: 'take-due-runs',
    // The first part hops from flow to flow in the index on (flow_id, ring_at): its cost is the number of flows, not of runs.
    text: `with recursive hops as (
        (select flow_id from runs where lane = 'handover' order by flow_id limit 1)
        union all
        select (select r.flow_id from runs r where r.lane = 'handover' and r.flow_id > hops.flow_id order by r.flow_id limit 1) from hops where hops.flow_id is not null
      ), turns as (
        select mine.id, mine.ring_at, mine.nth from hops cross join lateral (
          select id, ring_at, row_number() over (order by ring_at) as nth from runs where lane = 'handover' and flow_id = hops.flow_id and ring_at <= now() order by ring_at limit $1
        ) mine order by mine.nth, mine.ring_at limit $1
      ), due as (
        select r.id, turns.nth, turns.ring_at from turns join runs r on r.id = turns.id where r.lane = 'handover' and r.ring_at <= now() for update of r skip locked
      ), taken as (
        update runs r set ring_attempts = ring_attempts + 1, ring_at = now() + make_interval(secs => least(60, 5 * power(2, least(ring_attempts, 6))))
        from due where r.id = due.id returning r.id, r.epoch, r.ring_attempts as attempts, due.nth, due.ring_at
      ) select id, epoch, attempts from taken order by nth, ring_at`,
    values: [limit],
  });
  return result.rows;
}

/** Like `takeDueRuns` for one run that somebody waits for: also before its turn, if nobody has asked for its start yet. */
export async function takeDueRun(db: Queryable, id: string): Promise<DueRun | null> {
  const result = await db.query<DueRun>({
    name: 'take-due-run',
    text: `update runs set ring_attempts = ring_attempts + 1, ring_at = now() + interval '5 s' where id = $1 and lane = 'handover' and (ring_at <= now() or ring_attempts = 0)
      returning id, epoch, ring_attempts as attempts`,
    values: [id],
  });
  return result.rows[0] ?? null;
}

/** Runs that were asked for for the first time and that nobody has adopted yet; counted to `limit` at most. */
export async function countStarting(db: Queryable, limit: number): Promise<number> {
  const result = await db.query<{ count: number }>({
    name: 'count-starting',
    text: `select count(*)::int as count from (select 1 from runs where lane = 'handover' and ring_at > now() and ring_attempts = 1 limit $1) starting`,
    values: [limit],
  });
  return result.rows[0]?.count ?? 0;
}

/** After Temporal was away: what was pushed back meanwhile is due at once. Taken in batches, so nothing is flooded. */
export async function hurryRuns(db: Queryable): Promise<number> {
  const result = await db.query(`update runs set ring_at = now() where lane = 'handover' and ring_at > now() + interval '1 s'`);
  return result.rowCount ?? 0;
}
