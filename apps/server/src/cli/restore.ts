import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createFolderStorage, restoreArchive, type BackupStorage } from '@holdfast/backup';
import { countPeople, createPool, findLivingProcess, listSealingKeys, type Pool } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import { createSecrets, type Secrets } from '@holdfast/secrets';
import { findStorage } from '../backups/storage-settings.ts';
import { readServerSettings } from '../server-settings.ts';

export interface Restore {
  databaseUrl: string;
  dataDir: string;
  /** `latest`, a backup's name in the storage, or a file. */
  from: string;
  /** What is in the database now may be lost. */
  replaces: boolean;
}

export interface Restored {
  name: string;
  location: string;
  madeAt: string;
  rows: number;
  /** Keys that sealed something in it and that this installation does not have: those secrets can't be opened. */
  missingKeys: string[];
}

/** Puts the database back to a backup. Throws resource.conflict while Holdfast runs or when there is something to lose, and what packages/backup throws. */
export async function restore({ databaseUrl, dataDir, from, replaces }: Restore): Promise<Restored> {
  const pool = createPool(databaseUrl, { max: 2, name: 'holdfast-cli' });
  const { secretKey } = readServerSettings(process.env);
  const secrets = () => createSecrets({ secretKey, dataDir });
  try {
    await refuseWhileInUse(pool, replaces);
    const { storage, name } = await choose(pool, { from, dataDir, secrets });
    try {
      const { madeAt, rows } = await restoreArchive(pool, await storage.get(name));
      const missingKeys = (await listSealingKeys(pool)).filter((key) => key !== secrets().keyId);
      return { name, location: storage.location, madeAt, rows, missingKeys };
    } finally {
      storage.close();
    }
  } finally {
    await pool.end();
  }
}

async function refuseWhileInUse(pool: Pool, replaces: boolean): Promise<void> {
  const living = await findLivingProcess(pool);
  if (living !== null)
    throw new HoldfastError('resource.conflict', {
      detail: `Holdfast works with this database (a process of kind "${living}" beat a moment ago). Nothing was changed.`,
      hint: 'Stop it everywhere, wait ten seconds, and restore again.',
    });
  const people = await countPeople(pool);
  if (people > 0 && !replaces)
    throw new HoldfastError('resource.conflict', {
      detail: `This database is in use: ${people} ${people === 1 ? 'person has' : 'people have'} an account here. Nothing was changed.`,
      hint: 'To replace everything in it, say so: add --replace.',
    });
}

async function choose(
  pool: Pool,
  { from, dataDir, secrets }: { from: string; dataDir: string; secrets: () => Secrets },
): Promise<{ storage: BackupStorage; name: string }> {
  const isFile = await stat(from).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isFile) return { storage: createFolderStorage(dirname(from)), name: basename(from) };
  const storage = (await findStorage(pool, secrets, process.env)) ?? createFolderStorage(join(dataDir, 'backups'));
  const stored = await storage.list();
  const chosen = from === 'latest' ? stored[0] : stored.find(({ name }) => name === from);
  if (chosen) return { storage, name: chosen.name };
  storage.close();
  const known = stored.slice(0, 5).map(({ name }) => name);
  throw new HoldfastError('backup.missing', {
    detail: from === 'latest' ? `There is no backup in ${storage.location}.` : `There is no backup "${from}" in ${storage.location}.`,
    hint:
      known.length > 0
        ? `There are: ${known.join(', ')}.`
        : 'Give the path of a backup file, or set HOLDFAST_BACKUP_S3_BUCKET and its companions.',
  });
}
