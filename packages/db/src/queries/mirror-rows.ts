import { mirrorTables, type MirrorTable } from '../mirror-layout.ts';
import type { Queryable } from '../pool.ts';

/** A row as the mirror has it: by column, timestamps in ISO 8601 with microseconds, JSON as text. */
export type MirrorValues = Record<string, string | number | boolean | null>;

export interface MirrorChange {
  seq: number;
  kind: MirrorTable['name'] | 'authors';
  rowId: string;
  /** About how many bytes its row is, so that a batch stays small. */
  weight: number;
}

const weight = (alias: string) =>
  `coalesce(octet_length(${alias}.text) + 4 * (pg_column_size(${alias}.content) + pg_column_size(${alias}.metadata)), 0) + 500`;

/** The oldest changes that are not over there yet. */
export async function listMirrorChanges(db: Queryable, workspaceId: string, limit: number): Promise<MirrorChange[]> {
  const { rows } = await db.query<MirrorChange>(
    `select c.seq, c.kind, c.row_id as "rowId", ${weight('m')} as weight
      from (select seq, kind, row_id from mirror_changes where workspace_id = $1 order by seq limit $2) c
      left join messages m on c.kind = 'messages' and m.id = c.row_id order by c.seq`,
    [workspaceId, limit],
  );
  return rows;
}

/** Takes out exactly the changes that were read: one that came since stays, even of the same row. */
export async function deleteMirrorChanges(db: Queryable, workspaceId: string, seqs: readonly number[]): Promise<void> {
  await db.query('delete from mirror_changes where workspace_id = $1 and seq = any ($2)', [workspaceId, seqs]);
}

/** Ids of a table in their order, for the first copy. */
export async function listMirrorIds(
  db: Queryable,
  args: { workspaceId: string; table: MirrorTable; after: string; limit: number },
): Promise<{ id: string; weight: number }[]> {
  const { rows } = await db.query<{ id: string; weight: number }>(
    `select t.id, ${args.table.name === 'messages' ? weight('t') : '500'} as weight from ${args.table.name} t
      where t.workspace_id = $1 and t.id > $2 order by t.id limit $3`,
    [args.workspaceId, args.after, args.limit],
  );
  return rows;
}

/** Rows as they are now; those that are not there any more are left out. */
export async function loadMirrorRows(
  db: Queryable,
  args: { workspaceId: string; table: MirrorTable; ids: readonly string[] },
): Promise<MirrorValues[]> {
  const { rows } = await db.query<{ row: MirrorValues }>(
    `select row_to_json(r) as row from (
        select ${args.table.columns.map(({ name, source }) => `${source} as ${name}`).join(', ')} from ${args.table.from} where t.workspace_id = $1 and t.id = any ($2)
      ) r`,
    [args.workspaceId, args.ids],
  );
  return rows.map(({ row }) => row);
}

/** What people and API keys are called; null for those that are gone. */
export async function loadMirrorAuthors(db: Queryable, ids: readonly string[]): Promise<{ id: string; name: string | null }[]> {
  const { rows } = await db.query<{ id: string; name: string | null }>(
    `select id, coalesce((select name from users u where u.id = a.id), (select name from api_keys k where k.id = a.id)) as name from unnest($1::text[]) as a (id)`,
    [ids],
  );
  return rows;
}

export const findMirrorTable = (name: MirrorTable['name']): MirrorTable => {
  const found = mirrorTables.find((table) => table.name === name);
  if (!found) throw new Error(`The mirror has no table "${name}".`);
  return found;
};
