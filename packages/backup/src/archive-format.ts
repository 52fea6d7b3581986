import { z } from 'zod';

/**
 * A backup is a gzipped tar, so that any computer can open it: `backup.json` (this header), then each table's rows as
 * `tables/<name>/<number>.copy` in PostgreSQL's COPY text format, cut anywhere into parts of at most 4 MB, then `contents.json`.
 */
export const archiveHeader = z.object({
  format: z.literal('holdfast.backup/1'),
  madeAt: z.iso.datetime(),
  /** The product's version that made it. */
  version: z.string(),
  migrations: z.array(z.string()),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()), counters: z.array(z.string()) })),
});
export type ArchiveHeader = z.infer<typeof archiveHeader>;

/** What must have come out when the last byte is read. */
export const archiveContents = z.object({
  tables: z.array(z.object({ name: z.string(), rows: z.number().int(), sha256: z.string() })),
});
export type ArchiveContents = z.infer<typeof archiveContents>;

export const headerName = 'backup.json';
export const contentsName = 'contents.json';
export const maxPartBytes = 4 * 1024 * 1024;
export const partName = (table: string, part: number): string => `tables/${table}/${String(part).padStart(6, '0')}.copy`;
export const tableOfPart = (name: string): string | null => /^tables\/([^/]+)\/\d{6}\.copy$/.exec(name)?.[1] ?? null;
