import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startLease } from './lease.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const rows = async () => (await database.pool.query<{ process: string; kind: string }>('select process, kind from leases')).rows;
/** The whole process stands still, as with SIGSTOP. */
const freeze = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

test('a process is listed while it lives and gone when it stops', async () => {
  const lease = startLease({ pool: database.pool, kind: 'worker', log });
  await expect.poll(rows).toEqual([{ process: lease.process, kind: 'worker' }]);
  expect(lease.isAlive()).toBe(true);
  await lease.stop();
  expect(await rows()).toEqual([]);
});

test('a process that stood still knows that it may have been replaced, before it does anything else', async () => {
  let ends = 0;
  const lease = startLease({ pool: database.pool, kind: 'app', log, maxLateMs: 50, onLate: () => void ends++ });
  freeze(1_200);
  // Nothing was executed under it yet: that was a slow start.
  expect(lease.isAlive()).toBe(true);
  freeze(1_200);
  expect(lease.isAlive()).toBe(false);
  expect(lease.isAlive()).toBe(false);
  expect(ends).toBe(1);
  await lease.stop();
});

test('a database that does not answer is no reason to end', async () => {
  const pool = { query: () => Promise.reject(new Error('Connection terminated')) };
  const lease = startLease({
    pool: Object.assign(Object.create(database.pool), pool),
    kind: 'app',
    log,
    onLate: () => expect.unreachable('it was not frozen'),
  });
  await Promise.resolve();
  expect(lease.isAlive()).toBe(true);
  await lease.stop();
});

test.each([
  ['whose beat is too late by the database’s clock', `update leases set seen_at = now() - interval '1 minute'`],
  ['whose lease is gone', 'delete from leases'],
])('a process %s does nothing more, though its own clock saw nothing', async (_name, change) => {
  let ends = 0;
  const lease = startLease({ pool: database.pool, kind: 'app', log, onLate: () => void ends++ });
  await expect.poll(rows).toEqual([{ process: lease.process, kind: 'app' }]);
  await database.pool.query(change);
  await expect.poll(() => ends).toBe(1);
  expect(lease.isAlive()).toBe(false);
  await lease.stop();
});
