import type { Queryable } from '../pool.ts';
import { turns } from './turns.ts';

export interface DueRun {
  id: string;
  epoch: number;
  attempts: number;
}

/** Runs whose START is due, flows in turn. Their next ring is pushed back, 5 to 60 s by attempts, so that only one process starts each. */
export async function takeDueRuns(db: Queryable, limit: number): Promise<DueRun[]> {
  const result = await db.query<DueRun>({
    name: 'take-due-runs',
    text: `with recursive ${turns({ lane: 'handover', by: 'ring_at', isDue: 'ring_at <= now()', limit: '$1::int' })}, taken as (
        update runs r set ring_attempts = ring_attempts + 1, ring_at = now() + make_interval(secs => least(60, 5 * power(2, least(ring_attempts, 6))))
        from turns where r.id = turns.id returning r.id, r.epoch, r.ring_attempts as attempts, turns.nth, turns.at
      ) select id, epoch, attempts from taken order by nth, at`,
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
