import type { Queryable } from '../pool.ts';

export interface Pace {
  key: string;
  everyMs: number;
  burst: number;
}

/** A place in the first pace's queue, once all other paces are open by then; see take_slot in the migrations. Not for use inside a transaction: its rows are shared by all workers. */
export async function takeSlot(db: Queryable, paces: readonly Pace[], maxWaitMs: number): Promise<{ waitMs: number; isTaken: boolean }> {
  const { rows } = await db.query<{ wait_ms: number; is_taken: boolean }>({
    name: 'take-slot',
    text: 'select wait_ms, is_taken from take_slot($1::text[], $2::float8[], $3::int[], $4::float8)',
    values: [paces.map(({ key }) => key), paces.map(({ everyMs }) => everyMs), paces.map(({ burst }) => burst), maxWaitMs],
  });
  return { waitMs: rows[0]?.wait_ms ?? 0, isTaken: rows[0]?.is_taken ?? false };
}

/** The provider asked us to wait: nobody gets a slot of this key before that. */
export async function holdSlots(db: Queryable, key: string, forMs: number): Promise<void> {
  await db.query(
    `insert into throttles (key, arrival_at) values ($1, now() + make_interval(secs => $2 / 1000.0))
     on conflict (key) do update set arrival_at = greatest(throttles.arrival_at, excluded.arrival_at)`,
    [key, forMs],
  );
}
