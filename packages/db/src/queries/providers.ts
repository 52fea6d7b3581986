import type { JsonObject } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';
import { forgetOldKept } from './kept-calls.ts';

/** At most `count` calls in any `perMs` milliseconds. */
export interface CallWindow {
  count: number;
  perMs: number;
}

/** What calls to a provider are decided by. Moments in milliseconds from the database's now. */
export interface ProviderState {
  workspaceId: string;
  key: string;
  limits: CallWindow[] | null;
  learnt: CallWindow[] | null;
  learntForMs: number;
  heldForMs: number;
  isOpen: boolean;
  opens: number;
  probeInMs: number;
  isPaused: boolean;
  /** Nothing new is taken; what waited before goes out. */
  isDraining: boolean;
  pauseNote: string | null;
  /** Everything up to here has been seen by whoever read this. */
  changedAt: string;
}

const forMs = (column: string): string => `coalesce(greatest(0, 1000 * extract(epoch from (${column} - clock_timestamp())))::float8, 0)`;
const stateColumns = `workspace_id as "workspaceId", key, limits, learnt, ${forMs('learnt_until')} as "learntForMs", ${forMs('held_until')} as "heldForMs",
  breaker = 'open' as "isOpen", opens, ${forMs('probe_at')} as "probeInMs", paused_at is not null as "isPaused", draining_at is not null as "isDraining", pause_note as "pauseNote", changed_at::text as "changedAt"`;

export interface ProviderName {
  workspaceId: string;
  key: string;
}

/** Those that changed since then, all when null: a few seconds more, since a transaction may commit after a later one. */
export async function changedProviders(db: Queryable, since: string | null): Promise<ProviderState[]> {
  const { rows } = await db.query<ProviderState>({
    name: 'changed-providers',
    text: `select ${stateColumns} from providers where changed_at > coalesce($1::timestamptz - interval '3 s', '-infinity')
      and (changed_at > now() - interval '1 hour' or limits is not null or learnt_until > now() or breaker = 'open' or paused_at is not null or draining_at is not null)`,
    values: [since],
  });
  return rows;
}

/** So that what belongs to it can be written; a known one stays as it is. */
export async function ensureProvider(db: Queryable, provider: ProviderName & { kind: string; name: string }): Promise<void> {
  await db.query({
    name: 'ensure-provider',
    text: `insert into providers (workspace_id, key, kind, name, changed_at) values ($1, $2, $3, $4, '-infinity') on conflict do nothing`,
    values: [provider.workspaceId, provider.key, provider.kind, provider.name],
  });
}

export interface CallCounts extends ProviderName {
  kind: string;
  name: string;
  ok: number;
  failed: number;
  limited: number;
  totalMs: number;
  error: JsonObject | null;
}

/** Adds what became of calls to the provider's last 5 seconds. */
export async function addCallCounts(db: Queryable, counts: CallCounts): Promise<void> {
  await ensureProvider(db, counts);
  await db.query({
    name: 'add-call-counts',
    text: `with noted as (
        update providers set last_ok_at = case when $3 > 0 then now() else last_ok_at end,
          last_error = coalesce($7::jsonb, last_error), last_error_at = case when $7::jsonb is null then last_error_at else now() end
        where workspace_id = $1 and key = $2 returning 1
      )
      insert into provider_counts (workspace_id, provider, bucket, ok, failed, limited, total_ms)
        select $1, $2, date_bin('5 s', now(), timestamptz '2000-01-01'), $3, $4, $5, $6 from noted
        on conflict (workspace_id, provider, bucket) do update set ok = provider_counts.ok + excluded.ok, failed = provider_counts.failed + excluded.failed,
          limited = provider_counts.limited + excluded.limited, total_ms = provider_counts.total_ms + excluded.total_ms`,
    values: [
      counts.workspaceId,
      counts.key,
      counts.ok,
      counts.failed,
      counts.limited,
      Math.round(counts.totalMs),
      counts.error === null ? null : JSON.stringify(counts.error),
    ],
  });
}

/**
 * What became of its calls within the last minute, or since it came back. A statement of its own: what others added at the same moment is seen by whoever
 * was last.
 */
export async function countCalls(db: Queryable, { workspaceId, key }: ProviderName): Promise<{ ok: number; failed: number }> {
  const { rows } = await db.query<{ ok: number; failed: number }>({
    name: 'count-calls',
    text: `select coalesce(sum(c.ok), 0)::int as ok, coalesce(sum(c.failed), 0)::int as failed from providers p join provider_counts c on c.workspace_id = p.workspace_id and c.provider = p.key
      where p.workspace_id = $1 and p.key = $2 and c.bucket > greatest(now() - interval '1 minute', coalesce(p.closed_at, '-infinity'))`,
    values: [workspaceId, key],
  });
  return rows[0] ?? { ok: 0, failed: 0 };
}

/** Counts older than a day, answers that are kept no longer, and waits of calls that did not come again. */
export async function forgetOldCalls(db: Queryable): Promise<void> {
  await db.query(`delete from provider_counts where bucket < now() - interval '1 day'`);
  await db.query(`delete from cached_answers where keep_until < now()`);
  await db.query(`delete from held_calls where until < now() - interval '1 day'`);
  await forgetOldKept(db);
  await forgetStrangers(db);
}

/** So many hosts a workspace keeps that nobody has set anything for, besides those of the last hour. */
const mostStrangers = 1_000;

/** Addresses may be made of what customers write. A plain host that is well, waits for nothing, has no setting and was not called for a week is forgotten; the oldest go sooner where there are many. */
async function forgetStrangers(db: Queryable): Promise<void> {
  await db.query(
    `delete from providers p using (
        select workspace_id, key, row_number() over (partition by workspace_id order by greatest(last_ok_at, last_error_at) desc nulls last, key) as nth from providers s
        where kind in ('http', 'channel') and limits is null and breaker = 'closed' and paused_at is null and draining_at is null
          and coalesce(greatest(last_ok_at, last_error_at), '-infinity') < now() - interval '1 hour'
          and not exists (select 1 from held_calls h where h.workspace_id = s.workspace_id and h.provider = s.key)
          and not exists (select 1 from kept_calls k where k.workspace_id = s.workspace_id and k.provider = s.key and k.state in ('waiting', 'dispatching', 'stopped'))
      ) old
      where p.workspace_id = old.workspace_id and p.key = old.key and (old.nth > $1 or coalesce(greatest(p.last_ok_at, p.last_error_at), '-infinity') < now() - interval '7 days')`,
    [mostStrangers],
  );
}

/** Opens the breaker. Answers whether it was closed, so that one process tells people. */
export async function openBreaker(db: Queryable, { workspaceId, key }: ProviderName, probeInMs: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `update providers set breaker = 'open', opens = 1, opened_at = now(), probe_at = clock_timestamp() + make_interval(secs => $3::float8 / 1000), changed_at = clock_timestamp()
      where workspace_id = $1 and key = $2 and breaker = 'closed'`,
    [workspaceId, key, probeInMs],
  );
  return rowCount === 1;
}

/** One call may try whether the provider is back; nobody else may for `holdMs`. */
export async function claimProbe(db: Queryable, { workspaceId, key }: ProviderName, holdMs: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `update providers set probe_at = clock_timestamp() + make_interval(secs => $3::float8 / 1000), changed_at = clock_timestamp()
      where workspace_id = $1 and key = $2 and breaker = 'open' and paused_at is null and probe_at <= clock_timestamp()`,
    [workspaceId, key, holdMs],
  );
  return rowCount === 1;
}

/** The probe failed, or came to nothing (`isFailure` false). */
export async function putOffProbe(
  db: Queryable,
  { workspaceId, key }: ProviderName,
  { inMs, isFailure }: { inMs: number; isFailure: boolean },
): Promise<void> {
  await db.query(
    `update providers set opens = opens + $4, probe_at = clock_timestamp() + make_interval(secs => $3::float8 / 1000), changed_at = clock_timestamp()
      where workspace_id = $1 and key = $2 and breaker = 'open'`,
    [workspaceId, key, inMs, isFailure ? 1 : 0],
  );
}

/** Answers since when it was open; null: it was not. */
export async function closeBreaker(db: Queryable, { workspaceId, key }: ProviderName): Promise<{ openedAt: Date } | null> {
  const { rows } = await db.query<{ openedAt: Date }>(
    `update providers set breaker = 'closed', opens = 0, closed_at = clock_timestamp(), probe_at = null, changed_at = clock_timestamp()
      where workspace_id = $1 and key = $2 and breaker = 'open' returning opened_at as "openedAt"`,
    [workspaceId, key],
  );
  return rows[0] ?? null;
}

/** Nobody calls it before that; never sooner than what was known. */
export async function holdProvider(db: Queryable, provider: ProviderName & { kind: string; name: string }, forMs: number): Promise<void> {
  await ensureProvider(db, provider);
  await db.query(
    `update providers set held_until = greatest(held_until, clock_timestamp() + make_interval(secs => $3::float8 / 1000)), changed_at = clock_timestamp()
      where workspace_id = $1 and key = $2`,
    [provider.workspaceId, provider.key, forMs],
  );
}

/** What its answers say it allows; kept for `forMs`. */
export async function learnLimits(
  db: Queryable,
  provider: ProviderName & { kind: string; name: string },
  { windows, forMs }: { windows: readonly CallWindow[]; forMs: number },
): Promise<void> {
  await ensureProvider(db, provider);
  await db.query(
    `update providers set learnt = $3, learnt_until = clock_timestamp() + make_interval(secs => $4::float8 / 1000), changed_at = clock_timestamp()
      where workspace_id = $1 and key = $2`,
    [provider.workspaceId, provider.key, JSON.stringify(windows), forMs],
  );
}

/** How many calls it answered within the last so many seconds. */
export async function answeredLately(db: Queryable, { workspaceId, key }: ProviderName, seconds: number): Promise<number> {
  const { rows } = await db.query<{ ok: number }>(
    `select coalesce(sum(ok), 0)::int as ok from provider_counts where workspace_id = $1 and provider = $2 and bucket > now() - make_interval(secs => $3)`,
    [workspaceId, key, seconds],
  );
  return rows[0]?.ok ?? 0;
}

export interface SlotTaken {
  isTaken: boolean;
  waitMs: number;
  token: string;
  nths: number[];
}

/** See take_provider_slot. Not for use inside a transaction: its rows are shared by all workers. */
export async function takeProviderSlot(
  db: Queryable,
  given: ProviderName & {
    windows: readonly CallWindow[];
    maxWaitMs: number;
    holdMs: number;
    /** Its turn: who has an earlier one and waits goes first. Null: everybody who waits does. */
    turn: Date | null;
    /** Those that go with it are not in its way. */
    goesWith?: string | undefined;
  },
): Promise<SlotTaken> {
  const { rows } = await db.query<SlotTaken>({
    name: 'take-provider-slot',
    text: `select is_taken as "isTaken", wait_ms as "waitMs", token::text, nths from take_provider_slot($1, $2, $3::int[], $4::int[], $5, $6, $7, $8)`,
    values: [
      given.workspaceId,
      given.key,
      given.windows.map(({ count }) => count),
      given.windows.map(({ perMs }) => perMs),
      given.maxWaitMs,
      given.holdMs,
      given.turn,
      given.goesWith ?? null,
    ],
  });
  return rows[0] ?? { isTaken: false, waitMs: 0, token: '', nths: [] };
}

/** The provider has counted the call by now: the slot is free when its window has passed. `isUnused`: nothing was sent, so at once. */
export async function giveSlotBack(
  db: Queryable,
  given: ProviderName & { windows: readonly CallWindow[]; token: string; nths: readonly number[]; isUnused: boolean },
): Promise<void> {
  await db.query({
    name: 'give-slot-back',
    text: `update provider_slots s set free_at = clock_timestamp() + case when $6 then interval '0' else make_interval(secs => t.per_ms / 1000.0) end
      from unnest($3::int[], $4::int[]) as t (per_ms, nth)
      where s.workspace_id = $1 and s.provider = $2 and s.per_ms = t.per_ms and s.nth = t.nth and s.free_at = $5::timestamptz`,
    values: [given.workspaceId, given.key, given.windows.map(({ perMs }) => perMs), given.nths, given.token, given.isUnused],
  });
}
