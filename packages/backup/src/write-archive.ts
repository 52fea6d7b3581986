import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { createGzip } from 'node:zlib';
import { copyTarget, listAppliedMigrations, listStoredTables, type Pool, type PoolClient, type StoredTable } from '@holdfast/db';
import { to as copyTo } from 'pg-copy-streams';
import { pack, type Pack } from 'tar-stream';
import { contentsName, headerName, maxPartBytes, partName, type ArchiveContents, type ArchiveHeader } from './archive-format.ts';
import { tableOrder } from './table-order.ts';

export interface WrittenArchive {
  /** The archive's bytes; errors of the database end it with that error. */
  bytes: Readable;
  /** Rows of all tables, once the last byte was read. */
  rows: Promise<number>;
}

/**
 * Everything that a database holds, as it stood at one moment, while work goes on. Memory stays within a few parts of 4 MB. `pool` must be one
 * without a limit on how long a statement may take.
 */
export function writeArchive(pool: Pool, made: { version: string; at: Date }): WrittenArchive {
  const tar = pack();
  const bytes = tar.pipe(createGzip({ level: 6 }));
  const rows = dump(pool, tar, made).catch((error: unknown) => {
    bytes.destroy(error instanceof Error ? error : new Error(String(error)));
    throw error;
  });
  // Whoever reads the bytes learns of it there; who stops reading stops the writing.
  rows.catch(() => undefined);
  bytes.once('close', () => tar.destroy());
  return { bytes, rows };
}

async function dump(pool: Pool, tar: Pack, { version, at }: { version: string; at: Date }): Promise<number> {
  const client = await pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const tables = tableOrder(await listStoredTables(client));
    const header: ArchiveHeader = {
      format: 'holdfast.backup/1',
      madeAt: at.toISOString(),
      version,
      migrations: await listAppliedMigrations(client),
      tables: tables.map(({ name, columns, counters }) => ({ name, columns, counters })),
    };
    await addEntry(tar, headerName, Buffer.from(JSON.stringify(header, null, 2)));
    const contents: ArchiveContents = { tables: [] };
    for (const table of tables) contents.tables.push(await dumpTable(client, tar, table));
    await addEntry(tar, contentsName, Buffer.from(JSON.stringify(contents, null, 2)));
    tar.finalize();
    await client.query('commit');
    return contents.tables.reduce((sum, table) => sum + table.rows, 0);
  } finally {
    // Ends the transaction too, whatever became of it.
    client.release(true);
  }
}

async function dumpTable(client: PoolClient, tar: Pack, table: StoredTable): Promise<ArchiveContents['tables'][number]> {
  const source = client.query(copyTo(`copy ${copyTarget(table)} to stdout`));
  const hash = createHash('sha256');
  let held: Buffer[] = [];
  let size = 0;
  let parts = 0;
  const write = async () => {
    await addEntry(tar, partName(table.name, ++parts), Buffer.concat(held));
    held = [];
    size = 0;
  };
  // as: without an encoding a stream yields buffers
  for await (const chunk of source as AsyncIterable<Buffer>) {
    hash.update(chunk);
    held.push(chunk);
    size += chunk.length;
    if (size >= maxPartBytes) await write();
  }
  if (size > 0) await write();
  return { name: table.name, rows: source.rowCount, sha256: hash.digest('hex') };
}

/** Waits until the reader has made room. Throws when nobody reads any more. */
const addEntry = (tar: Pack, name: string, content: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    tar.entry({ name, size: content.length }, content, (error) => (error ? reject(error) : resolve()));
  });
