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

/** Which of these files the workspace has. */
export async function findFiles(db: Queryable, args: { workspaceId: string; ids: readonly string[] }): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>('select id from files where workspace_id = $1 and id = any ($2)', [
    args.workspaceId,
    args.ids,
  ]);
  return rows.map((row) => row.id);
}
