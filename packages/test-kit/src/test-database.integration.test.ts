import { afterAll, expect, test } from 'vitest';
import { testDatabase } from './test-database.ts';

const one = await testDatabase();
const two = await testDatabase();
afterAll(() => Promise.all([one.close(), two.close()]));

test('a test database is migrated and empty', async () => {
  const { rows } = await one.pool.query('select (select count(*) from migrations) as migrations, (select count(*) from runs) as runs');
  expect(rows[0]).toMatchObject({ runs: 0 });
  expect(rows[0].migrations).toBeGreaterThan(0);
});

test('two test databases share nothing', async () => {
  await one.pool.query('create table mark (id int)');
  const { rows } = await two.pool.query(`select to_regclass('mark') as mark`);
  expect(rows).toEqual([{ mark: null }]);
});
