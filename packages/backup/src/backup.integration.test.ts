import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { backupStorage } from '@holdfast/contracts';
import { listStoredTables, newId, type Pool } from '@holdfast/db';
import { startS3Server, testDatabase, type TestDatabase, type TestS3 } from '@holdfast/test-kit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createFolderStorage } from './folder-storage.ts';
import { makeBackup, pruneBackups } from './make-backup.ts';
import { readArchive } from './read-archive.ts';
import { restoreArchive } from './restore-archive.ts';
import { createS3Storage } from './s3-storage.ts';
import { backupName, type BackupStorage } from './storage.ts';
import { tableOrder } from './table-order.ts';
import { writeArchive } from './write-archive.ts';

let s3: TestS3;
let database: TestDatabase;
beforeAll(async () => {
  [s3, database] = await Promise.all([startS3Server(), testDatabase()]);
}, 300_000);
afterAll(() => Promise.all([s3.close(), database.close()]));
beforeEach(() => database.empty());

const storageOf = (given: { prefix: string; bucket?: string; secret?: string; endpoint?: string }): BackupStorage => {
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = s3;
  const { secret = secretAccessKey, ...rest } = given;
  return createS3Storage(backupStorage.parse({ endpoint, region, bucket, accessKeyId, ...rest }), secret);
};
const at = (minute: number): Date => new Date(Date.UTC(2026, 10, 23, 4, minute));
const version = '0.1.0';

/** A shop with messages in odd characters, a run with its journal and a file of noise. */
async function fill(pool: Pool, { messages = 50, fileBytes = 8_192 } = {}): Promise<void> {
  const [ws, channel, contact, conversation, flow] = [
    newId('workspace'),
    newId('channel'),
    newId('contact'),
    newId('conversation'),
    newId('flow'),
  ];
  await pool.query(`insert into workspaces (id, name, slug) values ($1, 'Muñoz \\ Söhne', $1)`, [ws]);
  await pool.query(`insert into channels (id, workspace_id, kind, name) values ($1, $2, 'simulator', 'Simulator')`, [channel, ws]);
  await pool.query(`insert into contacts (id, workspace_id, name, attributes) values ($1, $2, 'Ana', '{"a\\tb": null}')`, [contact, ws]);
  await pool.query(`insert into conversations (id, workspace_id, channel_id, contact_id, address) values ($1, $2, $3, $4, 'ana')`, [
    conversation,
    ws,
    channel,
    contact,
  ]);
  await pool.query(
    `insert into messages (id, workspace_id, conversation_id, direction, author, text, status, cost_microusd)
       select 'msg_' || n, $1, $2, 'in', 'customer', E'tab\\there\\nnext 👩‍👩‍👧 \\\\. ' || n, 'received', nullif(n, 3) from generate_series(1, $3::int) n`,
    [ws, conversation, messages],
  );
  await pool.query(`insert into flows (id, workspace_id, name, draft) values ($1, $2, 'Flow', '{}')`, [flow, ws]);
  await pool.query(
    `insert into runs (id, workspace_id, flow_id, version_id, trigger_node_id, lane, source, input) values ('run_1', $1, $2, 'v', 'start', 'temporal', 'manual', '{}')`,
    [ws, flow],
  );
  await pool.query(`insert into journal (run_id, workspace_id, kind, epoch, entry) values ('run_1', $1, 'run-started', 1, '{}')`, [ws]);
  const noise = Buffer.concat(Array.from({ length: fileBytes / 32 }, (_, index) => createHash('sha256').update(String(index)).digest()));
  await pool.query(
    `insert into files (id, workspace_id, name, mime_type, size_bytes, sha256, content) values ('file_1', $1, 'noise', 'image/png', $2, '', $3)`,
    [ws, noise.length, noise],
  );
}

/** Every row of every table that a backup holds, as PostgreSQL prints it. */
async function everything(pool: Pool): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { name } of tableOrder(await listStoredTables(pool))) {
    const { rows } = await pool.query<{ rows: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, chr(10) order by t::text)), '') as rows from "${name}" t`,
    );
    found[name] = rows[0]?.rows ?? '';
  }
  return found;
}

test('after backup, wipe and restore the store is equal, row for row, and goes on counting', async () => {
  // Enough for several parts of the archive and of the upload.
  await fill(database.pool, { fileBytes: 9 * 1_048_576 });
  const before = await everything(database.pool);
  const storage = storageOf({ prefix: 'equal/' });
  const made = await makeBackup({ pool: database.pool, storage, version, at: at(0) });
  expect(await storage.list()).toEqual([expect.objectContaining({ name: made.name, sizeBytes: made.sizeBytes })]);

  await database.pool.query('truncate workspaces cascade');
  const { rows } = await restoreArchive(database.pool, await storage.get(made.name));
  expect([rows, await everything(database.pool)]).toEqual([made.rows, before]);
  await database.pool.query(
    `insert into journal (run_id, workspace_id, kind, epoch, entry) select 'run_1', workspace_id, 'paused', 1, '{}' from runs`,
  );
});

test('an empty database on another machine gets everything too', async () => {
  await fill(database.pool);
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-backup-'));
  const fresh = await testDatabase();
  try {
    const storage = createFolderStorage(folder);
    const { name } = await makeBackup({ pool: database.pool, storage, version, at: at(1) });
    await fresh.pool.query('drop schema public cascade; create schema public');
    await restoreArchive(fresh.pool, await storage.get(name));
    expect(await everything(fresh.pool)).toEqual(await everything(database.pool));
  } finally {
    await fresh.close();
    await rm(folder, { recursive: true });
  }
});

test('a backup holds one moment: what is written meanwhile is in it whole or not at all', async () => {
  await fill(database.pool, { messages: 2_000 });
  const archive = writeArchive(database.pool, { version, at: at(2) });
  const bytes = buffer(archive.bytes);
  await database.pool.query(`update messages set text = 'changed meanwhile'`);
  const whole = await bytes;
  await restoreArchive(database.pool, Readable.from([whole]));
  const texts = await database.pool.query('select distinct text = $1 as changed from messages', ['changed meanwhile']);
  expect(texts.rows).toHaveLength(1);
});

test.each([
  ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 2_000)],
  ['changed in one byte', (bytes: Buffer) => bytes.map((byte, index) => (index === 3_000 ? byte ^ 1 : byte))],
  ['no backup at all', () => Buffer.from('<html>Sign in to continue</html>')],
])('an archive that is %s is refused, and nothing is changed', async (_, damage) => {
  await fill(database.pool);
  const before = await everything(database.pool);
  const whole = await buffer(writeArchive(database.pool, { version, at: at(3) }).bytes);
  await expect(restoreArchive(database.pool, Readable.from([damage(whole)]))).rejects.toMatchObject({ code: 'backup.damaged' });
  expect(await everything(database.pool)).toEqual(before);
});

test('what the storage spoils on the way is noticed, and does not stay as a backup', async () => {
  await fill(database.pool);
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-backup-'));
  const plain = createFolderStorage(folder);
  const spoiling: BackupStorage = {
    ...plain,
    put: async (name, bytes) => {
      await plain.put(name, bytes);
      const content = await readFile(join(folder, name));
      await writeFile(join(folder, name), content.subarray(0, content.length - 1));
    },
  };
  await expect(makeBackup({ pool: database.pool, storage: spoiling, version, at: at(4) })).rejects.toMatchObject({
    code: 'backup.damaged',
  });
  expect(await plain.list()).toEqual([]);
  await rm(folder, { recursive: true });
});

test('only the newest are kept, and other files beside them are left alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-backup-'));
  const storage = createFolderStorage(folder);
  for (const minute of [1, 2, 3]) await storage.put(backupName(at(minute)), Readable.from(['x']));
  await writeFile(join(folder, 'holiday.jpg'), 'x');
  expect(await pruneBackups(storage, 2)).toEqual([backupName(at(1))]);
  expect(await buffer(createReadStream(join(folder, 'holiday.jpg')))).toHaveLength(1);
  await rm(folder, { recursive: true });
});

test('a backup of a newer version is refused before anything is touched', async () => {
  await fill(database.pool);
  await database.pool.query(`insert into migrations (name) values ('9999_of_tomorrow.sql')`);
  const whole = await buffer(writeArchive(database.pool, { version: '9.0.0', at: at(5) }).bytes);
  const before = await everything(database.pool);
  await expect(restoreArchive(database.pool, Readable.from([whole]))).rejects.toMatchObject({
    code: 'backup.newer',
    message: expect.stringContaining('9.0.0'),
  });
  expect(await everything(database.pool)).toEqual(before);
  await database.pool.query(`delete from migrations where name = '9999_of_tomorrow.sql'`);
});

test.each([
  ['a wrong secret', { secret: 'wrong' }, /secret of this access key/],
  ['a bucket that is not there', { bucket: 'no-such-bucket' }, /no bucket "no-such-bucket"/],
  ['a server that is not there', { endpoint: 'http://127.0.0.1:1' }, /can’t be reached/],
])('%s is told in a sentence', async (_, wrong, sentence) => {
  const storage = storageOf({ prefix: 'wrong/', ...wrong });
  await expect(makeBackup({ pool: database.pool, storage, version, at: at(6) })).rejects.toMatchObject({
    code: 'backup.storage',
    message: expect.stringMatching(sentence),
  });
});

test('a backup that is gone is missing, not broken', async () => {
  await expect(storageOf({ prefix: 'gone/' }).get(backupName(at(7)))).rejects.toMatchObject({ code: 'backup.missing' });
});

test('the header says which tables in which order, each after those it refers to', async () => {
  const { header } = await readArchive(writeArchive(database.pool, { version, at: at(8) }).bytes);
  const names = header.tables.map(({ name }) => name);
  expect(names).not.toContain('sessions');
  expect(names.indexOf('messages')).toBeGreaterThan(names.indexOf('conversations'));
});
