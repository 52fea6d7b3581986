import type { JsonObject, JsonValue } from '@holdfast/node-kit';
import type { Queryable } from '../pool.ts';

/** Where to and how often. The storage's secret is sealed. */
export interface BackupPlanRow {
  storage: JsonObject;
  secret: Buffer;
  keyId: string;
  cron: string;
  timezone: string;
  /** This many of the newest stay. */
  keep: number;
  isEnabled: boolean;
  nextAt: string | null;
  updatedBy: string;
}

export async function loadBackupPlan(db: Queryable): Promise<BackupPlanRow | null> {
  const { rows } = await db.query<BackupPlanRow>(
    `select storage, secret, key_id as "keyId", cron, timezone, keep, is_enabled as "isEnabled", iso(next_at) as "nextAt", updated_by as "updatedBy" from backup_plan`,
  );
  return rows[0] ?? null;
}

export async function saveBackupPlan(db: Queryable, plan: Omit<BackupPlanRow, 'nextAt'> & { nextAt: Date | null }): Promise<void> {
  await db.query(
    `insert into backup_plan (storage, secret, key_id, cron, timezone, keep, is_enabled, next_at, updated_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
      on conflict (is_only) do update set storage = excluded.storage, secret = excluded.secret, key_id = excluded.key_id, cron = excluded.cron,
        timezone = excluded.timezone, keep = excluded.keep, is_enabled = excluded.is_enabled, next_at = excluded.next_at, updated_by = excluded.updated_by, updated_at = now()`,
    [
      JSON.stringify(plan.storage),
      plan.secret,
      plan.keyId,
      plan.cron,
      plan.timezone,
      plan.keep,
      plan.isEnabled,
      plan.nextAt,
      plan.updatedBy,
    ],
  );
}

export async function deleteBackupPlan(db: Queryable): Promise<void> {
  await db.query('delete from backup_plan');
}

/** Whether a backup is due; of several processes that ask, one gets true. `next` is when it is due again. */
export async function takeDueBackup(db: Queryable, { seen, next }: { seen: string; next: Date | null }): Promise<boolean> {
  const { rowCount } = await db.query(
    `update backup_plan set next_at = $2 where is_enabled and next_at <= now() and date_trunc('milliseconds', next_at) = $1::timestamptz`,
    [seen, next],
  );
  return rowCount === 1;
}

export interface BackupRow {
  id: string;
  trigger: 'schedule' | 'person' | 'command';
  by: string | null;
  state: 'running' | 'done' | 'failed';
  location: string;
  name: string | null;
  sizeBytes: number | null;
  rows: number | null;
  problem: { code: string; title: string; detail: string; hint?: string } | null;
  startedAt: string;
  endedAt: string | null;
}

/** Newest first. */
export async function listBackups(db: Queryable, limit: number): Promise<BackupRow[]> {
  const { rows } = await db.query<BackupRow>(
    `select id, trigger, by_name as by, state, location, name, size_bytes as "sizeBytes", row_count as rows, problem, iso(started_at) as "startedAt",
       iso(ended_at) as "endedAt" from backups order by started_at desc, id desc limit $1`,
    [limit],
  );
  return rows;
}

/** False when another is under way: one at a time is enough for the disk and the network. */
export async function beginBackup(
  db: Queryable,
  backup: { id: string; trigger: BackupRow['trigger']; by: string | null; location: string; process: string | null },
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into backups (id, trigger, by_name, state, location, process) select $1, $2, $3, 'running', $4, $5
      where pg_try_advisory_xact_lock(4815162343) and not exists (select 1 from backups where state = 'running')`,
    [backup.id, backup.trigger, backup.by, backup.location, backup.process],
  );
  return rowCount === 1;
}

export async function endBackup(
  db: Queryable,
  end: { id: string; made: { name: string; sizeBytes: number; sha256: string; rows: number } | null; problem: JsonValue },
): Promise<void> {
  await db.query(
    `update backups set state = case when $2::text is null then 'failed' else 'done' end, name = $2, size_bytes = $3, sha256 = $4, row_count = $5, problem = $6, ended_at = now()
      where id = $1 and state = 'running'`,
    [
      end.id,
      end.made?.name ?? null,
      end.made?.sizeBytes ?? null,
      end.made?.sha256 ?? null,
      end.made?.rows ?? null,
      end.problem === null ? null : JSON.stringify(end.problem),
    ],
  );
}

/** Those whose process ended with them, or that take longer than any backup may (6 h). */
export async function failAbandonedBackups(db: Queryable, problem: JsonValue): Promise<number> {
  const { rowCount } = await db.query(
    `update backups b set state = 'failed', problem = $1, ended_at = now() where state = 'running'
       and (started_at < now() - interval '6 h' or (process is not null and started_at < now() - interval '15 s'
         and not exists (select 1 from leases l where l.process = b.process and l.seen_at > now() - interval '15 s')))`,
    [JSON.stringify(problem)],
  );
  return rowCount ?? 0;
}

/** Keys that sealed something in this database: credentials, channels, the backup's own secret. */
export async function listSealingKeys(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ key: string }>(
    `select distinct key_id as key from (select key_id from credentials union select tokens_key_id from credentials union select key_id from channels union select key_id from backup_plan union select key_id from mirrors) k where key_id is not null`,
  );
  return rows.map((row) => row.key);
}
