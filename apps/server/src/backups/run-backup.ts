import { makeBackup, pruneBackups, type BackupStorage } from '@holdfast/backup';
import { beginBackup, createPool, endBackup, findFirstWorkspace, insertAlert, newId, type Pool } from '@holdfast/db';
import { asHoldfastError, HoldfastError, toProblem } from '@holdfast/errors';
import type { Logger } from 'pino';

export interface BackupDeps {
  pool: Pool;
  databaseUrl: string;
  version: string;
  /** This process's id in `leases`; null where nothing beats: the command line. */
  process: string | null;
  logger: Pick<Logger, 'info' | 'error'>;
}

export interface BackupOrder {
  storage: BackupStorage;
  trigger: 'schedule' | 'person' | 'command';
  by: string | null;
  keep: number;
}

/**
 * Notes that a backup has begun, makes it in the background, and notes what came of it; people are told of a failure, and `finished` (the
 * backup's name) throws it. Throws resource.conflict while another is under way.
 */
export async function beginOneBackup(deps: BackupDeps, order: BackupOrder): Promise<{ id: string; finished: Promise<string> }> {
  const id = newId('backup');
  const { trigger, by, storage } = order;
  const isMine = await beginBackup(deps.pool, { id, trigger, by, location: storage.location, process: deps.process });
  if (!isMine)
    throw new HoldfastError('resource.conflict', {
      detail: 'A backup is under way already.',
      hint: 'Wait until it is done; it holds what this one would.',
    });
  return { id, finished: finish(deps, order, id) };
}

async function finish(deps: BackupDeps, { storage, keep }: BackupOrder, id: string): Promise<string> {
  // Reading a whole table may take longer than any other statement of ours.
  const unhurried = createPool(deps.databaseUrl, { max: 1, name: 'holdfast-backup' });
  try {
    const made = await makeBackup({ pool: unhurried, storage, version: deps.version, at: new Date() });
    await endBackup(deps.pool, { id, made, problem: null });
    deps.logger.info({ backup: made.name, bytes: made.sizeBytes, rows: made.rows }, 'A backup was made and read back');
    // One that can't be removed is no reason to call the new one failed.
    await pruneBackups(storage, keep).catch((error: unknown) => deps.logger.error({ err: error }, 'Old backups could not be removed'));
    return made.name;
  } catch (error) {
    throw await noteFailure(deps, id, asHoldfastError(error, 'backup.storage'));
  } finally {
    await unhurried.end();
  }
}

async function noteFailure({ pool, logger }: BackupDeps, id: string, error: HoldfastError): Promise<HoldfastError> {
  logger.error({ backup: id, code: error.code, detail: error.detail }, 'A backup failed');
  // With the database away, the next look at abandoned backups notes it.
  await endBackup(pool, { id, made: null, problem: { ...toProblem(error) } }).catch(() => undefined);
  const workspace = await findFirstWorkspace(pool).catch(() => null);
  if (!workspace) return error;
  await insertAlert(pool, {
    id: newId('alert'),
    workspaceId: workspace.id,
    event: 'backup.failed',
    subject: id,
    title: 'The backup failed',
    detail: `${error.detail} The backups made before are still there.`,
    link: '/settings/backups',
  }).catch(() => undefined);
  return error;
}
