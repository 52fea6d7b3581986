import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  applyMigrations,
  copyTarget,
  dropEverything,
  holdRestoredKept,
  listMigrations,
  moveCounter,
  transaction,
  type Pool,
  type PoolClient,
} from '@holdfast/db';
import { HoldfastError, say } from '@holdfast/errors';
import { from as copyFrom, type CopyStreamQuery } from 'pg-copy-streams';
import type { ArchiveHeader } from './archive-format.ts';
import { readArchive } from './read-archive.ts';

/**
 * Puts a database back to what an archive holds, and then on to this version's tables. One transaction: a damaged archive, a cut connection or a
 * full disk leaves everything as it was. Throws backup.damaged and backup.newer.
 */
export async function restoreArchive(pool: Pool, bytes: Readable): Promise<{ madeAt: string; rows: number }> {
  return transaction(pool, async (client) => {
    const filling = createFilling(client);
    try {
      const { header, rows } = await readArchive(bytes, {
        header: async (header) => {
          await prepare(client, header);
          filling.expect(header.tables);
        },
        rows: filling.add,
      });
      await filling.finish();
      for (const { name, counters } of header.tables) for (const column of counters) await moveCounter(client, { table: name, column });
      await applyMigrations(client, await listMigrations());
      await holdRestoredKept(client);
      return { madeAt: header.madeAt, rows };
    } catch (error) {
      await filling.abort();
      throw error;
    }
  });
}

/** An empty database with the tables that the backup was made of. */
async function prepare(client: PoolClient, header: ArchiveHeader): Promise<void> {
  const known = new Set(await listMigrations());
  const unknown = header.migrations.filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new HoldfastError('backup.newer', {
      detail: say`This backup was made by Holdfast ${header.version}, which is newer than this one. Nothing was changed.`,
      hint: 'Update Holdfast and restore again.',
    });
  await dropEverything(client);
  await applyMigrations(client, header.migrations);
}

/** Parts of one table go into one COPY, so that the table's references are checked once, at its end. */
function createFilling(client: PoolClient) {
  let tables: ArchiveHeader['tables'] = [];
  let open: { name: string; stream: CopyStreamQuery } | null = null;
  const finish = async () => {
    if (!open) return;
    const { stream } = open;
    open = null;
    const done = new Promise<void>((resolve, reject) => stream.once('finish', resolve).once('error', reject));
    stream.end();
    await done;
  };
  return {
    expect: (given: ArchiveHeader['tables']) => {
      tables = given;
    },
    add: async (name: string, part: AsyncIterable<Buffer>) => {
      if (open?.name !== name) {
        await finish();
        const table = tables.find((each) => each.name === name);
        if (!table)
          throw new HoldfastError('backup.damaged', {
            detail: say`This backup holds rows of a table "${name}" that it does not describe.`,
          });
        open = { name, stream: client.query(copyFrom(`copy ${copyTarget(table)} from stdin`)) };
      }
      await pipeline(part, open.stream, { end: false });
    },
    finish,
    /** PostgreSQL hears nothing else on this connection before the COPY has ended. */
    abort: async () => {
      if (!open) return;
      const { stream } = open;
      open = null;
      const closed = new Promise((resolve) => stream.once('close', resolve));
      stream.on('error', () => undefined).destroy(new Error('The backup could not be read to its end.'));
      await closed;
    },
  };
}
