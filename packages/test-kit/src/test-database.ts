import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPool, migrate, migrationsFolder, type Pool } from '@holdfast/db';
import { service } from './services.ts';

export interface TestDatabase {
  pool: Pool;
  url: string;
  /** Takes every row out: what a file with many tests that each begin anew can do instead of making a database for each. */
  empty(): Promise<void>;
  /** Closes the pool and drops the database, other connections to it included. */
  close(): Promise<void>;
}

/** A machine that stands still for some seconds fails no test. */
const connectTimeoutMs = 60_000;

/** An empty, migrated database of its own: a clone of a template that is built once per run and set of migrations. */
export async function testDatabase({ max = 20 }: { max?: number } = {}): Promise<TestDatabase> {
  const server = service('postgres');
  const admin = createPool(server, { max: 1, connectTimeoutMs });
  const name = `test_${randomBytes(8).toString('hex')}`;
  try {
    const template = await templateOn(server, admin);
    await admin.query(`create database ${name} template ${template}`);
  } finally {
    await admin.end();
  }
  const url = onServer(server, name);
  const pool = createPool(url, { max, connectTimeoutMs });
  return { pool, url, empty: () => empty(pool), close: () => drop(server, name, pool) };
}

function migrationsHash(): string {
  const hash = createHash('sha256');
  for (const name of readdirSync(migrationsFolder).sort()) hash.update(name).update(readFileSync(join(migrationsFolder, name)));
  return hash.digest('hex').slice(0, 16);
}

const onServer = (server: string, name: string): string => Object.assign(new URL(server), { pathname: `/${name}` }).href;

async function empty(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'migrations'`,
  );
  // As a replica does it: in any order, with nobody's triggers. Faster than truncate, which makes new files for all of them.
  const deletes = rows.map(({ name }) => `delete from "${name}"`).join('; ');
  await pool.query(`begin; set local session_replication_role = replica; ${deletes}; commit`);
}

/** By server: a test may have one of its own. */
const templates = new Map<string, Promise<string>>();

function templateOn(server: string, admin: Pool): Promise<string> {
  const known = templates.get(server);
  if (known) return known;
  const made = ensureTemplate(admin).catch((error: unknown) => {
    templates.delete(server);
    throw error;
  });
  templates.set(server, made);
  return made;
}

/** Test files in several processes may ask at once: one builds, under a lock of the session. */
async function ensureTemplate(admin: Pool): Promise<string> {
  const template = `template_${migrationsHash()}`;
  const client = await admin.connect();
  try {
    await client.query('select pg_advisory_lock(hashtext($1))', [template]);
    const found = await client.query('select 1 from pg_database where datname = $1', [template]);
    if (found.rowCount) return template;
    const fresh = `${template}_new`;
    await client.query(`drop database if exists ${fresh} with (force)`);
    await client.query(`create database ${fresh}`);
    const pool = createPool(onServer(service('postgres'), fresh), { max: 2, connectTimeoutMs });
    await migrate(pool).finally(() => pool.end());
    await client.query(`alter database ${fresh} rename to ${template}`);
    return template;
  } finally {
    await client.query('select pg_advisory_unlock_all()').catch(() => undefined);
    client.release();
  }
}

async function drop(server: string, name: string, pool: Pool): Promise<void> {
  await pool.end();
  const admin = createPool(server, { max: 1, connectTimeoutMs });
  await admin.query(`drop database if exists ${name} with (force)`).finally(() => admin.end());
}
