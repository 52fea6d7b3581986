import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createPool, migrate } from '@holdfast/db';
import { messageOf, StackError, startPostgres } from '@holdfast/stack';
import { logFile, openDataFolder } from './data-folder.ts';
import { takeOver } from './launcher-lock.ts';
import { createReport } from './report.ts';
import { readRunFile } from './run-file.ts';
import type { Settings } from './settings.ts';

/**
 * Gives a command the database's address: the external one, the one that runs, or the embedded one started for this command alone.
 * What it tells goes to stderr, since a command's answer stands alone on stdout.
 */
export async function withDatabase<T>(settings: Settings, work: (databaseUrl: string) => Promise<T>): Promise<T> {
  const running = settings.databaseUrl ?? runningDatabase(settings.dataDir);
  if (running) return migrated(running, work);
  openDataFolder(settings.dataDir);
  const quiet = createReport(process.stderr);
  const letGo = await takeOver({ ...settings, port: 0 }, quiet);
  try {
    const postgres = await startPostgres({ dataDir: settings.dataDir, logFile: logFile(settings.dataDir, 'postgres') });
    try {
      return await migrated(postgres.url, work);
    } finally {
      await postgres.stop();
    }
  } finally {
    letGo();
  }
}

/** The embedded PostgreSQL's address while it runs, else null. */
export function runningDatabase(dataDir: string): string | null {
  const postgres = readRunFile(dataDir, 'postgres');
  if (!postgres?.port) return null;
  const password = readFileSync(join(dataDir, 'postgres-password'), 'utf8').trim();
  return `postgresql://postgres:${password}@127.0.0.1:${postgres.port}/holdfast`;
}

async function migrated<T>(url: string, work: (databaseUrl: string) => Promise<T>): Promise<T> {
  const pool = createPool(url, { max: 1, name: 'holdfast-cli' });
  await migrate(pool)
    .catch((error: unknown) => {
      throw new StackError(
        `The database at ${new URL(url).host} can't be used: ${messageOf(error)}`,
        'Check DATABASE_URL and that PostgreSQL runs.',
        error,
      );
    })
    .finally(() => pool.end());
  return work(url);
}
