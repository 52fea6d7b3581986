import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

/** Where a workspace's store is mirrored to. Password and certificates are sealed. */
export interface MirrorRow {
  workspaceId: string;
  kind: string;
  target: JsonObject;
  secret: Buffer;
  keyId: string;
  everySeconds: number;
  isEnabled: boolean;
  updatedBy: string;
}

const columns = `workspace_id as "workspaceId", kind, target, secret, key_id as "keyId", every_seconds as "everySeconds", is_enabled as "isEnabled", updated_by as "updatedBy"`;

export async function loadMirror(db: Queryable, workspaceId: string): Promise<MirrorRow | null> {
  const { rows } = await db.query<MirrorRow>(`select ${columns} from mirrors where workspace_id = $1`, [workspaceId]);
  return rows[0] ?? null;
}

/** Saves it and lets it be looked at now; `isElsewhere` copies everything anew. */
export async function saveMirror(db: Queryable, mirror: MirrorRow & { source: string; isElsewhere: boolean }): Promise<void> {
  await db.query(
    `insert into mirrors (workspace_id, kind, target, secret, key_id, every_seconds, is_enabled, updated_by) values ($1, $2, $3, $4, $5, $6, $7, $8)
      on conflict (workspace_id) do update set kind = excluded.kind, target = excluded.target, secret = excluded.secret, key_id = excluded.key_id,
        every_seconds = excluded.every_seconds, is_enabled = excluded.is_enabled, updated_by = excluded.updated_by, updated_at = now()`,
    [
      mirror.workspaceId,
      mirror.kind,
      JSON.stringify(mirror.target),
      mirror.secret,
      mirror.keyId,
      mirror.everySeconds,
      mirror.isEnabled,
      mirror.updatedBy,
    ],
  );
  await ensureMirrorState(db, mirror.workspaceId, mirror.source);
  if (mirror.isElsewhere) await restartMirror(db, { workspaceId: mirror.workspaceId, takesOver: false });
  else await db.query('update mirror_states set next_at = now() where workspace_id = $1', [mirror.workspaceId]);
}

/** A mirror whose state is not there was restored from a backup, or is new. `source` names this store to the target. */
export async function ensureMirrorState(db: Queryable, workspaceId: string, source: string): Promise<void> {
  await db.query('insert into mirror_states (workspace_id, source) values ($1, $2) on conflict (workspace_id) do nothing', [
    workspaceId,
    source,
  ]);
}

/** Everything is copied once more, as soon as somebody looks; whoever is at it now stops. `takesOver`: also where another store was mirrored to. */
export async function restartMirror(db: Queryable, args: { workspaceId: string; takesOver: boolean }): Promise<boolean> {
  const { rowCount } = await db.query(
    `update mirror_states set phase = 'start', is_recording = false, barrier = null, takes_over = $2, generation = null, copy_table = 0, copy_after = '', copied_rows = 0,
        epoch = epoch + 1, owner = null, lease_until = null, next_at = now(), failures = 0, failing_since = null, alerted_at = null, problem = null, synced_at = null, since = now()
      where workspace_id = $1`,
    [args.workspaceId, args.takesOver],
  );
  return rowCount === 1;
}

/** What is left in `mirror_changes` goes with `forgetUnrecordedChanges`. */
export async function deleteMirror(db: Queryable, workspaceId: string): Promise<boolean> {
  await db.query('delete from mirror_states where workspace_id = $1', [workspaceId]);
  const { rowCount } = await db.query('delete from mirrors where workspace_id = $1', [workspaceId]);
  return rowCount === 1;
}

export type MirrorPhase = 'start' | 'copying' | 'sweeping' | 'following';

export interface MirrorStateView {
  phase: MirrorPhase;
  isBusy: boolean;
  copiedRows: number;
  pending: number;
  lagSeconds: number;
  syncedAt: string | null;
  nextAt: string;
  failingSince: string | null;
  problem: { code: string; title: string; detail: string; hint?: string } | null;
}

const lag = `greatest(0, extract(epoch from now() - case when s.phase = 'following'
    then coalesce((select at from mirror_changes c where c.workspace_id = s.workspace_id order by c.seq limit 1), now()) else s.since end))::float8`;
const countedUpTo = 100_000;
const pending = `(select count(*)::int from (select 1 from mirror_changes c where c.workspace_id = s.workspace_id limit ${countedUpTo}) few)`;

export async function loadMirrorState(db: Queryable, workspaceId: string): Promise<MirrorStateView | null> {
  const { rows } = await db.query<MirrorStateView>(
    `select phase, owner is not null and lease_until > now() as "isBusy", copied_rows as "copiedRows", ${pending} as pending, ${lag} as "lagSeconds",
        iso(synced_at) as "syncedAt", iso(next_at) as "nextAt", iso(failing_since) as "failingSince", problem
      from mirror_states s where workspace_id = $1`,
    [workspaceId],
  );
  return rows[0] ?? null;
}

export interface MirrorGauges {
  workspaceId: string;
  lagSeconds: number;
  pending: number;
  isFailing: boolean;
}

export async function listMirrorGauges(db: Queryable): Promise<MirrorGauges[]> {
  const { rows } = await db.query<MirrorGauges>(
    `select s.workspace_id as "workspaceId", ${lag} as "lagSeconds", ${pending} as pending, s.failing_since is not null as "isFailing"
      from mirror_states s join mirrors m on m.workspace_id = s.workspace_id where m.is_enabled`,
  );
  return rows;
}

/** Mirrors that are due and that nobody is at; a restored one first gets a state. */
export async function listDueMirrors(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ workspaceId: string }>(
    `select m.workspace_id as "workspaceId" from mirrors m left join mirror_states s on s.workspace_id = m.workspace_id
      where m.is_enabled and (s.workspace_id is null or (s.next_at <= now() and (s.lease_until is null or s.lease_until < now())))
      order by s.next_at nulls first`,
  );
  return rows.map((row) => row.workspaceId);
}

/** The right to bring changes to a target, for as long as it is renewed; a later claim has a higher epoch, which the target insists on. */
export interface MirrorClaim {
  workspaceId: string;
  owner: string;
  epoch: number;
  source: string;
  takesOver: boolean;
  progress: MirrorProgress;
}

export interface MirrorProgress {
  phase: MirrorPhase;
  generation: number | null;
  /** Place in `mirrorTables` of the one that is copied or swept. */
  copyTable: number;
  /** The last id that is there. */
  copyAfter: string;
  copiedRows: number;
}

const leaseSeconds = 120;

/** Null when another process is at it. */
export async function claimMirror(db: Queryable, args: { workspaceId: string; owner: string }): Promise<MirrorClaim | null> {
  const { rows } = await db.query<Omit<MirrorClaim, 'progress'> & MirrorProgress>(
    `update mirror_states set owner = $2, lease_until = now() + make_interval(secs => ${leaseSeconds}), epoch = epoch + 1
      where workspace_id = $1 and (lease_until is null or lease_until < now())
      returning workspace_id as "workspaceId", owner, epoch, source, takes_over as "takesOver", phase, generation, copy_table as "copyTable", copy_after as "copyAfter",
        copied_rows as "copiedRows"`,
    [args.workspaceId, args.owner],
  );
  const [row] = rows;
  if (!row) return null;
  const { workspaceId, owner, epoch, source, takesOver, ...progress } = row;
  return { workspaceId, owner, epoch, source, takesOver, progress };
}

type Claimed = Pick<MirrorClaim, 'workspaceId' | 'owner' | 'epoch'>;
const isMine = 'workspace_id = $1 and owner = $2 and epoch = $3';
const mine = ({ workspaceId, owner, epoch }: Claimed) => [workspaceId, owner, epoch];

/** Notes how far it is and keeps the claim; false when it has another owner now. */
export async function saveMirrorProgress(db: Queryable, claim: Claimed, progress: MirrorProgress): Promise<boolean> {
  const { rowCount } = await db.query(
    `update mirror_states set lease_until = now() + make_interval(secs => ${leaseSeconds}), phase = $4, generation = $5, copy_table = $6, copy_after = $7, copied_rows = $8,
        takes_over = takes_over and $4 = 'start'
      where ${isMine}`,
    [...mine(claim), progress.phase, progress.generation, progress.copyTable, progress.copyAfter, progress.copiedRows],
  );
  return rowCount === 1;
}

/**
 * Changes are recorded from now on. `isSettled` once every transaction that may have written without that has ended, so that a copy begun then misses
 * none: the barrier is read after the switch was committed.
 */
export async function recordMirrorChanges(db: Queryable, claim: Claimed): Promise<{ isSettled: boolean } | null> {
  await db.query(`update mirror_states set is_recording = true where ${isMine} and not is_recording`, mine(claim));
  const { rows } = await db.query<{ isSettled: boolean }>(
    `update mirror_states set barrier = coalesce(barrier, pg_snapshot_xmax(pg_current_snapshot())), lease_until = now() + make_interval(secs => ${leaseSeconds})
      where ${isMine} returning pg_snapshot_xmin(pg_current_snapshot()) >= barrier as "isSettled"`,
    mine(claim),
  );
  return rows[0] ?? null;
}

/** Everything is there, or nothing can be done for now. */
export async function restMirror(db: Queryable, claim: Claimed, rest: { isSynced: boolean; inSeconds: number }): Promise<void> {
  await db.query(
    `update mirror_states set owner = null, lease_until = null, next_at = now() + make_interval(secs => $4), synced_at = case when $5 then now() else synced_at end,
        failures = 0, failing_since = null, alerted_at = null, problem = null where ${isMine}`,
    [...mine(claim), rest.inSeconds, rest.isSynced],
  );
}

/** Lets go of it without a word on how it went: this process ends. */
export async function releaseMirror(db: Queryable, claim: Claimed): Promise<void> {
  await db.query(`update mirror_states set owner = null, lease_until = null where ${isMine}`, mine(claim));
}

/** Tried again later, each time later than the last. Answers since when it fails and whether people were told. */
export async function failMirror(
  db: Queryable,
  claim: Claimed,
  failure: { problem: JsonValue; firstSeconds: number; mostSeconds: number },
): Promise<{ failingSeconds: number; wasTold: boolean } | null> {
  const { rows } = await db.query<{ failingSeconds: number; wasTold: boolean }>(
    `update mirror_states set owner = null, lease_until = null, problem = $4, failures = failures + 1, failing_since = coalesce(failing_since, now()),
        next_at = now() + make_interval(secs => (0.8 + 0.4 * random()) * least($6::float8, $5::float8 * power(2, least(failures, 20))))
      where ${isMine} returning extract(epoch from now() - failing_since)::float8 as "failingSeconds", alerted_at is not null as "wasTold"`,
    [...mine(claim), JSON.stringify(failure.problem), failure.firstSeconds, failure.mostSeconds],
  );
  return rows[0] ?? null;
}

/** True for the first that says so. */
export async function noteMirrorAlert(db: Queryable, workspaceId: string): Promise<boolean> {
  const { rowCount } = await db.query(
    'update mirror_states set alerted_at = now() where workspace_id = $1 and alerted_at is null and failing_since is not null',
    [workspaceId],
  );
  return rowCount === 1;
}

/** Beyond so many changes a new copy is cheaper than keeping them: recording stops, and everything is copied once the target is back. */
export async function stopOverlongMirrors(db: Queryable, most: number): Promise<string[]> {
  const { rows } = await db.query<{ workspaceId: string }>(
    `update mirror_states s set phase = 'start', is_recording = false, barrier = null, generation = null, copy_table = 0, copy_after = '', copied_rows = 0,
        epoch = epoch + 1, owner = null, lease_until = null, since = coalesce(synced_at, since)
      where is_recording and $1::bigint < (select count(*) from (select 1 from mirror_changes c where c.workspace_id = s.workspace_id limit $1::bigint + 1) few)
      returning workspace_id as "workspaceId"`,
    [most],
  );
  return rows.map((row) => row.workspaceId);
}

/** A page of changes that nobody will read. Answers how many went; ask again until none do. */
export async function forgetUnrecordedChanges(db: Queryable, limit: number): Promise<number> {
  const { rowCount } = await db.query(
    // From workspace to workspace by the index: a long queue of one that is recorded is not read through.
    `with recursive noted as (
        (select workspace_id from mirror_changes order by workspace_id limit 1)
        union all
        select (select c.workspace_id from mirror_changes c where c.workspace_id > noted.workspace_id order by c.workspace_id limit 1) from noted where noted.workspace_id is not null
      )
      delete from mirror_changes where (workspace_id, seq) in (
        select c.workspace_id, c.seq from noted join mirror_changes c on c.workspace_id = noted.workspace_id
          where not exists (select 1 from mirror_states s where s.workspace_id = noted.workspace_id and s.is_recording) limit $1)`,
    [limit],
  );
  return rowCount ?? 0;
}
