import { join } from 'node:path';
import { createFolderStorage } from '@holdfast/backup';
import { createPool, findFirstWorkspace, insertAudit, loadBackupPlan } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import { createSecrets } from '@holdfast/secrets';
import { beginOneBackup } from '../backups/run-backup.ts';
import { findStorage } from '../backups/storage-settings.ts';
import { readVersion } from '../read-version.ts';
import { readServerSettings } from '../server-settings.ts';

export interface BackUp {
  databaseUrl: string;
  dataDir: string;
  /** A folder instead of the object storage. */
  folder?: string;
}

/** Makes a backup now, also while Holdfast runs. Answers where it is. Throws what kept it from being made. */
export async function backUp({ databaseUrl, dataDir, folder }: BackUp): Promise<{ location: string; name: string }> {
  const pool = createPool(databaseUrl, { max: 2, name: 'holdfast-cli' });
  const { secretKey } = readServerSettings(process.env);
  const secrets = () => createSecrets(secretKey === null ? { dataDir } : { key: secretKey });
  const inFolder = (path: string) => createFolderStorage(path);
  const storage =
    folder === undefined ? ((await findStorage(pool, secrets, process.env)) ?? inFolder(join(dataDir, 'backups'))) : inFolder(folder);
  let failure: unknown;
  try {
    const keep = (await loadBackupPlan(pool))?.keep ?? 14;
    const logger = { info: () => undefined, error: ({ detail }: { detail?: unknown }) => void (failure ??= detail) };
    const order = { storage, trigger: 'command' as const, by: 'command line', keep };
    const name = await (await beginOneBackup({ pool, databaseUrl, version: readVersion(), process: null, logger }, order)).finished;
    if (name === null) throw new HoldfastError('backup.storage', { detail: String(failure) });
    const workspace = await findFirstWorkspace(pool);
    if (workspace)
      await insertAudit(pool, {
        workspaceId: workspace.id,
        actorId: null,
        actorName: 'command line',
        action: 'backup.made',
        subject: name,
        detail: { location: storage.location },
      });
    return { location: storage.location, name };
  } finally {
    storage.close();
    await pool.end();
  }
}
