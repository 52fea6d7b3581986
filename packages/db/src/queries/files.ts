import type { Queryable } from '../pool.ts';

export interface FileView {
  id: string;
  name: string;
  mimeType: string;
  sizeBytes: number;
}

export async function insertFile(db: Queryable, file: FileView & { workspaceId: string; sha256: string; content: Buffer }): Promise<void> {
  await db.query('insert into files (id, workspace_id, name, mime_type, size_bytes, sha256, content) values ($1, $2, $3, $4, $5, $6, $7)', [
    file.id,
    file.workspaceId,
    file.name,
    file.mimeType,
    file.sizeBytes,
    file.sha256,
    file.content,
  ]);
}

export async function loadFile(db: Queryable, args: { workspaceId: string; id: string }): Promise<(FileView & { content: Buffer }) | null> {
  const { rows } = await db.query<FileView & { content: Buffer }>(
    `select id, name, mime_type as "mimeType", size_bytes as "sizeBytes", content from files where workspace_id = $1 and id = $2`,
    [args.workspaceId, args.id],
  );
  return rows[0] ?? null;
}

/** What these files are, without their content; those that the workspace doesn't have are left out. */
export async function describeFiles(db: Queryable, args: { workspaceId: string; ids: readonly string[] }): Promise<FileView[]> {
  const { rows } = await db.query<FileView>(
    `select id, name, mime_type as "mimeType", size_bytes as "sizeBytes" from files where workspace_id = $1 and id = any ($2)`,
    [args.workspaceId, args.ids],
  );
  return rows;
}

/** Which of these files the workspace has. */
export async function findFiles(db: Queryable, args: { workspaceId: string; ids: readonly string[] }): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('select id from files where workspace_id = $1 and id = any ($2)', [
    args.workspaceId,
    args.ids,
  ]);
  return rows.map((row) => row.id);
}

export interface RunFileKey {
  workspaceId: string;
  runId: string;
  stepId: string;
  part: string;
}

/** What the other files of a run take up. */
export async function measureRunFiles(db: Queryable, { runId, stepId, part }: RunFileKey): Promise<{ count: number; bytes: number }> {
  const { rows } = await db.query<{ count: number; bytes: number }>(
    `select count(*)::int as count, coalesce(sum(size_bytes), 0)::float8 as bytes from files
      where run_id = $1 and not (step_id = $2 and part = $3)`,
    [runId, stepId, part],
  );
  return rows[0] ?? { count: 0, bytes: 0 };
}

/** Keeps a file of a run's step; one that the step made before, in the same part, becomes this one. Answers its id. */
export async function saveRunFile(
  db: Queryable,
  key: RunFileKey,
  file: FileView & { sha256: string; content: Uint8Array },
): Promise<string> {
  const { rows } = await db.query<{ id: string }>(
    `insert into files (id, workspace_id, name, mime_type, size_bytes, sha256, content, run_id, step_id, part)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      on conflict (run_id, step_id, part) where run_id is not null do update
        set name = excluded.name, mime_type = excluded.mime_type, size_bytes = excluded.size_bytes, sha256 = excluded.sha256, content = excluded.content
      returning id`,
    [file.id, key.workspaceId, file.name, file.mimeType, file.sizeBytes, file.sha256, file.content, key.runId, key.stepId, key.part],
  );
  return rows[0]?.id ?? file.id;
}

/** A file of a step that is tried in the editor; it goes by itself. */
export async function saveTrialFile(
  db: Queryable,
  file: FileView & { workspaceId: string; sha256: string; content: Uint8Array; keptForMs: number },
): Promise<void> {
  await db.query(
    `insert into files (id, workspace_id, name, mime_type, size_bytes, sha256, content, expires_at)
      values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(secs => $8 / 1000.0))`,
    [file.id, file.workspaceId, file.name, file.mimeType, file.sizeBytes, file.sha256, file.content, file.keptForMs],
  );
}

export async function forgetExpiredFiles(db: Queryable): Promise<number> {
  const { rowCount } = await db.query('delete from files where expires_at < now()');
  return rowCount ?? 0;
}

/** What a run made, oldest first. */
export async function listRunFiles(db: Queryable, args: { workspaceId: string; runId: string }): Promise<(FileView & { step: string })[]> {
  const { rows } = await db.query<FileView & { step: string }>(
    `select id, name, mime_type as "mimeType", size_bytes as "sizeBytes", step_id as step from files
      where workspace_id = $1 and run_id = $2 order by created_at, id`,
    [args.workspaceId, args.runId],
  );
  return rows;
}
