import type { Queryable } from '../pool.ts';
import type { ProviderName } from './providers.ts';

export interface HeldCall {
  workspaceId: string;
  provider: string;
  runId: string;
  stepId: string;
  code: string;
  /** When its run began: what its place is decided by. */
  turn: Date;
  /** In milliseconds from now. */
  forMs: number;
  /** All that go with it in one call take one place. */
  goesWith?: string;
}

/** A call waits for its provider. Answers how long it has waited, anew from when a provider went down: what it waited for before is another matter. */
export async function holdCall(db: Queryable, call: HeldCall): Promise<{ heldMs: number }> {
  const { rows } = await db.query<{ heldMs: number }>({
    name: 'hold-call',
    text: `insert into held_calls (run_id, step_id, workspace_id, provider, code, until, turn, goes_with)
      values ($1, $2, $3, $4, $5, now() + make_interval(secs => $6::float8 / 1000), $7, $8)
      on conflict (run_id, step_id) do update set provider = excluded.provider, code = excluded.code, until = excluded.until, goes_with = excluded.goes_with, ring_at = null,
        since = case when excluded.code = 'upstream.down' and held_calls.code <> excluded.code then now() else held_calls.since end
      returning (1000 * extract(epoch from (now() - since)))::float8 as "heldMs"`,
    values: [call.runId, call.stepId, call.workspaceId, call.provider, call.code, call.forMs, call.turn, call.goesWith ?? null],
  });
  return rows[0] ?? { heldMs: 0 };
}

export async function releaseCall(db: Queryable, { runId, stepId }: Pick<HeldCall, 'runId' | 'stepId'>): Promise<void> {
  await db.query({ name: 'release-call', text: 'delete from held_calls where run_id = $1 and step_id = $2', values: [runId, stepId] });
}

/** Calls of steps that were led elsewhere or begin anew: they wait no more. */
export async function releaseCallsOf(db: Queryable, runId: string, stepIds: readonly string[]): Promise<void> {
  await db.query('delete from held_calls where run_id = $1 and step_id = any($2)', [runId, stepIds]);
}

/** Whether a step's call has waited since before people asked to take nothing new. */
export async function isHeldBeforeDrain(db: Queryable, { runId, stepId }: Pick<HeldCall, 'runId' | 'stepId'>): Promise<boolean> {
  const { rows } = await db.query<{ isBefore: boolean }>({
    name: 'is-held-before-drain',
    text: `select h.since < coalesce(p.draining_at, 'infinity') as "isBefore" from held_calls h
      join providers p on p.workspace_id = h.workspace_id and p.key = h.provider where h.run_id = $1 and h.step_id = $2`,
    values: [runId, stepId],
  });
  return rows[0]?.isBefore ?? false;
}

/** Whether its time has come, by the last that was said: whoever is rung for another reason may come before. True for one of which nothing is known. */
export async function isHeldDue(db: Queryable, { runId, stepId }: Pick<HeldCall, 'runId' | 'stepId'>): Promise<boolean> {
  const { rows } = await db.query<{ isDue: boolean }>({
    name: 'is-held-due',
    text: `select until <= clock_timestamp() + interval '250 ms' as "isDue" from held_calls where run_id = $1 and step_id = $2`,
    values: [runId, stepId],
  });
  return rows[0]?.isDue ?? true;
}

/** Of a call `h`: the place that it takes in the queue. */
const place = `coalesce(h.goes_with, h.run_id || '/' || h.step_id)`;

/** How many places are taken there by calls whose turn comes before, and that are still expected. */
export async function heldAhead(
  db: Queryable,
  { workspaceId, key, turn, goesWith = null }: ProviderName & { turn: Date; goesWith?: string | null | undefined },
): Promise<number> {
  const { rows } = await db.query<{ ahead: number }>({
    name: 'held-ahead',
    text: `select count(distinct ${place})::int as ahead from held_calls h where h.workspace_id = $1 and h.provider = $2 and h.turn < $3 and h.until > now() - interval '1 minute'
      and ($4::text is null or h.goes_with is distinct from $4)`,
    values: [workspaceId, key, turn, goesWith],
  });
  return rows[0]?.ahead ?? 0;
}

/** A call that has not come again for a minute after its time will not come: its run was ended, or led elsewhere. Of a call `h` and its run `r`. */
export const stillWaits = `r.status not in ('ended', 'paused', 'attention') and h.until > now() - interval '1 minute'`;

/**
 * New places in the queue, in order, from now on: when a limit changed, or a provider is there again. Whoever's turn comes earlier is rung then. Answers how many wait.
 * `most`: only the first so many, as where one is enough to try.
 */
export async function redealHeld(
  db: Queryable,
  { workspaceId, key, everyMs, most = null }: ProviderName & { everyMs: number; most?: number | null },
): Promise<number> {
  const { rows } = await db.query<{ nth: number }>(
    `update held_calls t set until = clock_timestamp() + make_interval(secs => n.nth * $3::float8 / 1000), ring_at = clock_timestamp() + make_interval(secs => n.nth * $3::float8 / 1000)
      from (select run_id, step_id, dense_rank() over (order by first_turn, place) - 1 as nth
        from (select h.run_id, h.step_id, ${place} as place, min(h.turn) over (partition by ${place}) as first_turn
          from held_calls h join runs r on r.id = h.run_id where h.workspace_id = $1 and h.provider = $2 and ${stillWaits}) w) n
      where t.run_id = n.run_id and t.step_id = n.step_id and n.nth < coalesce($4, 2147483647) returning n.nth::int as nth`,
    [workspaceId, key, everyMs, most],
  );
  const places = rows.reduce((most, { nth }) => Math.max(most, nth + 1), 0);
  if (most === null) await setLineEnd(db, { workspaceId, key, inMs: places * everyMs });
  return rows.length;
}

/** The golden ratio's: its multiples are spread over the whole, wherever one stops. */
const stride = 0.618034;
/** Until another one tries in place of one that does not come. */
const insteadMs = 1_000;

/**
 * In `inMs` one of those that wait tries whether a provider is back, each time (`tries` so far) another one, from all over the queue: what fails for its own sake must
 * not be what the provider is judged by, however many such stand in front. Of a conversation it is the one that comes first.
 */
export async function letOneTry(
  db: Queryable,
  { workspaceId, key, tries, inMs }: ProviderName & { tries: number; inMs: number },
): Promise<void> {
  await db.query(
    `with waiting as (
        select h.run_id, h.step_id, ${place} as place, h.turn, row_number() over (partition by coalesce(r.conversation_id, h.run_id) order by h.turn, h.run_id, h.step_id) as nth
          from held_calls h join runs r on r.id = h.run_id where h.workspace_id = $1 and h.provider = $2 and ${stillWaits}
      ),
      firsts as (select place, row_number() over (order by min(turn), place) - 1 as nth, count(*) over () as total from waiting where nth = 1 group by place),
      chosen as (select place, mod(nth - floor(total * mod($3::int * ${stride}, 1))::bigint + total, total)::int as nth from firsts),
      timed as (select w.run_id, w.step_id, clock_timestamp() + make_interval(secs => ($4::float8 + c.nth * ${insteadMs}) / 1000) as at
        from waiting w join chosen c on c.place = w.place where c.nth < 2)
      update held_calls t set until = timed.at, ring_at = timed.at from timed where t.run_id = timed.run_id and t.step_id = timed.step_id`,
    [workspaceId, key, tries, inMs],
  );
}

/** Newcomers queue behind those that wait. */
async function setLineEnd(db: Queryable, { workspaceId, key, inMs }: ProviderName & { inMs: number }): Promise<void> {
  await db.query(
    `insert into throttles (key, arrival_at) values ($1, now() + make_interval(secs => $2::float8 / 1000)) on conflict (key) do update set arrival_at = excluded.arrival_at`,
    [`${workspaceId}/${key}/~line`, inMs],
  );
}

/** Who was rung and has not come is rung again: a process may die between this and the bell. */
const ringsEvery = `interval '5 s'`;

/** Runs whose call has its turn now, earlier than they were told: to be rung. Within the minute for which they are expected, until they come. */
export async function takeHeldRings(db: Queryable, limit: number): Promise<string[]> {
  const { rows } = await db.query<{ runId: string }>({
    name: 'take-held-rings',
    text: `with due as (
        select run_id, step_id from held_calls where ring_at <= clock_timestamp() order by ring_at limit $1 for update skip locked
      )
      update held_calls h set ring_at = case when h.until > clock_timestamp() - interval '1 minute' then clock_timestamp() + ${ringsEvery} end from due where h.run_id = due.run_id and h.step_id = due.step_id returning h.run_id as "runId"`,
    values: [limit],
  });
  return rows.map((row) => row.runId);
}
