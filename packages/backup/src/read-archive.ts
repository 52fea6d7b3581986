import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { HoldfastError, say } from '@holdfast/errors';
import { extract } from 'tar-stream';
import { archiveContents, archiveHeader, contentsName, headerName, tableOfPart, type ArchiveHeader } from './archive-format.ts';

/** What somebody does with an archive while it is read. */
export interface ArchiveReader {
  header: (header: ArchiveHeader) => Promise<void>;
  /** Some rows of a table; all those of one table come one after another. */
  rows: (table: string, part: AsyncIterable<Buffer>) => Promise<void>;
}

async function drain(_table: string, part: AsyncIterable<Buffer>): Promise<void> {
  for await (const _ of part);
}
const justLooks: ArchiveReader = { header: async () => undefined, rows: drain };

/**
 * Reads an archive from its first to its last byte. Throws backup.damaged when it is not whole: cut off, changed, or none of ours. Only then is
 * everything that the reader was given to be trusted.
 */
export async function readArchive(bytes: Readable, reader: ArchiveReader = justLooks): Promise<{ header: ArchiveHeader; rows: number }> {
  const entries = extract();
  const hashes = new Map<string, Hash>();
  let header: ArchiveHeader | null = null;
  let rows: number | null = null;
  const reading = (async () => {
    for await (const entry of entries) {
      const table = tableOfPart(entry.header.name);
      if (entry.header.name === headerName) {
        header = archiveHeader.parse(JSON.parse(await text(bytesOf(entry))));
        await reader.header(header);
      } else if (entry.header.name === contentsName) rows = checkContents(await text(bytesOf(entry)), hashes);
      else if (table !== null && header !== null) {
        const hash = hashes.get(table) ?? createHash('sha256');
        hashes.set(table, hash);
        await reader.rows(table, hashed(entry, hash));
      } else throw damaged(`it holds "${entry.header.name}"`);
    }
  })();
  try {
    await Promise.all([pipeline(bytes, createGunzip(), entries), reading]);
  } catch (error) {
    await reading.catch(() => undefined);
    throw asDamage(error);
  }
  if (header === null || rows === null) throw damaged('it ends before its list of contents');
  return { header, rows };
}

async function* hashed(part: AsyncIterable<unknown>, hash: Hash): AsyncGenerator<Buffer> {
  for await (const chunk of bytesOf(part)) {
    hash.update(chunk);
    yield chunk;
  }
}

/** tar-stream's entries yield buffers, which its types leave open. */
const bytesOf = (part: AsyncIterable<unknown>): AsyncIterable<Buffer> => part as AsyncIterable<Buffer>; // as: see above

function checkContents(json: string, hashes: ReadonlyMap<string, Hash>): number {
  const contents = archiveContents.parse(JSON.parse(json));
  const empty = createHash('sha256').digest('hex');
  for (const { name, sha256 } of contents.tables)
    if ((hashes.get(name)?.copy().digest('hex') ?? empty) !== sha256)
      throw damaged(`the rows of "${name}" are not those that were written`);
  return contents.tables.reduce((sum, table) => sum + table.rows, 0);
}

const damaged = (what: string): HoldfastError =>
  new HoldfastError('backup.damaged', { detail: say`This backup can’t be used: ${what}.`, hint: 'Take another one. Nothing was changed.' });

/** What gzip, tar, JSON and the format say of bytes that are not theirs; the database's and the network's own errors stay what they are. */
function asDamage(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const isFormat =
    ('code' in error && typeof error.code === 'string' && /^Z_|^ERR_STREAM_PREMATURE_CLOSE$/.test(error.code)) ||
    error instanceof SyntaxError ||
    error.name === 'ZodError' ||
    /tar|Unexpected end of data/i.test(error.message);
  return isFormat && !(error instanceof HoldfastError) ? damaged(error.message) : error;
}
