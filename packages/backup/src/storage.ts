import type { Readable } from 'node:stream';

export interface StoredBackup {
  name: string;
  sizeBytes: number;
  at: Date;
}

/** Where backups are kept. Names are those that `backupName` makes; other files there are left alone. */
export interface BackupStorage {
  /** For people: the bucket or the folder. */
  location: string;
  put: (name: string, bytes: Readable) => Promise<void>;
  /** Throws backup.missing. */
  get: (name: string) => Promise<Readable>;
  /** Newest first. */
  list: () => Promise<StoredBackup[]>;
  remove: (name: string) => Promise<void>;
  close: () => void;
}

const pattern = /^holdfast-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.tar\.gz$/;
export const backupName = (at: Date): string => `holdfast-${at.toISOString().slice(0, 19).replaceAll(':', '-')}Z.tar.gz`;
export const isBackupName = (name: string): boolean => pattern.test(name);
