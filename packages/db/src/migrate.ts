import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { transaction, type Pool, type PoolClient } from './pool.ts';

export const migrationsFolder = join(import.meta.dirname, '..', 'migrations');

/** Every migration, in its order. */
export const listMigrations = async (folder = migrationsFolder): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort();

/** Applies those of `names` that are not applied yet, in the caller's transaction. Answers them. */
export async function applyMigrations(client: PoolClient, names: readonly string[], folder = migrationsFolder): Promise<string[]> {
  await client.query('select pg_advisory_xact_lock(4815162342)');
  await client.query('create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())');
  const known = await client.query<{ name: string }>('select name from migrations');
  const isKnown = new Set(known.rows.map((row) => row.name));
  const missing = names.filter((name) => !isKnown.has(name));
  for (const name of missing) {
    await client.query(await readFile(join(folder, name), 'utf8'));
    await client.query('insert into migrations (name) values ($1)', [name]);
  }
  return missing;
}

/** Applies what is not applied yet, each file in its own transaction; safe when several processes start at once. Answers the names applied. */
export async function migrate(pool: Pool, folder = migrationsFolder): Promise<string[]> {
  const applied: string[] = [];
  for (const name of await listMigrations(folder))
    applied.push(...(await transaction(pool, (client) => applyMigrations(client, [name], folder))));
  return applied;
}
