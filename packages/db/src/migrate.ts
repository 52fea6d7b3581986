import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transaction, type Pool } from './pool.ts';

export const migrationsFolder = join(import.meta.dirname, '..', 'migrations');

/** Applies what is not applied yet, each file in its own transaction; safe when several processes start at once. Answers the names applied. */
export async function migrate(pool: Pool, folder = migrationsFolder): Promise<string[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();
  const applied: string[] = [];
  for (const name of names) {
    const sql = await readFile(join(folder, name), 'utf8');
    const isNew = await transaction(pool, async (client) => {
      await client.query('select pg_advisory_xact_lock(4815162342)');
      await client.query('create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())');
      const known = await client.query('select 1 from migrations where name = $1', [name]);
      if (known.rowCount) return false;
      await client.query(sql);
      await client.query('insert into migrations (name) values ($1)', [name]);
      return true;
    });
    if (isNew) applied.push(name);
  }
  return applied;
}
