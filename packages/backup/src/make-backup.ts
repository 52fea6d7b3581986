import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pool } from '@holdfast/db';
import { HoldfastError } from '@holdfast/errors';
import { readArchive } from './read-archive.ts';
import { backupName, type BackupStorage } from './storage.ts';
import { writeArchive } from './write-archive.ts';

export interface MadeBackup {
  name: string;
  sizeBytes: number;
  sha256: string;
  rows: number;
}

/**
 * Writes a backup, reads it back from where it is kept, and compares every byte: only what can be read again is a backup. One that can't is
 * removed. Throws backup.storage and backup.damaged, and what the database says.
 */
export async function makeBackup(args: { pool: Pool; storage: BackupStorage; version: string; at: Date }): Promise<MadeBackup> {
  const { pool, storage, version, at } = args;
  const name = backupName(at);
  const archive = writeArchive(pool, { version, at });
  const counted = counting();
  const sent = pipeline(archive.bytes, counted.stream);
  try {
    await Promise.all([storage.put(name, counted.stream), sent, archive.rows]);
  } catch (error) {
    counted.stream.destroy();
    await Promise.allSettled([sent, archive.rows]);
    throw error;
  }
  try {
    const back = counting();
    const [{ rows }] = await Promise.all([readArchive(back.stream), pipeline(await storage.get(name), back.stream)]);
    if (back.sha256() !== counted.sha256() || rows !== (await archive.rows))
      throw new HoldfastError('backup.damaged', { detail: 'What was read back is not what was written.' });
    return { name, sizeBytes: counted.size(), sha256: counted.sha256(), rows };
  } catch (error) {
    await storage.remove(name).catch(() => undefined);
    throw error;
  }
}

/** Backups beyond the newest `keep` go; answers their names. */
export async function pruneBackups(storage: BackupStorage, keep: number): Promise<string[]> {
  const old = (await storage.list()).slice(keep).map(({ name }) => name);
  for (const name of old) await storage.remove(name);
  return old;
}

/** Passes bytes on and remembers how many and which. */
function counting(): { stream: Transform; size: () => number; sha256: () => string } {
  const hash = createHash('sha256');
  let size = 0;
  const stream = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, size: () => size, sha256: () => hash.copy().digest('hex') };
}
