import { testDatabase, type TestDatabase } from '@holdfast/test-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeSchema } from './describe-schema.ts';
import { migrate } from './migrate.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

describe('the migrations', () => {
  test('produce the schema that is committed', async () => {
    await expect(await describeSchema(database.pool)).toMatchFileSnapshot('../schema.sql');
  });

  test('are applied once, also when several processes start at once', async () => {
    expect((await Promise.all([migrate(database.pool), migrate(database.pool), migrate(database.pool)])).flat()).toEqual([]);
  });

  test('give every table of a customer its workspace', async () => {
    // They belong to no customer: the machinery's own, and people, who may be in several workspaces.
    const ofNobody = [
      'accounts',
      'backup_plan',
      'backups',
      'leases',
      'migrations',
      'send_counts',
      'sessions',
      'sign_in_tries',
      'temporal_birth',
      'throttles',
      'users',
      'verifications',
      'workspaces',
    ];
    const { rows } = await database.pool.query<{ name: string }>(
      `select c.relname as name from pg_class c where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
          and not exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id') order by 1`,
    );
    expect(rows.map((row) => row.name)).toEqual(ofNobody);
  });
});
