export * from './folder-storage.ts';
export * from './make-backup.ts';
export * from './restore-archive.ts';
export * from './s3-storage.ts';
export * from './storage.ts';
