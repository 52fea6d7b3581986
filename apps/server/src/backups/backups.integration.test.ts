import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool, insertWorkspace, listBackups, loadBackupPlan, newId, saveBackupPlan, takeDueBackup } from '@holdfast/db';
import { startS3Server, testDatabase, type TestS3 } from '@holdfast/test-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { backUp } from '../cli/back-up.ts';
import { restore } from '../cli/restore.ts';
import { startTestServer, type TestServer } from '../test/test-server.ts';
import { waitUntil } from '../test/wait-until.ts';

let s3: TestS3;
let server: TestServer;
beforeAll(async () => {
  [s3, server] = await Promise.all([startS3Server(), startTestServer()]);
}, 300_000);
afterAll(async () => {
  await server.close();
  await s3.close();
});

const planOf = (given: object = {}) => {
  const { endpoint, region, bucket, accessKeyId, secretAccessKey } = s3;
  return { storage: { endpoint, region, bucket, accessKeyId, ...given }, secretAccessKey };
};

test('a storage that does not take the key is refused with a sentence, and nothing is saved', async () => {
  const answer = await server.owner.call('PUT', '/api/backups/plan', { ...planOf(), secretAccessKey: 'another-secret' });
  expect([answer.status, answer.body.code, answer.body.detail]).toEqual([502, 'backup.storage', expect.stringContaining('secret')]);
  expect(await loadBackupPlan(server.pool)).toBeNull();
});

test('a time that never comes is refused at its field', async () => {
  const answer = await server.owner.call('PUT', '/api/backups/plan', { ...planOf(), cron: '0 0 31 2 *' });
  expect([answer.status, answer.body.path]).toEqual([400, 'cron']);
});

test('a saved plan never shows its secret, keeps it, and gives it to no other address', async () => {
  const saved = await server.owner.call('PUT', '/api/backups/plan', planOf());
  expect([saved.status, saved.body.cron, saved.body.nextAt]).toEqual([200, '0 3 * * *', expect.stringMatching(/T03:00:00/)]);
  const { secretAccessKey: _, ...unchanged } = planOf();
  expect((await server.owner.call('PUT', '/api/backups/plan', { ...unchanged, keep: 3 })).body.keep).toBe(3);
  const elsewhere = await server.owner.call('PUT', '/api/backups/plan', {
    storage: { ...unchanged.storage, endpoint: 'http://127.0.0.1:9' },
  });
  expect([elsewhere.status, elsewhere.body.path]).toEqual([400, 'secretAccessKey']);
  const all = JSON.stringify((await server.owner.call('GET', '/api/backups')).body);
  expect(all).not.toContain(s3.secretAccessKey);
});

test('a backup made now is read back, listed with its size, and lies in the storage', async () => {
  const begun = await server.owner.call('POST', '/api/backups', {});
  expect(begun.status).toBe(202);
  const made = await waitUntil(async () => {
    const { items } = (await server.owner.call('GET', '/api/backups')).body;
    return items.find((item: { id: string; state: string }) => item.id === begun.body.id && item.state !== 'running');
  });
  expect(made).toMatchObject({ state: 'done', trigger: 'person', location: `s3://${s3.bucket}/holdfast/`, problem: null });
  expect(made.rows).toBeGreaterThan(0);
});

test('only owners of the first workspace see to backups, since they hold all workspaces', async () => {
  const other = await server.withSession('owner', await server.addWorkspace('Another firm'));
  const admin = await server.withKey('admin');
  expect((await other.call('GET', '/api/backups')).status).toBe(403);
  expect((await admin.call('POST', '/api/backups', {})).status).toBe(403);
});

test('a backup that is due is taken by one of two servers that look', async () => {
  const database = await testDatabase();
  try {
    const due = new Date(Date.now() - 60_000);
    const plan = { storage: {}, secret: Buffer.of(), keyId: 'k', cron: '0 3 * * *', timezone: 'UTC', keep: 7, isEnabled: true };
    await saveBackupPlan(database.pool, { ...plan, nextAt: due, updatedBy: 'Ana' });
    const next = new Date(Date.now() + 86_400_000);
    const taken = await Promise.all([1, 2].map(() => takeDueBackup(database.pool, { seen: due.toISOString(), next })));
    expect(taken.filter(Boolean)).toHaveLength(1);
  } finally {
    await database.close();
  }
});

test('the command line backs up into a folder and restores it elsewhere; what is in use is not overwritten unasked', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-restore-'));
  const [from, to] = await Promise.all([testDatabase(), testDatabase()]);
  try {
    const dataDir = join(folder, 'data');
    await insertWorkspace(from.pool, { id: newId('workspace'), name: 'The firm' });
    const { name } = await backUp({ databaseUrl: from.url, dataDir, folder });
    await to.pool.query(`insert into users (id, name, email) values ('user_1', 'Ana', 'ana@example.com')`);
    const order = { databaseUrl: to.url, dataDir, from: join(folder, name) };
    await expect(restore({ ...order, replaces: false })).rejects.toMatchObject({
      code: 'resource.conflict',
      hint: expect.stringContaining('--replace'),
    });
    expect(await restore({ ...order, replaces: true })).toMatchObject({ name, missingKeys: [] });
    const pool = createPool(to.url, { max: 1 });
    expect((await pool.query('select name from workspaces')).rows).toEqual([{ name: 'The firm' }]);
    expect(await listBackups(pool, 10)).toEqual([]);
    await pool.end();
  } finally {
    await Promise.all([from.close(), to.close()]);
    await rm(folder, { recursive: true, force: true });
  }
});

test('while Holdfast works with a database, nothing is restored into it', async () => {
  const order = { databaseUrl: server.databaseUrl, dataDir: server.dataDir, from: 'latest', replaces: true };
  await expect(restore(order)).rejects.toMatchObject({
    code: 'resource.conflict',
    message: expect.stringContaining('works with this database'),
  });
});
