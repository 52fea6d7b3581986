import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { HoldfastError, say } from '@holdfast/errors';
import { isBackupName, type BackupStorage } from './storage.ts';

/** A folder of this machine, for `holdfast backup` without object storage. */
export function createFolderStorage(folder: string): BackupStorage {
  return {
    location: folder,
    put: async (name, bytes) => {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const draft = join(folder, `.${name}.part`);
      try {
        await pipeline(bytes, createWriteStream(draft, { mode: 0o600, flush: true }));
        await rename(draft, join(folder, name));
      } finally {
        await rm(draft, { force: true });
      }
    },
    get: async (name) => {
      const path = join(folder, name);
      await stat(path).catch(() => {
        throw new HoldfastError('backup.missing', { detail: say`There is no file ${path}.`, hint: 'Give the path of a backup file.' });
      });
      return createReadStream(path);
    },
    list: async () => {
      const names = (await readdir(folder).catch(() => [])).filter(isBackupName).toSorted().toReversed();
      return Promise.all(
        names.map(async (name) => {
          const { size, mtime } = await stat(join(folder, name));
          return { name, sizeBytes: size, at: mtime };
        }),
      );
    },
    remove: (name) => rm(join(folder, name), { force: true }),
    close: () => undefined,
  };
}
