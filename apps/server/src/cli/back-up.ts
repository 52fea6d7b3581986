import { join } from 'node:path';
import { createFolderStorage } from '@holdfast/backup';
import { createPool, findFirstWorkspace, insertAudit, loadBackupPlan } from '@holdfast/db';
import { createSecrets } from '@holdfast/secrets';
import { pino } from 'pino';
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
  const secrets = () => createSecrets({ secretKey, dataDir });
  const chosen = folder === undefined ? await findStorage(pool, secrets, process.env) : null;
  const storage = chosen ?? createFolderStorage(folder ?? join(dataDir, 'backups'));
  try {
    const keep = (await loadBackupPlan(pool))?.keep ?? 14;
    const order = { storage, trigger: 'command' as const, by: 'command line', keep };
    const deps = { pool, databaseUrl, version: readVersion(), process: null, logger: pino({ level: 'silent' }) };
    const name = await (await beginOneBackup(deps, order)).finished;
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
