import type { EgressRequest, JsonObject, JsonValue } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';
import type { ProviderName } from './providers.ts';

/** The call as its step rendered it, with a reference to its credential; its body is stored beside it. */
export type KeptRequest = Omit<EgressRequest, 'body' | 'cache' | 'hasFallback'>;

/** A whole step as its config was rendered, with a reference to its credential: carried out by its own runner. */
export interface KeptStep {
  type: string;
  typeVersion: number;
  node: string;
  nodeName: string;
  config: JsonObject;
}

/** A call whose answer nobody waits for, to be delivered when its provider takes it. */
export interface NewKeptCall {
  id: string;
  provider: string;
  stepId: string;
  orderKey: string;
  /** Method and address without its query, or what the step does; for people. */
  what: string;
  request: KeptRequest | { step: KeptStep };
  /** Base64; null without one. */
  body: string | null;
  /** Of a step: while no call of it is out that must not happen twice. */
  isRepeatable: boolean;
}

/** Parts of a statement with the run in `held`. The line's row is locked first, so that the order of numbers is the order of commits. */
export const insertKept = (position: number): string => `, keeping as (
    select held.id as run_id, held.workspace_id, k.*
    from held, jsonb_to_recordset($${position}::jsonb) as k (id text, provider text, "stepId" text, "orderKey" text, what text, request jsonb, body text, "isRepeatable" boolean)
  ), kept_line as (
    insert into kept_lines (workspace_id, provider) select distinct workspace_id, provider from keeping order by workspace_id, provider
    on conflict (workspace_id, provider) do update set touched_at = clock_timestamp(),
      due_at = case when kept_lines.failures = 0 then least(kept_lines.due_at, clock_timestamp()) else kept_lines.due_at end, hurried = kept_lines.hurried or kept_lines.failures = 0 returning workspace_id, provider
  ), kept as (
    insert into kept_calls (id, workspace_id, provider, run_id, step_id, order_key, what, request, body, is_repeatable)
    select k.id, k.workspace_id, k.provider, k.run_id, k."stepId", k."orderKey", k.what, k.request, decode(k.body, 'base64'), k."isRepeatable"
    from keeping k join kept_line l on l.workspace_id = k.workspace_id and l.provider = k.provider on conflict (id) do nothing
  )`;

const isDead = (owner: string): string =>
  `(pg_postmaster_start_time() < now() - interval '10 s' and not exists (select 1 from leases l where l.process = ${owner} and l.seen_at >= now() - interval '5 s'))`;

/**
 * Lines that are due and nobody's, or whose process has gone: this process delivers them from now on. `busy`: where it is at it; what else stands under its name
 * it could not leave, since the database was away.
 */
export async function takeKeptLines(
  db: Queryable,
  { owner, limit, busy }: { owner: string; limit: number; busy: readonly ProviderName[] },
): Promise<ProviderName[]> {
  const { rows } = await db.query<ProviderName>({
    name: 'take-kept-lines',
    text: `with due as (
        select workspace_id, provider from kept_lines k where due_at <= clock_timestamp()
          and (owner is null or ${isDead('k.owner')} or (owner = $1 and (workspace_id, provider) not in (select * from unnest($3::text[], $4::text[]))))
          and exists (select 1 from kept_calls c where c.workspace_id = k.workspace_id and c.provider = k.provider and c.state = 'waiting')
        order by due_at limit $2 for update of k skip locked
      )
      update kept_lines k set owner = $1, hurried = false from due where k.workspace_id = due.workspace_id and k.provider = due.provider returning k.workspace_id as "workspaceId", k.provider as key`,
    values: [owner, limit, busy.map(({ workspaceId }) => workspaceId), busy.map(({ key }) => key)],
  });
  return rows;
}

/** This process delivers no more there; the next look is due in `inMs`. */
export async function leaveKeptLine(
  db: Queryable,
  { workspaceId, key, owner, inMs }: ProviderName & { owner: string; inMs: number },
): Promise<void> {
  await db.query(
    `update kept_lines set owner = null, due_at = clock_timestamp() + case when hurried then interval '0' else make_interval(secs => $4::float8 / 1000) end, hurried = false where workspace_id = $1 and provider = $2 and owner = $3`,
    [workspaceId, key, owner, inMs],
  );
}

/** The next look is due now: something changed for the better. */
export async function hurryKeptLine(db: Queryable, { workspaceId, key }: ProviderName): Promise<void> {
  await db.query('update kept_lines set due_at = clock_timestamp(), hurried = true where workspace_id = $1 and provider = $2', [
    workspaceId,
    key,
  ]);
}

export interface KeptCall extends ProviderName {
  id: string;
  runId: string | null;
  stepId: string;
  request: KeptRequest | { step: KeptStep };
  body: Buffer | null;
  isRepeatable: boolean;
  attempts: number;
  what: string;
  keptAt: Date;
}

/** The first one that no other one of its order key stands in front of. */
export async function firstKeptCall(db: Queryable, { workspaceId, key }: ProviderName): Promise<KeptCall | null> {
  const { rows } = await db.query<KeptCall>({
    name: 'first-kept-call',
    text: `select id, workspace_id as "workspaceId", provider as key, run_id as "runId", step_id as "stepId", request, body, is_repeatable as "isRepeatable", attempts, what, kept_at as "keptAt"
      from kept_calls k where workspace_id = $1 and provider = $2 and state = 'waiting' and (order_key = '' or not exists (
        select 1 from kept_calls b where b.workspace_id = $1 and b.provider = $2 and b.state in ('waiting', 'dispatching', 'stopped') and b.order_key = k.order_key and b.seq < k.seq))
      order by seq limit 1`,
    values: [workspaceId, key],
  });
  return rows[0] ?? null;
}

/**
 * The line in which a call of this key is kept that another one must not pass; null: there is none. Of the same credential, too, where that has another provider by
 * now, since it goes another way or to another account: the new one stands behind it in its line.
 */
export async function lineOfKey(
  db: Queryable,
  { workspaceId, key, orderKey, credential }: ProviderName & { orderKey: string; credential: string | undefined },
): Promise<string | null> {
  const { rows } = await db.query<{ provider: string }>({
    name: 'line-of-key',
    text: `select provider from kept_calls where workspace_id = $1 and order_key = $3 and state in ('waiting', 'dispatching', 'stopped')
        and (provider = $2 or strpos(request::text, $4) > 0) order by seq desc limit 1`,
    values: [workspaceId, key, orderKey, credential === undefined ? null : JSON.stringify(credential)],
  });
  return rows[0]?.provider ?? null;
}

/** waiting → dispatching, by the process that has the line; answers the attempt, null when it is not this process's to send. */
export async function dispatchKept(db: Queryable, { id, owner }: { id: string; owner: string }): Promise<number | null> {
  const { rows } = await db.query<{ attempts: number }>(
    `with line as (
        select l.workspace_id, l.provider from kept_lines l join kept_calls c on c.workspace_id = l.workspace_id and c.provider = l.provider
        where c.id = $1 and l.owner = $2 for share of l
      )
      update kept_calls k set state = 'dispatching', attempts = attempts + 1, dispatched_at = clock_timestamp(), dispatched_by = $2 from line
      where k.id = $1 and k.state = 'waiting' returning k.attempts`,
    [id, owner],
  );
  return rows[0]?.attempts ?? null;
}

interface Dispatched {
  id: string;
  owner: string;
  attempt: number;
}
/** Who has what came back from a backup, until that is stopped. */
const backup = 'backup';
/** Nobody has decided about it since. A person's word, and another process's attempt, stand. */
const stillOurs = `id = $1 and dispatched_by = $2 and attempts = $3 and settled_by is null`;

/** A step is carried out from its beginning. */
export const anew = `is_repeatable = is_repeatable or coalesce(request ? 'step', false)`;

/** It was not sent, or nothing was done: it waits again. `isUncounted`: it did not even come to a try, whatever the problem. */
export async function putBackKept(
  db: Queryable,
  { isUncounted = false, ...call }: Dispatched & { problem: JsonValue; isUncounted?: boolean },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update kept_calls set state = 'waiting', dispatched_by = null, problem = $4, attempts = attempts - $5::int, ${anew},
        failing_since = case when $4::jsonb is null or $5 = 1 then failing_since when request ? 'step' then clock_timestamp() else coalesce(failing_since, clock_timestamp()) end
      where ${stillOurs} and state = 'dispatching'`,
    [call.id, call.owner, call.attempt, call.problem === null ? null : JSON.stringify(call.problem), isUncounted ? 1 : 0],
  );
  return rowCount === 1;
}

/** Before the first byte of a step's call that must not happen twice: from now on nobody may carry the step out again by himself. False: it is not this process's any more. */
export async function noteKeptOut(db: Queryable, call: Dispatched): Promise<boolean> {
  const { rowCount } = await db.query(`update kept_calls set is_repeatable = false where ${stillOurs} and state = 'dispatching'`, [
    call.id,
    call.owner,
    call.attempt,
  ]);
  return rowCount === 1;
}

/** Whether this attempt still is its process's: it was not given up, taken over or erased since. */
export async function isKeptHeld(db: Queryable, call: Dispatched): Promise<boolean> {
  const { rowCount } = await db.query(`select 1 from kept_calls where ${stillOurs} and state = 'dispatching'`, [
    call.id,
    call.owner,
    call.attempt,
  ]);
  return rowCount === 1;
}

/** Why it waits, for people. */
export async function noteKept(db: Queryable, { id, problem }: { id: string; problem: JsonObject }): Promise<void> {
  await db.query(`update kept_calls set problem = $2 where id = $1 and state = 'waiting'`, [id, JSON.stringify(problem)]);
}

/** The provider has taken it: true even where it had been given up for unknown. What it held is forgotten. */
export async function endKept(db: Queryable, call: Dispatched & { status: number | null }): Promise<void> {
  await db.query(
    `update kept_calls set state = 'delivered', status = $4, problem = null, settled_at = clock_timestamp(), request = null, body = null
      where ${stillOurs} and state in ('dispatching', 'stopped')`,
    [call.id, call.owner, call.attempt, call.status],
  );
}

/** A person must look. Answers whether it is news. */
export async function stopKept(db: Queryable, call: Dispatched & { problem: JsonObject; status: number | null }): Promise<boolean> {
  const { rowCount } = await db.query(
    `update kept_calls set state = 'stopped', problem = $4, status = $5, settled_at = clock_timestamp() where ${stillOurs} and state = 'dispatching'`,
    [call.id, call.owner, call.attempt, JSON.stringify(call.problem), call.status],
  );
  return rowCount === 1;
}

/** Fails again and again although others are answered since it first did; or, of a step whose own questions are answered, since it last did: asked before it begins. */
export async function failsAlone(db: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `select 1 from kept_calls k join providers p on p.workspace_id = k.workspace_id and p.key = k.provider
      where k.id = $1 and p.last_ok_at > k.failing_since + case when k.request ? 'step' then interval '5 s' else interval '0' end`,
    [id],
  );
  return rowCount === 1;
}

/** How the line does: failures in a row, once this one is counted. */
export async function countKeptFailure(db: Queryable, { workspaceId, key }: ProviderName): Promise<{ failures: number; oldestMs: number }> {
  const { rows } = await db.query<{ failures: number; oldestMs: number }>(
    `update kept_lines set failures = failures + 1 where workspace_id = $1 and provider = $2 returning failures,
      (select 1000 * extract(epoch from clock_timestamp() - min(kept_at)) from kept_calls where workspace_id = $1 and provider = $2 and state = 'waiting')::float8 as "oldestMs"`,
    [workspaceId, key],
  );
  return rows[0] ?? { failures: 1, oldestMs: 0 };
}

/** A call of the line was delivered. */
export async function clearKeptFailures(db: Queryable, { workspaceId, key }: ProviderName): Promise<void> {
  await db.query('update kept_lines set failures = 0 where workspace_id = $1 and provider = $2 and failures > 0', [workspaceId, key]);
}

export interface LostKept extends ProviderName {
  id: string;
  runId: string | null;
  what: string;
  isRepeatable: boolean;
}

/** Attempts that stand as under way by this process. */
export async function listKeptUnderWay(db: Queryable, owner: string): Promise<{ id: string; attempt: number }[]> {
  const { rows } = await db.query<{ id: string; attempt: number }>(
    `select id, attempts as attempt from kept_calls where state = 'dispatching' and dispatched_by = $1`,
    [owner],
  );
  return rows;
}

/**
 * Calls whose process died between the first byte and the answer: what may be repeated waits again, of the rest nobody knows. `given`: attempts that their own
 * process has given up, since the database was away when it was to be told.
 */
export async function settleLostKept(
  db: Queryable,
  problem: JsonObject,
  given: readonly { id: string; attempt: number }[],
): Promise<LostKept[]> {
  const { rows } = await db.query<LostKept>({
    name: 'settle-lost-kept',
    text: `update kept_calls k set state = case when is_repeatable then 'waiting' else 'stopped' end, problem = case when is_repeatable then k.problem else $1 end,
        settled_at = case when is_repeatable then null else clock_timestamp() end
      where state = 'dispatching' and dispatched_by <> '${backup}' and ((dispatched_at < now() - interval '5 s' and (${isDead('k.dispatched_by')} or dispatched_at < now() - interval '1 hour'))
        or (id, attempts) in (select * from unnest($2::text[], $3::int[])))
      returning id, workspace_id as "workspaceId", provider as key, run_id as "runId", what, is_repeatable as "isRepeatable"`,
    values: [JSON.stringify(problem), given.map(({ id }) => id), given.map(({ attempt }) => attempt)],
  });
  return rows;
}

/** After a restore: what was open waits for nobody to send it, not even where its line is made anew before anybody looked (`stopRestoredKept`). */
export async function holdRestoredKept(db: Queryable): Promise<void> {
  await db.query(
    `update kept_calls set state = 'dispatching', dispatched_by = '${backup}', dispatched_at = clock_timestamp() where state in ('waiting', 'dispatching')`,
  );
}

/** Calls that came back from a backup, whose lines did not: they may have been delivered since it was made. */
export async function stopRestoredKept(db: Queryable, problem: JsonObject): Promise<LostKept[]> {
  const { rows } = await db.query<LostKept>({
    name: 'stop-restored-kept',
    text: `update kept_calls k set state = 'stopped', problem = $1, settled_at = clock_timestamp() where state in ('waiting', 'dispatching')
        and (dispatched_by = '${backup}' or not exists (select 1 from kept_lines l where l.workspace_id = k.workspace_id and l.provider = k.provider))
      returning id, workspace_id as "workspaceId", provider as key, run_id as "runId", what, is_repeatable as "isRepeatable"`,
    values: [JSON.stringify(problem)],
  });
  return rows;
}

/** What is over is shown for thirty days, or a day where its run is forgotten (what it says may name a customer); lines that nobody needs go after one. */
export async function forgetOldKept(db: Queryable): Promise<void> {
  await db.query(
    `delete from kept_calls where state in ('delivered', 'discarded') and settled_at < now() - case when run_id is null then interval '1 day' else interval '30 days' end`,
  );
  await db.query(
    `delete from kept_lines l where touched_at < now() - interval '1 day' and owner is null
      and not exists (select 1 from kept_calls c where c.workspace_id = l.workspace_id and c.provider = l.provider and c.state in ('waiting', 'dispatching', 'stopped'))`,
  );
}
