import type { Queryable } from '../pool.ts';

export interface Pace {
  key: string;
  everyMs: number;
  burst: number;
}

/** At most `most` since then: any 24 hours, or the midnight of a time zone. */
export interface DayLimit {
  key: string;
  most: number;
  since: string;
}

export interface Turn {
  isTaken: boolean;
  /** From `askedAtMs` until the slot that was taken, or until it is worth asking again. */
  waitMs: number;
  /** When the wait began, in milliseconds of the database's clock. */
  askedAtMs: number;
  /** The account had room, but not the chat or another gate. */
  isGated: boolean;
  /** The key of the day limit that is used up. */
  capped: string | null;
}

/**
 * A place in the first pace's queue (at most `maxWaitMs` ahead), once all other paces are open by then and every day limit has room; see take_turn and
 * take_slot in the migrations. Not for use inside a transaction: its rows are shared by all workers.
 */
export async function takeTurn(
  db: Queryable,
  { paces, dayLimits, maxWaitMs }: { paces: readonly Pace[]; dayLimits: readonly DayLimit[]; maxWaitMs: number },
): Promise<Turn> {
  const { rows } = await db.query<{
    wait_ms: number | null;
    is_taken: boolean;
    is_gated: boolean | null;
    capped: string | null;
    asked_ms: number | null;
  }>({
    name: 'take-turn',
    text: `select wait_ms, is_taken, is_gated, capped, (1000 * extract(epoch from asked_at))::float8 as asked_ms from take_turn($1::text[], $2::float8[], $3::int[], $4::float8, $5::text[], $6::int[],
      array(select case when d.zone = 'rolling' then now() - interval '24 hours' else date_trunc('day', now() at time zone d.zone) at time zone d.zone end
        from unnest($7::text[]) with ordinality as d (zone, nth) order by d.nth))`,
    values: [
      paces.map(({ key }) => key),
      paces.map(({ everyMs }) => everyMs),
      paces.map(({ burst }) => burst),
      maxWaitMs,
      dayLimits.map(({ key }) => key),
      dayLimits.map(({ most }) => most),
      dayLimits.map(({ since }) => since),
    ],
  });
  const row = rows[0];
  return {
    isTaken: row?.is_taken ?? false,
    waitMs: row?.wait_ms ?? 0,
    isGated: row?.is_gated ?? false,
    capped: row?.capped ?? null,
    askedAtMs: row?.asked_ms ?? 0,
  };
}

/** Who is put off comes again one after the other, at the pace, instead of all at once. Answers in how many milliseconds, at least `afterMs`. */
export async function takePlaceInLine(db: Queryable, given: { key: string; everyMs: number; afterMs: number }): Promise<number> {
  const { rows } = await db.query<{ wait_ms: number }>({
    name: 'take-place-in-line',
    text: `insert into throttles (key, arrival_at) values ($1, now() + make_interval(secs => ($2::float8 + $3::float8) / 1000))
      on conflict (key) do update set arrival_at = greatest(throttles.arrival_at, now() + make_interval(secs => $3::float8 / 1000)) + make_interval(secs => $2::float8 / 1000)
      returning greatest($3::float8, 1000 * extract(epoch from (arrival_at - now())) - $2::float8) as wait_ms`,
    values: [given.key, given.everyMs, given.afterMs],
  });
  return rows[0]?.wait_ms ?? given.afterMs;
}

/** Whether this pace has no room within a second: it is used up, or its provider asked us to wait. */
export async function isAtItsPace(db: Queryable, key: string): Promise<boolean> {
  const { rowCount } = await db.query(`select 1 from throttles where key = $1 and arrival_at > now() + interval '1 s'`, [key]);
  return (rowCount ?? 0) > 0;
}

/** The provider asked us to wait: nobody gets a slot of this pace before that. */
export async function holdSlots(db: Queryable, { key, everyMs, burst }: Pace, forMs: number): Promise<void> {
  await db.query(
    `insert into throttles (key, arrival_at) values ($1, now() + make_interval(secs => $2 / 1000.0))
     on conflict (key) do update set arrival_at = greatest(throttles.arrival_at, excluded.arrival_at)`,
    // A burst may be drawn that much before its time.
    [key, forMs + everyMs * (burst - 1)],
  );
}
