import type { Queryable } from '../pool.ts';

export interface StoredTable {
  name: string;
  /** Without generated columns, which PostgreSQL fills in by itself. */
  columns: string[];
  /** Tables whose rows must be there before. */
  needs: string[];
  /** Columns with a sequence of their own. */
  counters: string[];
}

/** Every table of ours, in alphabetical order. */
export async function listStoredTables(db: Queryable): Promise<StoredTable[]> {
  const { rows } = await db.query<StoredTable>(
    `select c.relname as name,
        (select json_agg(a.attname order by a.attnum) from pg_attribute a
          where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
        coalesce((select json_agg(distinct p.relname) from pg_constraint f join pg_class p on p.oid = f.confrelid
          where f.conrelid = c.oid and f.contype = 'f' and p.oid <> c.oid), '[]') as needs,
        coalesce((select json_agg(a.attname) from pg_attribute a where a.attrelid = c.oid and a.attidentity <> ''), '[]') as counters
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by c.relname`,
  );
  return rows;
}

/** The migrations that a database has seen, in their order. */
export async function listAppliedMigrations(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>('select name from migrations order by name');
  return rows.map((row) => row.name);
}

/** Forgets everything in this database: its tables, functions and rows. */
export async function dropEverything(db: Queryable): Promise<void> {
  await db.query('drop schema public cascade');
  await db.query('create schema public');
}

/** After rows came in with their own numbers: the next number is a fresh one. */
export async function moveCounter(db: Queryable, { table, column }: { table: string; column: string }): Promise<void> {
  const from = `${quoted(table)}`;
  await db.query(`select setval(pg_get_serial_sequence($1, $2), coalesce((select max(${quoted(column)}) from ${from}), 0) + 1, false)`, [
    from,
    column,
  ]);
}

/** For `copy`, which takes no parameters. */
export const copyTarget = ({ name, columns }: Pick<StoredTable, 'name' | 'columns'>): string =>
  `${quoted(name)} (${columns.map(quoted).join(', ')})`;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** When a process of Holdfast last said that it works with this database; null: never or long ago. */
export async function findLivingProcess(db: Queryable): Promise<string | null> {
  const { rows } = await db.query<{ kind: string }>(`select kind from leases where seen_at > now() - interval '10 s' limit 1`);
  return rows[0]?.kind ?? null;
}
